"""Sessions as their callers and leads know them: who comes, what it came to, what is next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import LIVE, SEATED
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.people.models import Person
from campaign.phonebanks.models import Call, CallingSession, NoPromiseLetters, NoThanks, Phonebank
from campaign.phonebanks.queries.board.present import runs_now
from campaign.phonebanks.queries.counted import counted, is_talk
from campaign.phonebanks.rules.claims import EARLY, LATE
from campaign.phonebanks.rules.overbooking import Shown
from campaign.phonebanks.rules.shift import Numbers

# A call that was begun in the shift may be noted for so long.
NOTED_WITHIN = timedelta(hours=24)
LOOKED_BACK = timedelta(days=180)


def session_by_event(db: Session, phonebank_id: int, event_id: str) -> CallingSession | None:
    """The session of a phonebank that is this event, with the event as a page needs it."""
    return db.scalar(
        select(CallingSession)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.public_id == event_id)
        .options(
            joinedload(CallingSession.event).options(
                joinedload(Event.group), joinedload(Event.host), selectinload(Event.shifts)
            )
        )
    )


def session_of_event(db: Session, event_id: int) -> tuple[CallingSession, Phonebank] | None:
    """The session that an event is, with its phonebank."""
    row = db.execute(
        select(CallingSession, Phonebank)
        .join(Phonebank, Phonebank.id == CallingSession.phonebank_id)
        .where(CallingSession.event_id == event_id)
    ).first()
    return (row[0], row[1]) if row else None


def languages_of(db: Session, phonebank_id: int) -> dict[int, str]:
    """In which languages each session rings, by the event's key."""
    rows = db.execute(
        select(CallingSession.event_id, CallingSession.languages)
        .where(CallingSession.phonebank_id == phonebank_id, CallingSession.languages != "")
        .order_by(CallingSession.event_id)
    )
    return {event_id: languages for event_id, languages in rows}


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody with a place in a session that runs now, who is not here yet."""

    person_id: int
    rsvp_id: str
    event_id: str
    name: str
    confirmed: bool


def due(db: Session, phonebank_id: int, *, now: datetime) -> list[Due]:
    """Who is still to come to the sessions that run now, by name; the first hundred."""
    query = (
        select(Rsvp.person_id, Rsvp.public_id, Event.public_id, Rsvp.name, Rsvp.status)
        .join(Event, Event.id == Rsvp.event_id)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(*runs_now(phonebank_id, now), Rsvp.status.in_(SEATED))
        .where(Rsvp.attendance == "unknown")
        .order_by(Rsvp.name, Rsvp.id)
        .limit(100)
    )
    return [Due(*row[:4], row[4] == "confirmed") for row in db.execute(query)]


def running_events(db: Session, phonebank_id: int, *, now: datetime) -> list[Event]:
    """The events of the sessions whose roster may call now, the first first."""
    query = (
        select(Event)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(*runs_now(phonebank_id, now))
        .order_by(Event.starts_at, Event.id)
    )
    return list(db.scalars(query))


def crew(db: Session, event_id: int) -> list[Rsvp]:
    """Who has a place, in the order they came."""
    query = (
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.status.in_(SEATED))
        .options(joinedload(Rsvp.shift))
        .order_by(Rsvp.place_in_line, Rsvp.id)
        .limit(200)
    )
    return list(db.scalars(query))


def numbers_of(db: Session, session: CallingSession, event: Event) -> dict[int, Numbers]:
    """What each caller has reported in a session, by person: read by the hours of the session."""
    rows = db.execute(
        select(Call.caller_id, func.count(), func.count(case((is_talk(), 1))))
        .where(Call.phonebank_id == session.phonebank_id, Call.session_id == session.id)
        .where(counted(), Call.reported_at >= event.starts_at - EARLY)
        .where(Call.reported_at <= event.ends_at + LATE + NOTED_WITHIN)
        .group_by(Call.caller_id)
        .order_by(Call.caller_id)
    )
    return {person_id: Numbers(calls, talks, 1) for person_id, calls, talks in rows}


def in_all(numbers: dict[int, Numbers]) -> Numbers:
    """The same of everybody together."""
    calls = sum(one.calls for one in numbers.values())
    talks = sum(one.talks for one in numbers.values())
    return Numbers(calls, talks, len(numbers))


def next_shifts(
    db: Session, phonebank_id: int, *, person_id: int, now: datetime, most: int = 3
) -> list[Event]:
    """Sessions to come that have room and where this person is not yet, the first first."""
    mine = select(Rsvp.id).where(
        Rsvp.event_id == Event.id, Rsvp.person_id == person_id, Rsvp.status.in_(LIVE)
    )
    query = (
        select(Event)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.state.in_(GOES_ON))
        .where(Event.starts_at > now, Event.hidden_at.is_(None), Event.host_id != person_id)
        .where(or_(Event.capacity.is_(None), Event.taken < Event.capacity), ~mine.exists())
        .order_by(Event.starts_at, Event.id)
        .options(joinedload(Event.group), selectinload(Event.shifts))
        .limit(most)
    )
    return list(db.scalars(query))


def over_lately(db: Session, *, now: datetime) -> list[tuple[CallingSession, Phonebank, Event]]:
    """Sessions whose last callers went home in the last day, the first first; not practice."""
    query = (
        select(CallingSession, Phonebank, Event)
        .join(Phonebank, Phonebank.id == CallingSession.phonebank_id)
        .join(Event, Event.id == CallingSession.event_id)
        .where(Event.ends_at <= now - LATE, Event.ends_at > now - LATE - NOTED_WITHIN)
        .where(Event.state.in_(GOES_ON), Event.hidden_at.is_(None), ~Phonebank.is_practice)
        .order_by(Event.ends_at, Event.id)
    )
    return [(session, bank, event) for session, bank, event in db.execute(query)]


def to_thank(db: Session, event_id: int, person_ids: Sequence[int]) -> list[tuple[Person, Rsvp]]:
    """Of these callers those who read letters, with their place in the session, by key."""
    no_thanks = select(NoThanks.person_id).where(NoThanks.person_id == Person.id)
    no_letters = select(NoPromiseLetters.person_id).where(NoPromiseLetters.person_id == Person.id)
    query = (
        select(Person, Rsvp)
        .join(Rsvp, (Rsvp.person_id == Person.id) & (Rsvp.event_id == event_id))
        .where(Person.id.in_(person_ids), Person.email.is_not(None), Person.disabled_at.is_(None))
        .where(~no_thanks.exists(), ~no_letters.exists(), Rsvp.status.in_(SEATED))
        .order_by(Person.id)
    )
    return [(person, rsvp) for person, rsvp in db.execute(query)]


def shown_so_far(db: Session, group_id: int, *, now: datetime) -> Shown:
    """How many of those with a place came to the group's calling sessions of half a year."""
    had, came = db.execute(
        select(func.count(), func.count(case((Rsvp.attendance == "came", 1))))
        .select_from(Rsvp)
        .join(Event, Event.id == Rsvp.event_id)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(Event.group_id == group_id, Event.state != "cancelled")
        .where(Event.ends_at <= now, Event.ends_at > now - LOOKED_BACK)
        .where(Rsvp.status.in_(SEATED), Rsvp.attendance != "unknown", Rsvp.source != "door")
    ).one()
    return Shown(had, came)
