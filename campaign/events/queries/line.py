"""The line that waits, as the rule of ``rules.allocation`` reads it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Rsvp, Shift, ShiftChoice
from campaign.events.rules.allocation import Party, Policy, Room, Turn, allocate
from campaign.events.rules.signups import Status


def offered(db: Session, event_id: int) -> list[Rsvp]:
    """For whom a place is held until they answer."""
    return _loaded(db, Rsvp.event_id == event_id, Rsvp.status == Status.OFFERED.value)


def by_ids(db: Session, ids: Sequence[int]) -> list[Rsvp]:
    """These sign-ups, in the order of the line."""
    return _loaded(db, Rsvp.id.in_(ids)) if ids else []


def _loaded(db: Session, *wanted: ColumnElement[bool]) -> list[Rsvp]:
    """Sign-ups with their persons and shifts, as the database has them now."""
    query = (
        select(Rsvp)
        .where(*wanted)
        .options(joinedload(Rsvp.person), joinedload(Rsvp.shift))
        .order_by(Rsvp.place_in_line, Rsvp.id)
        .execution_options(populate_existing=True)
    )
    return list(db.scalars(query))


def parties(db: Session, event_id: int, *, up_to: int | None = None) -> list[Party]:
    """Who waits for a place, first come first; ``up_to`` is the last place in line to look at.

    Read as columns: a line may be thousands long, and few of it move.
    """
    wanted = [Rsvp.event_id == event_id, Rsvp.status == Status.WAITING.value]
    if up_to is not None:
        wanted.append(Rsvp.place_in_line <= up_to)
    rows = db.execute(
        select(Rsvp.id, Rsvp.guests, Rsvp.shift_id)
        .where(*wanted)
        .order_by(Rsvp.place_in_line, Rsvp.id)
    ).all()
    chosen = _choices(db, wanted) if rows else {}
    return [
        Party(rsvp_id, 1 + guests, by_liking(chosen.get(rsvp_id, []), best))
        for rsvp_id, guests, best in rows
    ]


def shifts_wanted(db: Session, rsvp: Rsvp) -> tuple[int, ...]:
    """The shifts that somebody would take a place in; none is any."""
    return by_liking(_choices(db, [Rsvp.id == rsvp.id]).get(rsvp.id, []), rsvp.shift_id)


def _choices(db: Session, wanted: Sequence[ColumnElement[bool]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    query = (
        select(ShiftChoice.rsvp_id, ShiftChoice.shift_id)
        .join(Rsvp, Rsvp.id == ShiftChoice.rsvp_id)
        .where(*wanted)
        .order_by(ShiftChoice.rsvp_id, ShiftChoice.shift_id)
    )
    for rsvp_id, shift_id in db.execute(query):
        found.setdefault(rsvp_id, []).append(shift_id)
    return found


def by_liking(shifts: Sequence[int], best: int | None) -> tuple[int, ...]:
    """The shifts somebody could use, the one they named first at the front."""
    return tuple(sorted(shifts, key=lambda shift: (shift != best, shift)))


def room_of(event: Event, shifts: Sequence[Shift] | None) -> Room:
    """What is free of an event, and of those of its shifts that still take people."""
    free = None if event.capacity is None else max(0, event.capacity - event.taken)
    if shifts is None:
        return Room(free)
    slots = {
        shift.id: None if shift.capacity is None else max(0, shift.capacity - shift.taken)
        for shift in shifts
    }
    return Room(free, slots)


def turn_of(db: Session, *, event: Event, rsvp: Rsvp, now: datetime) -> Turn | None:
    """Why a sign-up waits on, for its own page; None where it is not in line."""
    if rsvp.status != Status.WAITING:
        return None
    shifts = list(
        db.scalars(
            select(Shift).where(Shift.event_id == event.id).order_by(Shift.starts_at, Shift.id)
        )
    )
    still = [shift for shift in shifts if shift.starts_at > now] if shifts else None
    line = parties(db, event.id, up_to=rsvp.place_in_line)
    return allocate(line, room_of(event, still), policy=Policy(event.line_policy))[-1]


def waiting_before(db: Session, rsvp: Rsvp) -> int:
    """How many wait in front of a sign-up: there is one line for all shifts."""
    query = _count(rsvp.event_id).where(Rsvp.place_in_line < rsvp.place_in_line)
    return db.scalar(query) or 0


def waiting_count(db: Session, event_id: int) -> int:
    """How many wait."""
    return db.scalar(_count(event_id)) or 0


def _count(event_id: int) -> Select[int]:
    return (
        select(func.count())
        .select_from(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.status == Status.WAITING.value)
    )


def events_with_offers_over(now: datetime) -> Select[int]:
    """The events with an offer that ran out and was not handed on yet."""
    return (
        select(Rsvp.event_id)
        .join(Rsvp.event)
        .where(
            Rsvp.status == Status.OFFERED.value,
            Rsvp.offered_until <= now,
            Event.state != "cancelled",
        )
        .group_by(Rsvp.event_id)
        .order_by(Rsvp.event_id)
    )
