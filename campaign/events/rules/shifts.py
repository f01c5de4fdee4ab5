"""Shifts: when, in which role, for how many; filling an evening with them in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.rules.needs import Need
from campaign.events.rules.times import instant
from campaign.foundation.errors import Refused
from campaign.foundation.words import plural

MOST_SHIFTS = 48
SHORTEST = timedelta(minutes=15)
USUAL = "Helper"


@dataclass(frozen=True)
class Slot:
    """What a shift is: instants, how many fit and how many it needs, the role."""

    starts_at: datetime
    ends_at: datetime
    capacity: int | None = None
    needed: int | None = None
    role: str = USUAL


def moments(event: Any, day: date | None, start: time, end: time) -> tuple[datetime, datetime]:
    """The instants of a shift from the wall clock of its event; an end before its start is after
    midnight.

    Refuses a time that the clock leaves out. Of a doubled hour the run within the event is meant,
    the first where both are.
    """
    zone = ZoneInfo(event.zone)
    on = day or event.starts_at.astimezone(zone).date()
    after = on + timedelta(days=1) if end <= start else on
    starts_at = instant(on, start, zone=zone, twice="first")
    if starts_at < event.starts_at:
        starts_at = instant(on, start, zone=zone, twice="second")
    ends_at = instant(after, end, zone=zone, twice="first", field="end")
    if ends_at <= starts_at:
        ends_at = instant(after, end, zone=zone, twice="second", field="end")
    return starts_at, ends_at


def check_slot(slot: Slot, event: Any) -> None:
    """Refuse a shift outside its event, one that is too short, and one that needs too many."""
    if not event.starts_at <= slot.starts_at < slot.ends_at <= event.ends_at:
        raise Refused("A shift lies within its event. Choose other times.", field="start")
    if slot.ends_at - slot.starts_at < SHORTEST:
        raise Refused("A shift lasts a quarter of an hour at least.", field="end")
    if slot.capacity is not None and (slot.needed or 0) > slot.capacity:
        raise Refused("It cannot need more people than it has places.", field="needed")


def slots_between(
    first: datetime,
    last: datetime,
    *,
    minutes: int,
    capacity: int | None,
    needed: int | None,
    role: str,
) -> list[Slot]:
    """As many whole shifts as fit, one after the other; Refused for none or too many."""
    length = timedelta(minutes=minutes)
    count = (last - first) // length
    if count < 1:
        raise Refused("Not one of that length fits. Choose a shorter one.", field="minutes")
    if count > MOST_SHIFTS:
        raise Refused(
            f"That would be {count} shifts; {MOST_SHIFTS} is the most. Choose a longer one.",
            field="minutes",
        )
    return [
        Slot(first + n * length, first + (n + 1) * length, capacity, needed, role)
        for n in range(count)
    ]


def short_of(shift: Any) -> int:
    """How many people a shift still needs."""
    return max(0, int(shift.needed or 0) - int(shift.taken))


def need_of_shift(shift: Any) -> Need:
    """The chip of a shift: red from two short, amber for one, green where it has enough."""
    if shift.capacity is not None and shift.taken >= shift.capacity:
        return Need("full", "Full: join the waiting list", "full")
    short = short_of(shift)
    if short:
        more = "more " if shift.taken else ""
        words = f"Needs {plural(short, f'{more}person', f'{more}people')}"
        return Need("one" if short == 1 else "short", words, f"short{min(short, 2)}")
    return Need("met", "Has enough, room for you" if shift.needed else "Room for you", "ok")


def needed_by(shifts: Sequence[Any], *, taken: int) -> int | None:
    """How many an event needs, so that it is as short as its worst shift."""
    worst = max(map(short_of, shifts))
    if worst:
        return taken + worst
    in_all = sum(shift.needed or 0 for shift in shifts)
    return min(taken, in_all) or None


def capacity_of(shifts: Sequence[Any], *, taken: int) -> int | None:
    """How many fit into an event: into its shifts, and who came to it before it had any."""
    each = [shift.capacity for shift in shifts if shift.capacity is not None]
    if len(each) < len(shifts):
        return None
    return int(sum(each) + taken - sum(shift.taken for shift in shifts))


def first_choice(shifts: Sequence[Any]) -> Any:
    """The shift that is proposed: with room, and of those the one that lacks most."""
    free = [shift for shift in shifts if need_of_shift(shift).code != "full"]
    return max(free, key=short_of) if free else (shifts[0] if shifts else None)
