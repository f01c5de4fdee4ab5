"""Telling everybody of an event of a change: letters are written after it, a few at a time.

Writing two thousand letters takes seconds, and on SQLite whoever writes is alone. So a notice is
kept with the change; here the letters of one handful of people are made while only reading, and
put into the outbox in a short transaction with the mark of how far it has come.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventNotice, Rsvp, RsvpKey
from campaign.events.operations.telling import facts_for_letter, with_calendar
from campaign.events.rules.signups import LIVE, SEATED
from campaign.foundation import clock, tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database
from campaign.foundation.outbox import post

HANDFUL = 50


@dataclass(frozen=True)
class _Written:
    """The letter of one sign-up; ``key`` opens it where the letter has one."""

    rsvp_id: int
    post_key: str
    letter: Letter | None
    key: str | None


def tell_everybody(database: Database, *, mail: Mail, most: int = 500) -> int:
    """Write the letters that are still owed for changes and cancellations; answers how many.

    May be run as often as one likes and stopped at any moment: each letter is written once. It
    goes to who has a place or waits, and did so when the change was made.
    """
    told = 0
    while told < most:
        with database.reading() as db:
            notice = _oldest(db)
            if notice is None:
                break
            notice_id, written = notice.id, _handful(db, notice, mail)
        with database.unit_of_work() as db:
            _keep(db, notice_id, written)
        told += len(written)
    return told


def _oldest(db: Session) -> EventNotice | None:
    return db.scalar(
        select(EventNotice)
        .options(joinedload(EventNotice.event).joinedload(Event.group))
        .order_by(EventNotice.id)
        .limit(1)
    )


def _handful(db: Session, notice: EventNotice, mail: Mail) -> list[_Written]:
    event = notice.event
    if notice.kind == "changed" and event.state == "cancelled":
        return []  # the next notice says all there is to say
    query = (
        select(Rsvp)
        .where(
            Rsvp.event_id == event.id,
            Rsvp.id > notice.told_up_to,
            Rsvp.status.in_(LIVE),
            Rsvp.made_at <= notice.made_at,
        )
        .options(joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.id)
        .limit(HANDFUL)
    )
    if notice.shift_id is not None:
        query = query.where(Rsvp.shift_id == notice.shift_id)
    return [_write(notice, rsvp, mail) for rsvp in db.scalars(query)]


def _write(notice: EventNotice, rsvp: Rsvp, mail: Mail) -> _Written:
    event, to = notice.event, rsvp.person.email
    name = f"event-{notice.kind}:{event.public_id}:{notice.sequence}:{rsvp.public_id}"
    if not to:
        return _Written(rsvp.id, name, None, None)
    facts = facts_for_letter(event, now=clock.now(), rsvp=rsvp, shift=rsvp.shift)
    if notice.kind == "cancelled":
        letter = messages.cancelled(mail, to=to, event=facts, note=notice.note)
        return _Written(rsvp.id, name, with_calendar(letter, mail, event=event), None)
    key = tokens.secret()
    letter = messages.changed(mail, to=to, event=facts, note=notice.note, key=key)
    waits = rsvp.status not in SEATED
    letter = with_calendar(letter, mail, event=event, shift=rsvp.shift, waits=waits)
    return _Written(rsvp.id, name, letter, key)


def _keep(db: Session, notice_id: int, written: list[_Written]) -> None:
    """The letters with their keys, and how far we are; a notice with nobody left is done."""
    if not written:
        db.execute(delete(EventNotice).where(EventNotice.id == notice_id))
        return
    moved = db.execute(
        update(EventNotice)
        .where(EventNotice.id == notice_id, EventNotice.told_up_to < written[-1].rsvp_id)
        .values(told_up_to=written[-1].rsvp_id)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        return  # another worker was first
    keys = [
        {"fingerprint": tokens.fingerprint(one.key), "rsvp_id": one.rsvp_id, "made_at": clock.now()}
        for one in written
        if one.key
    ]
    if keys:
        db.execute(insert(RsvpKey), keys)
    for one in written:
        if one.letter is not None:
            post(db, one.letter, key=one.post_key)
