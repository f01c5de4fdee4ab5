"""The day before: asking whether people still come, and taking their answer.

The letters are made while only reading and kept in short transactions, a few at a time: most
events begin at the same hour of the evening, so most letters are due in the same minute.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, RsvpKey
from campaign.events.operations.signing_up import check_open, fresh, lock
from campaign.events.operations.telling import day_in_words, facts_for_letter
from campaign.events.rules.openness import AddressFor
from campaign.events.rules.signups import ASK_BEFORE, ASK_CALLERS_BEFORE, FRESH, Status
from campaign.foundation import tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post
from campaign.people.models import Person

HANDFUL = 50


@dataclass(frozen=True)
class _Asked:
    """The letter of one sign-up, and the key that it carries."""

    rsvp_id: int
    post_key: str
    letter: Letter
    key: str


def send_reminders(database: Database, *, mail: Mail, now: datetime, most: int = 10_000) -> int:
    """Ask everybody with a place, 24 h before, whether they come; answers how many letters.

    Callers of a phonebank’s session are asked 48 h before: somebody else may want the seat.

    Each sign-up is asked once, however often this runs. Not asked: who got their place
    less than 6 h ago, an event that was called off, and whom the letter with the address asks
    the same.
    """
    sent, after = 0, 0
    while sent < most:
        with database.reading() as db:
            asked = [_ask(rsvp, mail, now) for rsvp in _due(db, now=now, after=after)]
        if not asked:
            break
        after = asked[-1].rsvp_id
        with database.unit_of_work() as db:
            sent += _keep(db, asked, now)
    return sent


def _due(db: Session, *, now: datetime, after: int) -> list[Rsvp]:
    query = (
        select(Rsvp)
        .join(Rsvp.event)
        .join(Rsvp.person)
        .where(
            Rsvp.id > after,
            Rsvp.status == Status.ACCEPTED.value,
            Rsvp.reminded_at.is_(None),
            func.coalesce(Rsvp.accepted_at, Rsvp.made_at) <= now - FRESH,
            Person.email.is_not(None),
            Event.state != "cancelled",
            Event.address_for != AddressFor.APPROVED.value,
            Event.hidden_at.is_(None),
            Event.starts_at > now,
            or_(
                Event.starts_at <= now + ASK_BEFORE,
                and_(Event.starts_at <= now + ASK_CALLERS_BEFORE, Event.roster_path.is_not(None)),
            ),
        )
        .options(joinedload(Rsvp.event), joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.id)
        .limit(HANDFUL)
    )
    return list(db.scalars(query))


def _ask(rsvp: Rsvp, mail: Mail, now: datetime) -> _Asked:
    event, key = rsvp.event, tokens.secret()
    letter = messages.reminder(
        mail,
        to=rsvp.person.email or "",
        event=facts_for_letter(event, now=now, rsvp=rsvp, shift=rsvp.shift),
        day=day_in_words(event, now),
        key=key,
    )
    return _Asked(rsvp.id, f"rsvp-reminder:{rsvp.public_id}:{rsvp.place_in_line}", letter, key)


def _keep(db: Session, asked: list[_Asked], now: datetime) -> int:
    """Keep the letters of who has not cancelled, or been asked by another worker, meanwhile."""
    going_on = select(Event.id).where(Event.state != "cancelled")
    moved = set(
        db.scalars(
            update(Rsvp)
            .where(
                Rsvp.id.in_([one.rsvp_id for one in asked]),
                Rsvp.status == Status.ACCEPTED.value,
                Rsvp.reminded_at.is_(None),
                Rsvp.event_id.in_(going_on),
            )
            .values(reminded_at=now)
            .returning(Rsvp.id)
            .execution_options(synchronize_session=False)
        )
    )
    kept = [one for one in asked if one.rsvp_id in moved]
    if kept:
        db.execute(
            insert(RsvpKey),
            [
                {"fingerprint": tokens.fingerprint(one.key), "rsvp_id": one.rsvp_id, "made_at": now}
                for one in kept
            ],
        )
    for one in kept:
        post(db, one.letter, key=one.post_key)
    return len(kept)


def confirm_rsvp(db: Session, *, rsvp: Rsvp) -> Rsvp:
    """Somebody says that they will be there. Saying it again changes nothing.

    Refuses who has no place, and what is over or cancelled.
    """
    event = lock(db, rsvp.event_id)
    check_open(event)
    rsvp = fresh(db, rsvp)
    if rsvp.status in (Status.WAITING.value, Status.OFFERED.value):
        raise Refused("You do not have a place yet. We mail you when you do.")
    if rsvp.status not in (Status.ACCEPTED.value, Status.CONFIRMED.value):
        raise Refused("You are not on the list any more. Sign up again on the event’s page.")
    rsvp.status = Status.CONFIRMED.value
    db.flush()
    return rsvp
