"""Sending somebody out of a room, their appeal, and what comes of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, tokens
from campaign.foundation.errors import Conflict, NotAllowed, Refused
from campaign.meetups.models import Batch, Participant, SentOut, SentOutMark
from campaign.meetups.operations.joining import send_away
from campaign.meetups.operations.locking import lock
from campaign.meetups.rules.incidents import REASONS, everywhere_until, marks_of


def send_out(
    db: Session,
    *,
    batch: Batch,
    person: Participant,
    reason: str,
    words: str,
    key: str,
    now: datetime,
    actor_id: int,
) -> SentOut:
    """Somebody has to leave: their chair is free, and their phone, four words, address and number
    open this room no more. ``key`` is the installation's, for the hashes.
    """
    if reason not in REASONS:
        raise Refused("Say why, by one of the reasons.")
    batch = lock(db, batch.id)
    made = SentOut(
        batch_id=batch.id,
        number=person.number,
        reason=reason,
        words=words,
        made_at=now,
        made_by=actor_id,
        fingerprint=person.fingerprint,
    )
    db.add(made)
    db.flush()
    for mark in marks_of(person.email, person.phone):
        hashed = hashed_mark(mark, key)
        db.add(SentOutMark(sent_out_id=made.id, hashed=hashed))
    send_away(db, person=person, now=now)
    person.fingerprint = person.words = person.client_uuid = None
    db.flush()
    _log(db, made, "sent out of a room", actor_id, reason)
    return made


def hashed_mark(mark: str, key: str) -> str:
    """What is kept of an address or a number that is turned away."""
    return tokens.derived(f"sent out|{mark}", secret=key)


def let_in(db: Session, *, batch: Batch, held: SentOut, now: datetime, actor_id: int) -> None:
    """They may come in again, as somebody new. Not where a moderator keeps them out everywhere."""
    lock(db, batch.id)
    db.refresh(held, with_for_update=True)
    if held.everywhere_until is not None and held.everywhere_until > now:
        raise NotAllowed("A moderator keeps them out of every meetup. Only a moderator can end it.")
    _lift(db, held, now, actor_id)


def appeal(db: Session, *, held: SentOut, words: str, now: datetime) -> None:
    """They say why it was wrong, once; who sent them out does not decide about it."""
    db.refresh(held, with_for_update=True)
    if held.appealed_at is not None:
        raise Conflict("You have written already. Somebody else looks at it.")
    if not words:
        raise Refused("Write why it was wrong.", field="words")
    held.appeal, held.appealed_at = words, now
    db.flush()
    audit.append(db, "appealed against being sent out", subject=f"sent_out:{held.id}")


def decide(
    db: Session, *, held: SentOut, everywhere: bool, answer: str, now: datetime, actor_id: int
) -> None:
    """A moderator who did not send them out lifts it, or keeps them out of all meetups for long."""
    if held.made_by == actor_id:
        raise NotAllowed("You sent them out yourself: another moderator looks at it.")
    db.refresh(held, with_for_update=True)
    held.answer = answer
    if everywhere:
        if not db.scalar(
            select(SentOutMark.hashed).where(SentOutMark.sent_out_id == held.id).limit(1)
        ):
            raise Refused("They gave no address and no number: nobody would know them again.")
        held.everywhere_until, held.lifted_at, held.lifted_by = everywhere_until(now), None, None
        _log(db, held, "kept out of every meetup", actor_id)
        db.flush()
        return
    held.everywhere_until = None
    _lift(db, held, now, actor_id)


def _lift(db: Session, held: SentOut, now: datetime, actor_id: int) -> None:
    held.lifted_at, held.lifted_by = now, actor_id
    db.execute(delete(SentOutMark).where(SentOutMark.sent_out_id == held.id))
    db.flush()
    _log(db, held, "may come in again", actor_id)


def _log(db: Session, held: SentOut, what: str, actor_id: int, *details: str) -> None:
    audit.append(db, what, subject=f"sent_out:{held.id}", actor_id=actor_id, details=list(details))
