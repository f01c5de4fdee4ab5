"""The demo's people and groups."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaign.commands.demo.words import FIRST_NAMES, SURNAMES, TOWNS, Town
from campaign.foundation import clock, tokens
from campaign.groups import operations as groups
from campaign.groups.models import Group, Membership
from campaign.groups.rules import GroupRole
from campaign.home.rules import DEMO_PEOPLE
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.people.rules import Role
from campaign.places import lookup

CROWD = 700
ROLES = {
    "admin": Role.ADMINISTRATOR,
    "officer": Role.DATA_OFFICER,
    "moderator": Role.MODERATOR,
    "safeguarding": Role.SAFEGUARDING,
}


@dataclass
class Society:
    """Who there is, for the builders that follow."""

    cast: dict[str, Person]
    crowd: list[Person]
    groups: list[Group] = field(default_factory=list)
    towns: dict[int, Town] = field(default_factory=dict)
    convenors: dict[int, Person] = field(default_factory=dict)

    def group(self, slug: str) -> Group:
        """The group with this slug."""
        return next(group for group in self.groups if group.slug == slug)


def settle(db: Session, *, dice: random.Random, data_dir: Path) -> Society:
    """Make the twelve accounts, a crowd, and a group in each town."""
    society = Society(cast=_cast(db), crowd=_crowd(db, dice))
    for number, town in enumerate(TOWNS):
        convenor = society.cast["organiser"] if town.slug == "brighton" else society.crowd[number]
        spot = lookup.find(data_dir, town.postcode)[0]
        group = groups.found(
            db,
            founder=convenor,
            name=town.name,
            place=town.postcode,
            lat=spot.lat,
            lng=spot.lng,
            council=spot.council,
            about=f"Tenants and neighbours in {town.name}. New people are welcome at everything.",
        )
        society.groups.append(group)
        society.towns[group.id] = town
        society.convenors[group.id] = convenor
    _join(db, dice, society)
    return society


def _cast(db: Session) -> dict[str, Person]:
    made = {}
    for one in DEMO_PEOPLE:
        person = people.meet(db, email=one.email, name=one.name)
        person.is_demo, person.email_confirmed_at = True, clock.now()
        made[one.key] = person
        if one.key in ROLES:
            people.grant(db, person=person, role=ROLES[one.key])
    db.flush()
    return made


def _crowd(db: Session, dice: random.Random) -> list[Person]:
    now = clock.now()
    rows = [
        {
            "public_id": tokens.public_id_by(dice),
            "name": f"{dice.choice(FIRST_NAMES)} {dice.choice(SURNAMES)}",
            "email": f"person{number:04}@people.example",
            "email_confirmed_at": now,
            "entrusted": False,
            "is_demo": False,
            "made_at": now,
        }
        for number in range(CROWD)
    ]
    db.execute(insert(Person), rows)
    return list(
        db.scalars(select(Person).where(Person.email.like("person%")).order_by(Person.email))
    )


def _join(db: Session, dice: random.Random, society: Society) -> None:
    now = clock.now()
    rows = []
    for group in society.groups:
        members = dice.sample(society.crowd[len(TOWNS) :], dice.randint(25, 90))
        rows += [
            {
                "group_id": group.id,
                "person_id": person.id,
                "role": "member",
                "joined_at": now,
            }
            for person in members
        ]
    db.execute(insert(Membership), rows)
    placed = {
        "host": ("hove", GroupRole.MEMBER),
        "lead": ("brighton", GroupRole.MEMBER),
        "caller": ("brighton", GroupRole.MEMBER),
        "caller2": ("hove", GroupRole.MEMBER),
        "stranger": ("leeds", GroupRole.MEMBER),
    }
    for key, (slug, role) in placed.items():
        groups.join(db, group=society.group(slug), person_id=society.cast[key].id, role=role)
    for slug in ("brighton", "hove", "lewes", "worthing"):
        group, person = society.group(slug), society.cast["regional"]
        groups.join(db, group=group, person_id=person.id)
        groups.appoint(
            db,
            group=group,
            person_id=person.id,
            role=GroupRole.ORGANISER,
            actor_id=society.convenors[group.id].id,
        )
