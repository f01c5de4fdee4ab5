"""Sitting elsewhere: asked on the phone, done at the desk, for one or for two who change places."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Breakout, MoveRequest, Participant
from campaign.meetups.operations.locking import lock_open
from campaign.meetups.operations.seating import seat_at, shunned_tables, standing
from campaign.meetups.queries import people, sheets
from campaign.meetups.queries.marks import marks_of
from campaign.meetups.rules.moving import NOT_POSSIBLE, check_move, check_needs
from campaign.meetups.rules.needs import NOTHING
from campaign.meetups.rules.phases import tables_at


def kind_now(batch: Batch) -> str:
    """At which kind of table the room sits."""
    return tables_at(batch.phase)


def seat_of(person: Participant, kind: str) -> Breakout | None:
    """Where somebody sits at tables of that kind."""
    return person.strategy if kind == "strategy" else person.breakout


def ask_to_move(
    db: Session, *, batch: Batch, person: Participant, now: datetime, swap_with: int | None = None
) -> None:
    """Ask the desk for another table, or to change places with a number. Asked again, it is this.

    Refuses who has no table, and to change places with oneself or with nobody.
    """
    batch = lock_open(db, batch.id, person)
    held = person.strategy_id if kind_now(batch) == "strategy" else person.breakout_id
    if held is None:
        raise Refused("You have no table yet.")
    if swap_with is not None:
        other = people.by_number(db, batch_id=batch.id, number=swap_with)
        if other is None or other.id == person.id:
            raise Refused("Nobody else here has this number. Ask them what theirs is.")
    _settle(db, person, now, "taken")
    request = MoveRequest(participant_id=person.id, swap_with=swap_with, asked_at=now)
    with refusing(db, {"uq_move_request_participant_id_open": _asked_already}):
        db.add(request)


def stay(db: Session, *, batch: Batch, person: Participant, now: datetime, by: str) -> None:
    """Take one's own request back, or, at the desk, leave somebody where they are."""
    lock_open(db, batch.id)
    _settle(db, person, now, by)
    db.flush()


def move(
    db: Session,
    *,
    batch: Batch,
    person: Participant,
    to: int,
    now: datetime,
    actor_id: int,
    anyway: bool = False,
) -> None:
    """Sit somebody at another table of those at which the room sits; nobody else moves.

    Refuses, with one sentence for every reason, a table that is full or cannot take them; and,
    unless it is to be ``anyway``, to take them from one that is marked for what they need.
    """
    batch = lock_open(db, batch.id, person)
    kind = kind_now(batch)
    held = standing(db, batch, kind)
    seat = seat_of(person, kind)
    check_move(
        [one for _, one in held],
        to=to,
        now_at=seat.number if seat else None,
        shunned=shunned_tables(db, batch, kind, number=person.number),
    )
    if seat is not None and not anyway:
        _check_needs(db, batch, person, at=seat, to=to)
    seat_at(db, person, next(table for table, one in held if one.number == to))
    _settle(db, person, now, "moved")
    _log(db, batch, actor_id)


def swap(
    db: Session,
    *,
    batch: Batch,
    one: Participant,
    other: Participant,
    now: datetime,
    actor_id: int,
) -> None:
    """Two people change places. Refused, without a reason, where one of them cannot sit there.

    Refused too where one of them would lose a table that is marked for what they need.
    """
    batch = lock_open(db, batch.id, one, other)
    kind = kind_now(batch)
    mine, theirs = seat_of(one, kind), seat_of(other, kind)
    if mine is None or theirs is None or mine.id == theirs.id:
        raise Refused(NOT_POSSIBLE)
    pairs = sheets.kept_apart(db, batch.id)
    for person, table, goes in ((one, theirs, other), (other, mine, one)):
        shunned = {n for pair in pairs if person.number in pair for n in pair}
        if shunned & (_numbers(db, table, kind) - {goes.number, person.number}):
            raise Refused(NOT_POSSIBLE)
    _check_needs(db, batch, one, at=mine, to=theirs.number)
    _check_needs(db, batch, other, at=theirs, to=mine.number)
    seat_at(db, one, theirs)
    seat_at(db, other, mine)
    for person in (one, other):
        _settle(db, person, now, "moved")
    _log(db, batch, actor_id)


def _check_needs(db: Session, batch: Batch, person: Participant, *, at: Breakout, to: int) -> None:
    if not person.needs:
        return
    marks = marks_of(db, batch.meetup_id)
    here, there = marks.get(at.number, NOTHING), marks.get(to, NOTHING)
    check_needs(person.number, person.needs, at=here, to=there, table=to)


def _numbers(db: Session, table: Breakout, kind: str) -> set[int]:
    seat = Participant.strategy_id if kind == "strategy" else Participant.breakout_id
    held = select(Participant.number).where(seat == table.id, Participant.left_at.is_(None))
    return set(db.scalars(held.order_by(Participant.number)))


def _settle(db: Session, person: Participant, now: datetime, outcome: str) -> None:
    db.execute(
        update(MoveRequest)
        .where(MoveRequest.participant_id == person.id, MoveRequest.settled_at.is_(None))
        .values(settled_at=now, outcome=outcome)
    )


def _log(db: Session, batch: Batch, actor_id: int) -> None:
    # Who, and from where to where, stands in no log: it could be read as who avoids whom.
    audit.append(db, "somebody moved", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()


def _asked_already() -> Conflict:
    return Conflict("You have asked already. The desk comes to it.")
