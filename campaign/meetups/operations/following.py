"""What follows an evening, by the clock: hosts are asked, organisers hear whom to ring.

Letters are made while only reading and kept in short transactions, each with the mark that it was
written; the mark is unique. So two workers write it once, and one that dies half-way has written
nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, EventTold
from campaign.events.operations.once import Owed, keep
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries.planned import planned_at, promise_at
from campaign.events.rules.promises import Fate
from campaign.events.rules.signups import initials
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.foundation import clock, tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database, is_postgresql
from campaign.foundation.outbox import post
from campaign.meetups import messages
from campaign.meetups.models import HostAsked
from campaign.meetups.queries.following import (
    Evening,
    Hosted,
    evenings_since,
    hosts_of,
    to_ring,
    who_asks,
    who_hears,
)
from campaign.meetups.rules.following import (
    ASK_LATE,
    CALL_LATE,
    OUTCOME_LATE,
    STAND_WORDS,
    TIME_TO_ANSWER,
    Stand,
    day_after,
    days_after,
    is_due,
)
from campaign.people.models import Person

# A card plans three weeks ahead; the day after the last of it is asked about, too.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True)
class _Asked:
    """A letter to a host, with the key that opens their answer."""

    event_id: int
    person_id: int
    question: str
    key: str
    letter: Letter


def follow_up(database: Database, *, mail: Mail, now: datetime) -> int:
    """Write what is due after the evenings that have closed; answers how many letters.

    At 10:00 of the next day "is it on?" to each host; at 18:00 to the organisers whom to ring;
    from the seventh day on "did it take place?" to hosts of whom nobody knows, and at its 18:00
    to the organisers what became of it all.
    """
    sent = 0
    with database.reading() as db:
        asked = []
        for evening in evenings_since(db, now - LOOK_BACK):
            asked += _is_it_on(db, evening, now, mail) + _did_it_happen(db, evening, now, mail)
    if asked:
        with database.unit_of_work() as db:
            sent += _keep(db, asked)
    with database.reading() as db:  # anew: who was asked just now is not to be rung yet
        told = []
        for evening in evenings_since(db, now - LOOK_BACK):
            told += _whom_to_ring(db, evening, now, mail) + _outcome(db, evening, now, mail)
    if told:
        with database.unit_of_work() as db:
            sent += keep(db, told)
    return sent


def _is_it_on(db: Session, evening: Evening, now: datetime, mail: Mail) -> list[_Asked]:
    due = days_after(evening.closed_at, evening.event.zone).ask
    if not is_due(due, late=ASK_LATE, now=now):
        return []
    asking = who_asks(db, evening.event.id)
    return [
        _still_on(one, now, mail, asking=asking.get(one.event.id, 0))
        for one in hosts_of(db, evening.event.id)
        if one.stand is Stand.NOT_ASKED
        and one.event.starts_at > now
        and one.event.made_at < due
        and one.host.email
        and one.host.disabled_at is None
    ]


def _still_on(one: Hosted, now: datetime, mail: Mail, *, asking: int) -> _Asked:
    key = tokens.secret()
    letter = messages.still_on(
        mail,
        to=one.host.email or "",
        name=_first_name(one.event, one.host),
        event=facts_for_letter(one.event, now=now),
        key=key,
        asking=asking,
    )
    return _Asked(one.event.id, one.host.id, "on", key, letter)


def _did_it_happen(db: Session, evening: Evening, now: datetime, mail: Mail) -> list[_Asked]:
    zone, asked = evening.event.zone, []
    outcome = days_after(evening.closed_at, zone).outcome
    for one in planned_at(db, evening.event.id, now=now):
        event, due = one.event, max(outcome, day_after(one.event.ends_at, zone))
        if one.fate is not Fate.UNKNOWN or not is_due(due, late=OUTCOME_LATE, now=now):
            continue
        host = event.host
        if event.hostless_at is None and host.email and host.disabled_at is None:
            key, facts = tokens.secret(), facts_for_letter(event, now=now)
            letter = messages.did_it_happen(
                mail, to=host.email, name=_first_name(event, host), event=facts, key=key
            )
            asked.append(_Asked(event.id, host.id, "held", key, letter))
    return _not_asked(db, asked)


def _not_asked(db: Session, asked: list[_Asked]) -> list[_Asked]:
    """Without those that were asked already: most of the three days there is nothing to do."""
    query = select(HostAsked.event_id, HostAsked.person_id).where(
        HostAsked.question == "held", HostAsked.event_id.in_([one.event_id for one in asked])
    )
    had = {(event_id, person_id) for event_id, person_id in db.execute(query)}
    return [one for one in asked if (one.event_id, one.person_id) not in had]


def _whom_to_ring(db: Session, evening: Evening, now: datetime, mail: Mail) -> list[Owed]:
    event, due = evening.event, days_after(evening.closed_at, evening.event.zone).call
    if not is_due(due, late=CALL_LATE, now=now) or _was_told(db, event, "call-list"):
        return []
    held = [one for one in hosts_of(db, event.id) if one.event.starts_at > now]
    unsure = [one for one in to_ring(held) if one.stand is not Stand.CONFIRMED]
    late = [one for one in unsure if one.asked and one.asked.asked_at > now - TIME_TO_ANSWER]
    if not unsure or late:
        return []
    lines = [_line(one, now) for one in unsure]
    path = f"/events/{event.public_id}/hosts"
    return [
        _owed(
            event,
            person,
            "call-list",
            messages.call_list(
                mail, to=person.email or "", meetup=event.title, lines=lines, path=path
            ),
        )
        for person in who_hears(db, event)
    ]


def _line(one: Hosted, now: datetime) -> dict[str, str]:
    facts = facts_for_letter(one.event, now=now)
    hostless = one.event.hostless_at is not None
    return {
        "title": facts["title"],
        "when": facts["when"],
        "host": "" if hostless else initials(one.event.host_name or one.host.name),
        "stand": STAND_WORDS[one.stand],
    }


def _outcome(db: Session, evening: Evening, now: datetime, mail: Mail) -> list[Owed]:
    event, due = evening.event, days_after(evening.closed_at, evening.event.zone).outcome_told
    if not is_due(due, late=OUTCOME_LATE, now=now) or _was_told(db, event, "outcome"):
        return []
    promise = promise_at(db, event.id, now=now)
    if not promise.planned:
        return []
    silent = [
        {"title": one.event.title, "when": facts_for_letter(one.event, now=now)["when"]}
        for one in planned_at(db, event.id, now=now)
        if one.fate is Fate.UNKNOWN
    ]
    paths = {
        "recap": f"/events/{event.public_id}/recap",
        "hosts": f"/events/{event.public_id}/hosts",
    }
    return [
        _owed(
            event,
            person,
            "outcome",
            messages.outcome(
                mail,
                to=person.email or "",
                meetup=event.title,
                words=promise.words,
                rest=promise.rest,
                silent=silent,
                paths=paths,
            ),
        )
        for person in who_hears(db, event)
    ]


def _was_told(db: Session, event: Event, letter: str) -> bool:
    """Whether this letter went out: all of one evening's are written in one transaction."""
    told = select(EventTold.id).where(EventTold.event_id == event.id, EventTold.letter == letter)
    return db.scalar(told.limit(1)) is not None


def _owed(event: Event, person: Person, letter: str, text: Letter) -> Owed:
    day = event.starts_at.astimezone(ZoneInfo(event.zone)).date().isoformat()
    return Owed(event.id, person.id, letter, day, text)


def _first_name(event: Event, host: Person) -> str:
    return (event.host_name or host.name).partition(" ")[0]


def _keep(db: Session, asked: Sequence[_Asked]) -> int:
    """Put the letters into the outbox that nobody has had, to who still hosts what goes on."""
    now = clock.now()
    query = select(Event.id, Event.host_id).where(
        Event.id.in_({one.event_id for one in asked}),
        Event.state.in_(GOES_ON),
        Event.hidden_at.is_(None),
        Event.hostless_at.is_(None),
    )
    held = {
        (event_id, host_id)
        for event_id, host_id in db.execute(query.order_by(Event.id).with_for_update(read=True))
    }
    kept = [
        one for one in asked if (one.event_id, one.person_id) in held and _is_first(db, one, now)
    ]
    for one in kept:
        post(db, one.letter, key=f"host-{one.question}:{one.event_id}:{one.person_id}")
    return len(kept)


def _is_first(db: Session, one: _Asked, now: datetime) -> bool:
    dialect: Any = postgresql if is_postgresql(db) else sqlite
    written = (
        dialect.insert(HostAsked)
        .values(
            event_id=one.event_id,
            person_id=one.person_id,
            question=one.question,
            fingerprint=tokens.fingerprint(one.key),
            asked_at=now,
        )
        .on_conflict_do_nothing()
        .returning(HostAsked.id)
    )
    return db.scalar(written) is not None
