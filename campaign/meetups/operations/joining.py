"""Coming into the room, and leaving it."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation import audit, tokens
from campaign.foundation.database import refusing
from campaign.foundation.errors import Refused
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations.locking import lock, lock_open
from campaign.meetups.operations.matching import Kept, place_kept
from campaign.meetups.operations.mixing import late_chair
from campaign.meetups.operations.seating import let_go, local_chair, seat_again
from campaign.meetups.queries import rooms
from campaign.meetups.queries.incidents import is_shut_out
from campaign.meetups.rules.cards import Willing
from campaign.meetups.rules.expected import BroughtIn
from campaign.meetups.rules.incidents import TurnedAway
from campaign.meetups.rules.joining import (
    CONSENT,
    MOST_PRACTICE,
    PRACTICE_AT_ONCE,
    Consents,
    Whereabouts,
    practice_name,
)
from campaign.meetups.rules.needs import NOTHING, Needs, columns_of
from campaign.meetups.rules.phases import has_strategy
from campaign.meetups.rules.sheets import numbers_of
from campaign.meetups.rules.words import words_of


@dataclass(frozen=True)
class Joined:
    """Who came in, and the key for their phone's cookie: only its fingerprint is kept."""

    participant: Participant
    key: str
    is_new: bool = True


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
    needs: Needs = NOTHING,
    client_uuid: str | None = None,
    person_id: int | None = None,
    late: bool = False,
    by_phone: bool = True,
    rsvp_id: int | None = None,
    consent: str = CONSENT,
    holds: bool = False,
) -> Joined:
    """Come in and get a number. ``phone`` is E.164.

    The same page sent twice is the same number, with a fresh key for a phone. Whoever signed up to
    the evening is known again by it; whom the door has brought in from its list meanwhile keeps
    that number, ``by_phone``. Who comes after the tables were dealt sits at the smallest near one
    that is marked for what they need, or at the smallest near one; nobody else moves. Refuses when
    the evening is over, and TurnedAway, without a reason, who was sent out of this room or is kept
    out of everything; BroughtIn where somebody sits for ``rsvp_id`` already. ``holds`` is whether
    the caller has the room's lock.
    """
    batch = batch if holds else lock_open(db, batch.id, late=late)
    if is_shut_out(db, batch_id=batch.id, email=email, phone=phone, name=name):
        raise TurnedAway
    key = tokens.secret()
    known = (
        rooms.participants_with_client(db, batch_id=batch.id, uuid=client_uuid)
        if client_uuid
        else None
    )
    if known is not None and not by_phone:
        return Joined(known, "", is_new=False)
    if known is not None:
        return _back_again(db, batch, known, key)
    kept = Kept(rsvp_id)
    if rsvp_id is None:
        kept = place_kept(
            db,
            batch=batch,
            email=email,
            phone=phone,
            name=name,
            person_id=person_id,
            by_phone=by_phone,
        )
    told = {
        "name": name,
        "initial": initial,
        "email": email.lower() if email else None,
        "phone": phone,
        "branch": where.branch,
        "lat": where.lat,
        "lng": where.lng,
        "person_id": person_id if consents.contact else None,
        "consent": consent,
        "may_contact": consents.contact,
        "hears_area": consents.area,
        "shows_name": consents.names,
        "access_needs": access_needs,
        **columns_of(needs),
        "client_uuid": client_uuid,
        "rsvp_id": kept.rsvp_id,
    }
    if kept.place is not None:
        for column, value in told.items():
            setattr(kept.place, column, value)
        return _back_again(db, batch, kept.place, key)
    if by_phone:
        told["fingerprint"] = tokens.fingerprint(key)
        told["words"] = tokens.fingerprint(words_of(key))
    return Joined(_take_number(db, batch, told, now=now), key)


def _take_number(db: Session, batch: Batch, told: dict[str, Any], *, now: datetime) -> Participant:
    number = rooms.last_number(db, batch.id) + 1
    person = Participant(batch_id=batch.id, number=number, made_at=now, **told)
    # The room's lock lets one in at a time; what holds without it is the constraint.
    known = told["rsvp_id"] is not None
    with refusing(db, {"uq_participant_rsvp_id": BroughtIn}) if known else nullcontext():
        db.add(person)
        db.flush()
    _sit_down(db, batch, person)
    return person


def _sit_down(db: Session, batch: Batch, person: Participant) -> None:
    """A chair where there are tables and they have none."""
    table = None if person.breakout_id else _late_table(db, batch, person)
    chair = None
    if person.strategy_id is None and has_strategy(batch.meetup.preset):
        chair = late_chair(db, batch, number=person.number, needs=person.needs)
    if table is not None:
        person.breakout_id = table
    if chair is not None:
        person.strategy_id = chair
    db.flush()


def _back_again(db: Session, batch: Batch, known: Participant, key: str) -> Joined:
    known.fingerprint = tokens.fingerprint(key)
    known.words = tokens.fingerprint(words_of(key))
    sit_down_again(db, batch, known)
    return Joined(known, key)


def sit_down_again(db: Session, batch: Batch, known: Participant) -> None:
    """Who was here before is here, at a table where there are any; the caller holds the lock."""
    been_away, known.left_at, known.had_left_at = known.left_at is not None, None, None
    db.flush()
    _sit_down(db, batch, known)
    if been_away:
        seat_again(db, batch, known)
    db.flush()


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

    ``told`` is what ``join`` takes besides. The same form sent twice is the same number, as it is
    now. Refuses when the evening is over, and TurnedAway, in words for who brings them.
    """
    try:
        joined = join(db, batch=batch, name=name, now=now, by_phone=False, **told)
    except TurnedAway:
        raise TurnedAway(by_helper=True) from None
    person = joined.participant
    if not joined.is_new:
        return person
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
        person.strategy_id = late_chair(db, batch, number=person.number, needs=person.needs)
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
    person.left_at, person.had_left_at, person.convenes = now, None, False
    let_go(db, person)


def raise_hand(db: Session, *, batch: Batch, person: Participant, willing: str) -> None:
    """Say what one would do: host, help a host, or come. It can be said again."""
    if willing not in set(Willing):
        raise Refused("Choose one of the three answers.")
    lock_open(db, batch.id, person)
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
    lock_open(db, batch.id, person)
    if leads is not None:
        person.leads = leads
    if is_new is not None:
        person.is_new = is_new
    if came_with is not None:
        person.came_with = ", ".join(map(str, numbers_of(came_with)))
    db.flush()


def _late_table(db: Session, batch: Batch, person: Participant) -> int | None:
    where = {"lat": person.lat, "lng": person.lng}
    return local_chair(db, batch, number=person.number, needs=person.needs, **where)
