"""Coming into the room, and leaving it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation import audit, tokens
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Meetup, Participant, SeedGroup, SeedInvite
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.operations.mixing import late_chair
from campaign.meetups.operations.seating import let_go, local_chair, seat_again
from campaign.meetups.queries import rooms
from campaign.meetups.rules.cards import Willing
from campaign.meetups.rules.joining import (
    CONSENT,
    MOST_PRACTICE,
    PRACTICE_AT_ONCE,
    Consents,
    Whereabouts,
    practice_name,
)
from campaign.meetups.rules.sheets import numbers_of
from campaign.meetups.rules.words import words_of


@dataclass(frozen=True)
class Joined:
    """Who came in, and the key for their phone's cookie: only its fingerprint is kept."""

    participant: Participant
    key: str


def join(
    db: Session,
    *,
    batch: Batch,
    name: str,
    now: datetime,
    initial: str = "",
    email: str | None = None,
    phone: str | None = None,
    where: Whereabouts = Whereabouts(),  # noqa: B008  # frozen
    consents: Consents = Consents(),  # noqa: B008  # frozen
    access_needs: str = "",
    client_uuid: str | None = None,
    person_id: int | None = None,
    late: bool = False,
) -> Joined:
    """Come in and get a number. ``phone`` is E.164.

    The same page sent twice is the same number, with a fresh key. Who comes after the tables were
    dealt sits at the smallest near one; nobody else moves. Refuses when the evening is over.
    """
    batch = lock_open(db, batch.id, late=late)
    key = tokens.secret()
    known = (
        rooms.participants_with_client(db, batch_id=batch.id, uuid=client_uuid)
        if client_uuid
        else None
    )
    if known is not None:
        return _back_again(db, batch, known, key)
    person = Participant(
        batch_id=batch.id,
        number=rooms.last_number(db, batch.id) + 1,
        name=name,
        initial=initial,
        email=email.lower() if email else None,
        phone=phone,
        branch=where.branch,
        lat=where.lat,
        lng=where.lng,
        person_id=person_id if consents.contact else None,
        consent=CONSENT,
        may_contact=consents.contact,
        hears_area=consents.area,
        shows_name=consents.names,
        access_needs=access_needs,
        fingerprint=tokens.fingerprint(key),
        words=tokens.fingerprint(words_of(key)),
        client_uuid=client_uuid,
        made_at=now,
    )
    db.add(person)
    db.flush()
    person.breakout_id = _late_table(db, batch, person)
    person.strategy_id = late_chair(db, batch, number=person.number)
    db.flush()
    return Joined(person, key)


def _back_again(db: Session, batch: Batch, known: Participant, key: str) -> Joined:
    known.fingerprint = tokens.fingerprint(key)
    known.words = tokens.fingerprint(words_of(key))
    been_away, known.left_at = known.left_at is not None, None
    db.flush()
    if known.breakout_id is None:
        known.breakout_id = _late_table(db, batch, known)
    if known.strategy_id is None:
        known.strategy_id = late_chair(db, batch, number=known.number)
    if been_away:
        seat_again(db, batch, known)
    db.flush()
    return Joined(known, key)


def bring_in(
    db: Session,
    *,
    batch: Batch,
    name: str,
    now: datetime,
    actor_id: int,
    **told: Any,
) -> Participant:
    """The desk or the door brings in somebody without a phone; their table taps for them.

    ``told`` is what ``join`` takes besides. Refuses when the evening is over.
    """
    person = join(db, batch=batch, name=name, now=now, **told).participant
    person.fingerprint = person.words = None
    db.flush()
    audit.append(
        db,
        "brought in at the desk",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"number {person.number}"],
    )
    return person


def add_practice(db: Session, *, batch: Batch, now: datetime, actor_id: int) -> int:
    """Ten practice people come in, so that one person can try the evening; how many came.

    They have no address and sign up to nothing outside this room.
    """
    batch = lock_open(db, batch.id)
    there = rooms.present(db, batch.id)
    already = sum(person.is_practice for person in there)
    number = rooms.last_number(db, batch.id)
    coming = max(0, min(PRACTICE_AT_ONCE, MOST_PRACTICE - already))
    for step in range(coming):
        person = Participant(
            batch_id=batch.id,
            number=number + 1 + step,
            name=practice_name(already + step),
            is_practice=True,
            willing="come" if step % 5 else "cohost",
            made_at=now,
        )
        db.add(person)
        db.flush()
        person.breakout_id = _late_table(db, batch, person)
        person.strategy_id = late_chair(db, batch, number=person.number)
    audit.append(db, "practice people added", subject=f"batch:{batch.id}", actor_id=actor_id)
    return coming


def send_practice_away(db: Session, *, batch: Batch, now: datetime, actor_id: int) -> None:
    """The practice people leave, and their yes with them."""
    batch = lock(db, batch.id)
    for person in rooms.present(db, batch.id):
        if person.is_practice:
            _go(db, person, now)
    db.flush()
    audit.append(db, "practice people sent away", subject=f"batch:{batch.id}", actor_id=actor_id)


def leave(db: Session, *, batch: Batch, person: Participant, now: datetime) -> None:
    """Somebody goes home: their chair is free, and so is a card that waited for their yes.

    What they signed up to stays theirs.
    """
    lock(db, batch.id)
    _go(db, person, now)
    db.flush()


def send_away(db: Session, *, person: Participant, now: datetime) -> None:
    """The chair of somebody who is sent out is free; the caller holds the room's lock."""
    _go(db, person, now)


def _go(db: Session, person: Participant, now: datetime) -> None:
    person.left_at, person.convenes = now, False
    let_go(db, person)


def raise_hand(db: Session, *, batch: Batch, person: Participant, willing: str) -> None:
    """Say what one would do: host, help a host, or come. It can be said again."""
    if willing not in set(Willing):
        raise Refused("Choose one of the three answers.")
    lock_open(db, batch.id)
    person.willing = willing
    db.flush()


def tell(
    db: Session,
    *,
    batch: Batch,
    person: Participant,
    leads: bool | None = None,
    is_new: bool | None = None,
    came_with: str | None = None,
) -> None:
    """Say what helps to mix the strategy tables; what is None stays as it was."""
    lock_open(db, batch.id)
    if leads is not None:
        person.leads = leads
    if is_new is not None:
        person.is_new = is_new
    if came_with is not None:
        person.came_with = ", ".join(map(str, numbers_of(came_with)))
    db.flush()


def room_due(db: Session, ended_before: datetime) -> int:
    """How many people ``forget_the_room`` would delete."""
    theirs = Participant.batch_id.in_(_over(ended_before))
    return db.scalar(select(func.count()).select_from(Participant).where(theirs)) or 0


def _over(ended_before: datetime) -> Select[int]:
    return (
        select(Batch.id)
        .join(Meetup, Meetup.id == Batch.meetup_id)
        .join(Event, Event.id == Meetup.event_id)
        .where(Event.ends_at < ended_before)
    )


def forget_the_room(db: Session, *, ended_before: datetime) -> int:
    """Delete who was at the meetups that ended before then; answers how many people.

    What they signed up to stays: that is an RSVP of an event, and the event its host's.
    """
    meetings = select(Event.id).where(Event.ends_at < ended_before)
    asked = select(SeedGroup.id).where(SeedGroup.meeting_id.in_(meetings))
    db.execute(
        delete(SeedInvite)
        .where(SeedInvite.seed_id.in_(asked))
        .execution_options(synchronize_session=False)
    )
    gone = db.execute(
        delete(Participant)
        .where(Participant.batch_id.in_(_over(ended_before)))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _late_table(db: Session, batch: Batch, person: Participant) -> int | None:
    return local_chair(db, batch, number=person.number, lat=person.lat, lng=person.lng)
