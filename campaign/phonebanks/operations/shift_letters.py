"""Two hours before a shift, and after it: who comes is reminded, whoever rang is thanked.

Each letter once for a person and a session, whoever else is at work (``events.once``).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.once import HANDFUL, Owed, keep, keep_all, not_told
from campaign.events.rules.features import when_of
from campaign.events.rules.signups import SEATED
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.foundation import tokens
from campaign.foundation.database import Database
from campaign.foundation.words import human_time
from campaign.people.models import Person
from campaign.phonebanks import messages
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import CallingSession, Phonebank
from campaign.phonebanks.queries import shifts
from campaign.phonebanks.rules.claims import EARLY
from campaign.phonebanks.rules.shift import Numbers

BEFORE, LATEST = timedelta(hours=2), timedelta(minutes=20)
# Who got their place within this has just had a letter with all of it.
JUST_NOW = timedelta(hours=1)
SAME_DAY = timedelta(hours=20)
SOON, THANKS = "call-soon", "call-thanks"


def write_shift_letters(database: Database, *, mail: Mail, now: datetime) -> int:
    """Write what is due; answers how many letters."""
    return _write_soon(database, mail, now) + _write_thanks(database, mail, now)


def _write_soon(database: Database, mail: Mail, now: datetime) -> int:
    return keep_all(
        database, lambda db: [_soon(rsvp, bank, mail, now) for rsvp, bank in _due_soon(db, now)]
    )


def _due_soon(db: Session, now: datetime) -> list[tuple[Rsvp, Phonebank]]:
    begins = func.coalesce(Shift.starts_at, Event.starts_at)
    query = (
        select(Rsvp, Phonebank)
        .join(Rsvp.event)
        .join(Rsvp.person)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .join(Phonebank, Phonebank.id == CallingSession.phonebank_id)
        .outerjoin(Shift, Shift.id == Rsvp.shift_id)
        .where(Event.state.in_(GOES_ON), Event.hidden_at.is_(None))
        # So that the index of events by their times is read; a shift begins within its event.
        .where(Event.starts_at <= now + BEFORE, Event.ends_at > now)
        .where(begins <= now + BEFORE, begins > now + LATEST)
        .where(Rsvp.status.in_(SEATED), Person.email.is_not(None))
        .where(func.coalesce(Rsvp.accepted_at, Rsvp.made_at) <= now - JUST_NOW)
        .where(Phonebank.status != "closed", not_told(SOON, since=now - SAME_DAY))
        .options(joinedload(Rsvp.event), joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.id)
        .limit(HANDFUL)
    )
    return [(rsvp, bank) for rsvp, bank in db.execute(query)]


def _soon(rsvp: Rsvp, bank: Phonebank, mail: Mail, now: datetime) -> Owed:
    event, key = rsvp.event, tokens.secret()
    opens = human_time((rsvp.shift or event).starts_at - EARLY, ZoneInfo(event.zone))
    letter = messages.shift_soon(
        mail,
        to=rsvp.person.email or "",
        title=event.title,
        when=when_of(event, now=now, shift=rsvp.shift),
        where=event.shown_place,
        opens=opens,
        path=path_of(bank, event),
        key=key,
    )
    about = event.starts_at.date().isoformat()
    return Owed(event.id, rsvp.person_id, SOON, about, letter, rsvp_id=rsvp.id, rsvp_key=key)


def path_of(bank: Phonebank, event: Event) -> str:
    """Where somebody's own page of a shift is."""
    return f"/phonebanks/{bank.public_id}/shifts/{event.public_id}"


def _write_thanks(database: Database, mail: Mail, now: datetime) -> int:
    """After a shift is over: who rang was there, and is thanked with their numbers and all of
    ours, and with the next shift; who asked for no such letters is left in peace."""
    sent = 0
    with database.reading() as db:
        over = [(s.id, bank.id) for s, bank, _ in shifts.over_lately(db, now=now)]
    for session_id, bank_id in over:
        with database.reading() as db:
            owed, were_there = _thanks(db, session_id, bank_id, mail, now)
        if owed or were_there:
            with database.unit_of_work() as db:
                _were_there(db, were_there)
                sent += keep(db, owed)
    return sent


def _thanks(
    db: Session, session_id: int, bank_id: int, mail: Mail, now: datetime
) -> tuple[list[Owed], list[int]]:
    session = db.get_one(CallingSession, session_id, options=[joinedload(CallingSession.event)])
    bank, event = db.get_one(Phonebank, bank_id), session.event
    numbers = shifts.numbers_of(db, session, event)
    together = shifts.in_all(numbers)
    told = _told(db, event.id)
    owed = [
        _thank(
            _Thanked(person, rsvp.id, numbers[person.id], together, following),
            event,
            bank,
            mail,
            now,
        )
        for person, rsvp in shifts.to_thank(db, event.id, list(numbers))
        if person.id not in told
        for following in [shifts.next_shifts(db, bank.id, person_id=person.id, now=now, most=1)]
    ]
    return owed, _unknown(db, event.id, list(numbers))


def _told(db: Session, event_id: int) -> set[int]:
    query = (
        select(Rsvp.person_id)
        .join(Event, Event.id == Rsvp.event_id)
        .where(Event.id == event_id, ~not_told(THANKS))
    )
    return set(db.scalars(query))


@dataclass(frozen=True, slots=True)
class _Thanked:
    """Who is thanked, for what, and what comes next."""

    person: Person
    rsvp_id: int
    own: Numbers
    together: Numbers
    following: list[Event]


def _thank(one: _Thanked, event: Event, bank: Phonebank, mail: Mail, now: datetime) -> Owed:
    key = tokens.secret()
    letter = messages.shift_thanks(
        mail,
        to=one.person.email or "",
        first_name=one.person.name.split(" ")[0],
        title=bank.title,
        own=one.own.own_words,
        together=one.together.team_words,
        following=[(to.title, when_of(to, now=now), to.public_id) for to in one.following],
        key=key,
    )
    return Owed(event.id, one.person.id, THANKS, "", letter, rsvp_id=one.rsvp_id, rsvp_key=key)


def _unknown(db: Session, event_id: int, person_ids: list[int]) -> list[int]:
    """Who rang there and of whom nobody has said whether they came."""
    query = select(Rsvp.id).where(
        Rsvp.event_id == event_id,
        Rsvp.person_id.in_(person_ids),
        Rsvp.attendance == "unknown",
        Rsvp.status.in_(SEATED),
    )
    return list(db.scalars(query.order_by(Rsvp.id)))


def _were_there(db: Session, rsvp_ids: list[int]) -> None:
    """Whoever rang was there: no need to ask them."""
    db.execute(
        update(Rsvp)
        .where(Rsvp.id.in_(rsvp_ids), Rsvp.attendance == "unknown")
        .values(attendance="came")
        .execution_options(synchronize_session=False)
    )
