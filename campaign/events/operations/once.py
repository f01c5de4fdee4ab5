"""Letters that somebody gets once about an event: made while reading, kept in a short transaction.

The letter, the keys it carries and the mark that it was written are one transaction, and the mark
is unique. So two workers write it once, and one that dies half-way has written nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, insert, select, true
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.events.models import Event, EventKey, EventTold, Rsvp, RsvpKey
from campaign.events.rules.signups import SEATED
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.foundation import clock, tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database, is_postgresql
from campaign.foundation.outbox import post

HANDFUL = 50


@dataclass(frozen=True)
class Owed:
    """A letter to one person about one event.

    ``about`` says of which occasion; with ``rsvp_id`` it goes only to who still has their place,
    and ``rsvp_key`` opens that sign-up. ``event_key`` is a key with its purpose.
    """

    event_id: int
    person_id: int
    letter: str
    about: str
    post: Letter
    rsvp_id: int | None = None
    rsvp_key: str | None = None
    event_key: tuple[str, str] | None = None


def not_told(
    letter: str, *, person: Any = Rsvp.person_id, since: Any = None, about: Any = None
) -> ColumnElement[bool]:
    """Who has not had this letter about the event: never, since then, or of this occasion."""
    told = exists().where(
        EventTold.event_id == Event.id, EventTold.person_id == person, EventTold.letter == letter
    )
    if since is not None:
        told = told.where(EventTold.told_at >= since)
    if about is not None:
        told = told.where(EventTold.about == about)
    return ~told


def keep_all(
    database: Database,
    owed: Callable[[Session], list[Owed]],
    *,
    still: ColumnElement[bool] | None = None,
) -> int:
    """Keep what is owed, a handful at a time, until nothing is; answers how many letters."""
    sent = 0
    while True:
        with database.reading() as db:
            found = owed(db)
        if not found:
            return sent
        with database.unit_of_work() as db:
            kept = keep(db, found, still=still)
        if not kept:  # another worker is at it, or they have gone meanwhile
            return sent
        sent += kept


def keep(db: Session, owed: Sequence[Owed], *, still: ColumnElement[bool] | None = None) -> int:
    """Put the letters into the outbox that nobody has had; answers how many.

    Looked at again here, with the events held: one that was called off meanwhile (or is no longer
    ``still``) sends nothing.
    """
    now = clock.now()  # after whatever the letter is about, also where that was a moment ago
    held = _still(db, owed, still)
    kept = [one for one in owed if one.event_id in held and _is_first(db, one, now)]
    seated = _seated(db, [one.rsvp_id for one in kept if one.rsvp_id])
    kept = [one for one in kept if one.rsvp_id is None or one.rsvp_id in seated]
    _keep_keys(db, kept, now)
    for one in kept:
        post(db, one.post, key=f"{one.letter}:{one.event_id}:{one.person_id}:{one.about}")
    return len(kept)


def _still(db: Session, owed: Sequence[Owed], still: ColumnElement[bool] | None) -> set[int]:
    """The events that go on. Held until the end, so that nobody calls one off in between."""
    query = select(Event.id).where(
        Event.id.in_({one.event_id for one in owed}),
        Event.state.in_(GOES_ON),
        Event.hidden_at.is_(None),
        true() if still is None else still,
    )
    return set(db.scalars(query.order_by(Event.id).with_for_update(read=True)))


def _is_first(db: Session, one: Owed, now: datetime) -> bool:
    dialect: Any = postgresql if is_postgresql(db) else sqlite
    written = (
        dialect.insert(EventTold)
        .values(
            event_id=one.event_id,
            person_id=one.person_id,
            letter=one.letter,
            about=one.about,
            told_at=now,
        )
        .on_conflict_do_nothing()
        .returning(EventTold.id)
    )
    return db.scalar(written) is not None


def _seated(db: Session, rsvp_ids: list[int]) -> set[int]:
    return set(db.scalars(select(Rsvp.id).where(Rsvp.id.in_(rsvp_ids), Rsvp.status.in_(SEATED))))


def _keep_keys(db: Session, kept: Sequence[Owed], now: datetime) -> None:
    of_rsvps = [
        {"fingerprint": tokens.fingerprint(one.rsvp_key), "rsvp_id": one.rsvp_id, "made_at": now}
        for one in kept
        if one.rsvp_key
    ]
    of_events = [
        {
            "fingerprint": tokens.fingerprint(one.event_key[0]),
            "event_id": one.event_id,
            "person_id": one.person_id,
            "purpose": one.event_key[1],
            "made_at": now,
        }
        for one in kept
        if one.event_key
    ]
    if of_rsvps:
        db.execute(insert(RsvpKey), of_rsvps)
    if of_events:
        db.execute(insert(EventKey), of_events)
