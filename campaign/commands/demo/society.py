"""The demo's people and groups."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.commands.demo import country
from campaign.commands.demo.scribe import Row, Scribe
from campaign.commands.demo.size import Size
from campaign.commands.demo.words import FIRST_NAMES, SURNAMES, Town
from campaign.foundation import clock, tokens
from campaign.groups import operations as groups
from campaign.groups.models import Group, Membership
from campaign.groups.rules import GroupRole
from campaign.home.rules import DEMO_PEOPLE
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.people.rules import Role
from campaign.places import lookup

CROWD_HOST = "people.example"
ROLES = {
    "admin": Role.ADMINISTRATOR,
    "officer": Role.DATA_OFFICER,
    "moderator": Role.MODERATOR,
    "safeguarding": Role.SAFEGUARDING,
}


class Somebody(NamedTuple):
    """One of the crowd: a hundred thousand of them fit into memory, so many objects would not."""

    id: int
    name: str


@dataclass
class Society:
    """Who there is, for the builders that follow."""

    cast: dict[str, Person]
    crowd: list[Somebody]
    groups: list[Group] = field(default_factory=list)
    towns: dict[int, Town] = field(default_factory=dict)
    convenors: dict[int, int] = field(default_factory=dict)
    members: dict[int, list[Somebody]] = field(default_factory=dict)

    def group(self, slug: str) -> Group:
        """The group with this slug."""
        return next(group for group in self.groups if group.slug == slug)


def settle(scribe: Scribe, *, dice: random.Random, size: Size, data_dir: Path) -> Society:
    """Make the twelve accounts, a crowd, and a group in each town."""
    db = scribe.db
    society = Society(cast=_cast(db), crowd=_crowd(scribe, dice, size.crowd))
    for number, town in enumerate(country.towns(data_dir, size.groups)):
        convenor = society.cast["organiser"]
        if town.slug != "brighton":
            convenor = db.get_one(Person, society.crowd[number].id)
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
        society.convenors[group.id] = convenor.id
    _join(scribe, dice, society, size)
    _place_the_cast(db, society)
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


def _crowd(scribe: Scribe, dice: random.Random, number: int) -> list[Somebody]:
    now = clock.now()

    def row(place: int) -> Row:
        return {
            "public_id": tokens.public_id_by(dice),
            "name": f"{dice.choice(FIRST_NAMES)} {dice.choice(SURNAMES)}",
            "email": f"person{place:06}@{CROWD_HOST}",
            "email_confirmed_at": now,
            "entrusted": False,
            "is_demo": False,
            "made_at": now,
        }

    scribe.write(Person, map(row, range(number)), told=True)
    crowd = select(Person.id, Person.name).where(Person.is_demo.is_(False)).order_by(Person.email)
    return [Somebody(*found) for found in scribe.db.execute(crowd)]


def _join(scribe: Scribe, dice: random.Random, society: Society, size: Size) -> None:
    now = clock.now()
    # The first of the crowd are the convenors of the groups.
    others = society.crowd[len(society.groups) :]
    for group in society.groups:
        society.members[group.id] = dice.sample(others, dice.randint(*size.members))
        rows = (
            {"group_id": group.id, "person_id": one.id, "role": "member", "joined_at": now}
            for one in society.members[group.id]
        )
        scribe.write(Membership, rows)


def _place_the_cast(db: Session, society: Society) -> None:
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
            actor_id=society.convenors[group.id],
        )
