"""The cast everyone knows, and small makers: the least a row needs, the rest by keyword."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.groups.models import Group, Membership
from campaign.people.models import Person, RoleGrant
from campaign.people.rules import Role

_numbers = count(1)


def slug_of(name: str) -> str:
    """A name as it stands in an address."""
    return "-".join("".join(sign if sign.isalnum() else " " for sign in name.lower()).split())


def a_person(
    db: Session, name: str = "Amal Haddad", *, role: Role | None = None, **given: Any
) -> Person:
    """A person with an account; with a role for the whole installation where one is named."""
    values: dict[str, Any] = {
        "email": f"{slug_of(name)}@people.example",
        "made_at": clock.now(),
        "email_confirmed_at": clock.now(),
        "entrusted": role is not None,
    }
    person = Person(name=name, **values | given)
    db.add(person)
    db.flush()
    if role is not None:
        db.add(RoleGrant(person_id=person.id, role=role.value))
        db.flush()
    return person


def a_group(db: Session, name: str = "Fair Rents Brighton", **given: Any) -> Group:
    """A group in the middle of Brighton."""
    values: dict[str, Any] = {
        "slug": slug_of(name),
        "place": "Brighton",
        "council": "Brighton and Hove",
        "lat": 50.82186,
        "lng": -0.13833,
        "made_at": clock.now(),
    }
    group = Group(name=name, **values | given)
    db.add(group)
    db.flush()
    return group


def a_member(db: Session, group: Group, person: Person, role: str = "member") -> Membership:
    """A person in a group."""
    membership = Membership(
        group_id=group.id, person_id=person.id, role=role, joined_at=clock.now()
    )
    db.add(membership)
    db.flush()
    return membership


def an_event(db: Session, group: Group, host: Person, title: str = "", **given: Any) -> Event:
    """A listed phonebank evening at a venue, in three days."""
    starts_at = next_evening()
    values: dict[str, Any] = {
        "kind": "phonebank",
        "starts_at": starts_at,
        "ends_at": given.get("starts_at", starts_at) + timedelta(hours=2),
        "place_kind": "venue",
        "venue": "Brighthelm Centre, North Road",
        "postcode": "BN1 1YD",
        "shown_place": "Brighthelm Centre, North Road",
        "shown_lat": 50.82633,
        "shown_lng": -0.14082,
        "capacity": 12,
        "state": "listed",
        "made_at": clock.now(),
    }
    event = Event(
        title=title or f"Ring round Hove, evening {next(_numbers)}",
        group_id=group.id,
        host_id=host.id,
        **values | given,
    )
    db.add(event)
    db.flush()
    return event


def an_rsvp(db: Session, event: Event, person: Person, **given: Any) -> Rsvp:
    """A sign-up that was accepted."""
    values: dict[str, Any] = {
        "name": person.name,
        "status": "accepted",
        "place_in_line": next(_numbers),
        "made_at": clock.now(),
    }
    rsvp = Rsvp(event_id=event.id, person_id=person.id, **values | given)
    db.add(rsvp)
    db.flush()
    return rsvp


def next_evening() -> datetime:
    """In three days at 18:30 UTC."""
    return (clock.now() + timedelta(days=3)).replace(hour=18, minute=30, second=0, microsecond=0)


@dataclass(frozen=True)
class Cast:
    """Who plays: their group is Brighton; the stranger belongs to Lewes."""

    group: Group
    other_group: Group
    event: Event
    organiser: Person
    host: Person
    lead: Person
    caller: Person
    supporter: Person
    stranger: Person
    administrator: Person
    officer: Person
    moderator: Person

    @property
    def everybody(self) -> dict[str, Person]:
        """Each person by the name of the part."""
        return {name: value for name, value in vars(self).items() if isinstance(value, Person)}


def call_the_cast(db: Session) -> Cast:
    """Make the two groups, the people and the host's event."""
    group = a_group(db, "Fair Rents Brighton")
    other_group = a_group(db, "Fair Rents Lewes", place="Lewes", lat=50.8739, lng=0.0088)
    organiser = a_person(db, "Olwen Organiser", entrusted=True)
    host = a_person(db, "Hari Host")
    lead = a_person(db, "Lena Lead", entrusted=True)
    caller = a_person(db, "Cal Caller")
    supporter = a_person(db, "Sam Supporter")
    stranger = a_person(db, "Stef Stranger", entrusted=True)
    a_member(db, group, organiser, "convenor")
    for person in (host, lead, caller):
        a_member(db, group, person)
    a_member(db, other_group, stranger, "convenor")
    event = an_event(db, group, host, "Ring round Hove for the rents vote", taken=1)
    an_rsvp(db, event, caller)
    return Cast(
        group=group,
        other_group=other_group,
        event=event,
        organiser=organiser,
        host=host,
        lead=lead,
        caller=caller,
        supporter=supporter,
        stranger=stranger,
        administrator=a_person(db, "Ada Administrator", role=Role.ADMINISTRATOR),
        officer=a_person(db, "Oscar Officer", role=Role.DATA_OFFICER),
        moderator=a_person(db, "Moira Moderator", role=Role.MODERATOR),
    )
