"""Who has done by themselves what a phonebank was to ask of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event, Occurrence, Rsvp
from campaign.events.rules.signups import LIVE as COMING
from campaign.events.rules.signups import Attendance
from campaign.events.rules.states import LIVE
from campaign.foundation import clock
from campaign.foundation.database import UTCDateTime
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact, Goal, Phonebank


def is_wanted() -> ColumnElement[bool]:
    """Whether they have not done yet what we ring about; nobody is rung for what is done."""
    return Contact.goal_met_at.is_(None)


def goal_of(db: Session, phonebank_id: int) -> Goal | None:
    """What a phonebank asks people to come to."""
    return db.get(Goal, phonebank_id)


def goals(db: Session) -> list[tuple[Goal, Phonebank]]:
    """The goals of phonebanks that ring or may again, in the order of their ids."""
    query = (
        select(Goal, Phonebank)
        .join(Phonebank, Phonebank.id == Goal.phonebank_id)
        .where(Phonebank.status != "closed", ~Phonebank.is_practice)
        .order_by(Phonebank.id)
    )
    return [(goal, phonebank) for goal, phonebank in db.execute(query)]


def goals_met_at(db: Session, event_id: int) -> list[tuple[Goal, Phonebank]]:
    """The same, of those whom a sign-up to this event concerns."""
    event = db.get(Event, event_id)
    if event is None:
        return []
    series = select(Occurrence.series_id).where(Occurrence.event_id == event_id)
    of_kind = and_(Goal.kind == event.kind, Phonebank.group_id == event.group_id)
    query = (
        select(Goal, Phonebank)
        .join(Phonebank, Phonebank.id == Goal.phonebank_id)
        .where(Phonebank.status != "closed", ~Phonebank.is_practice)
        .where(or_(Goal.event_id == event_id, Goal.series_id.in_(series), of_kind))
        .order_by(Phonebank.id)
    )
    return [(goal, phonebank) for goal, phonebank in db.execute(query)]


def has_signed_up(goal: Goal, phonebank: Phonebank) -> ColumnElement[bool]:
    """Whether a contact has a sign-up that meets the goal: by its address, or its number.

    What was over when the phonebank began is no answer to it.
    """
    return _has(Rsvp.status.in_(COMING), Event.state != "cancelled", _is_meant(goal, phonebank))


def has_come(goal: Goal, phonebank: Phonebank) -> ColumnElement[bool]:
    """Whether a contact was checked in at what the goal means."""
    came = Rsvp.attendance == Attendance.CAME.value
    return _has(came, Rsvp.status.in_(COMING), _is_meant(goal, phonebank))


def first_start(db: Session, goal: Goal, phonebank: Phonebank) -> datetime | None:
    """When the first of what the goal means begins; before that nobody can have come."""
    query = select(func.min(Event.starts_at, type_=UTCDateTime())).where(
        _is_meant(goal, phonebank), Event.state.in_(LIVE)
    )
    return db.scalar(query)


def _has(*such: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a contact has such a sign-up, by its address or its number."""
    theirs = select(Rsvp.id).join(Event, Event.id == Rsvp.event_id).where(*such)
    addresses = select(Person.email).join(Rsvp, Rsvp.person_id == Person.id)
    addresses = addresses.where(Rsvp.id.in_(theirs), Person.email.is_not(None))
    numbers = select(PhoneNumber.id).join(Rsvp, Rsvp.phone == PhoneNumber.e164)
    by_address = and_(Contact.email.is_not(None), Contact.email.in_(addresses))
    return or_(by_address, Contact.number_id.in_(numbers.where(Rsvp.id.in_(theirs))))


def is_person(person: Person) -> ColumnElement[bool]:
    """Whether a contact is this person, by their address or a number they signed up with."""
    numbers = select(PhoneNumber.id).join(Rsvp, Rsvp.phone == PhoneNumber.e164)
    by_number = Contact.number_id.in_(numbers.where(Rsvp.person_id == person.id))
    return or_(by_number, Contact.email == person.email) if person.email else by_number


def signed_up(db: Session, phonebank_id: int) -> int:
    """How many of the list have signed up by themselves; who they are is told nobody."""
    counted = select(func.count()).where(
        Contact.phonebank_id == phonebank_id, Contact.goal_met_at.is_not(None)
    )
    return db.scalar(counted) or 0


def events_to_come_to(db: Session, phonebank: Phonebank, *, now: datetime) -> list[Event]:
    """The group's coming events, the first first."""
    query = (
        select(Event)
        .where(Event.group_id == phonebank.group_id, Event.state.in_(LIVE), Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(100)
    )
    return list(db.scalars(query))


def series_to_come_to(db: Session, phonebank: Phonebank, *, now: datetime) -> list[Event]:
    """The next event of each of the group's series, the first first."""
    query = (
        select(Occurrence.series_id, Event)
        .join(Event, Event.id == Occurrence.event_id)
        .where(Event.group_id == phonebank.group_id, Event.state.in_(LIVE), Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(500)
    )
    found: dict[int, Event] = {}
    for series_id, event in db.execute(query):
        found.setdefault(series_id, event)
    return list(found.values())


def event_named(db: Session, goal: Goal) -> str | None:
    """The public id of a goal's event; of a series' next event, or of its last."""
    if goal.event_id is not None:
        return db.scalar(select(Event.public_id).where(Event.id == goal.event_id))
    return db.scalar(
        select(Event.public_id)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == goal.series_id, Event.state.in_(LIVE))
        .order_by(Event.ends_at <= clock.now(), Event.starts_at, Event.id)
        .limit(1)
    )


def series_of(db: Session, event_id: int) -> int | None:
    """The series an event belongs to."""
    return db.scalar(select(Occurrence.series_id).where(Occurrence.event_id == event_id))


def _is_meant(goal: Goal, phonebank: Phonebank) -> ColumnElement[bool]:
    if goal.event_id is not None:
        return Event.id == goal.event_id
    since = Event.ends_at > phonebank.made_at
    if goal.series_id is not None:
        theirs = select(Occurrence.event_id).where(Occurrence.series_id == goal.series_id)
        return and_(since, Event.id.in_(theirs))
    return and_(since, Event.kind == goal.kind, Event.group_id == phonebank.group_id)
