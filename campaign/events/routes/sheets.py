"""The roster as the door reads it: a sheet for each shift, in the order of names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from campaign.events.models import Event, Rsvp, Shift
from campaign.events.queries import Roster
from campaign.events.rules.door import by_first_name, by_surname, letter_of
from campaign.foundation.words import plural

# From so many names on, letters lead to them.
LETTERS_FROM = 12


@dataclass(frozen=True)
class Line:
    """One sign-up as the door shows it."""

    rsvp: Rsvp
    number: int
    came_at: str
    letter: str
    unsure: bool

    @property
    def party(self) -> str:
        """ "2 guests", or nothing."""
        return plural(self.rsvp.guests, "guest") if self.rsvp.guests else ""


@dataclass(frozen=True)
class Sheet:
    """The people of a shift, or of the whole event where there are none."""

    shift: Shift | None
    lines: list[Line]
    # Where each letter begins: the letter, and the first sign-up under it.
    letters: list[tuple[str, str]]

    @property
    def key(self) -> str:
        """What names it in the page."""
        return self.shift.public_id if self.shift else "all"

    @property
    def here(self) -> int:
        """How many people of it are here, guests counted."""
        return sum(_party(line) for line in self.lines if line.rsvp.attendance == "came")

    @property
    def due(self) -> int:
        """How many people of it are still to come, or nobody knows."""
        return sum(_party(line) for line in self.lines if line.rsvp.attendance == "unknown")


def _party(line: Line) -> int:
    return 1 + line.rsvp.guests


def sheets_of(
    event: Event, roster: Roster, *, came_at: Mapping[int, datetime], order: str = "first"
) -> list[Sheet]:
    """The sheets of an event; an event without shifts has one."""
    by_shift: dict[int | None, list[Rsvp]] = {shift.id: [] for shift in event.shifts} or {None: []}
    for rsvp in roster.seated:
        held = rsvp.shift_id if rsvp.shift_id in by_shift else next(iter(by_shift))
        by_shift[held].append(rsvp)
    shifts = {shift.id: shift for shift in event.shifts}
    return [
        _sheet(event, shifts.get(key) if key else None, rsvps, came_at, order)
        for key, rsvps in by_shift.items()
    ]


def _sheet(
    event: Event,
    shift: Shift | None,
    rsvps: list[Rsvp],
    came_at: Mapping[int, datetime],
    order: str,
) -> Sheet:
    name = by_surname if order == "surname" else by_first_name
    lines = [
        _line(event, rsvp, came_at)
        for rsvp in sorted(rsvps, key=lambda one: (*name(one.name), one.place_in_line))
    ]
    firsts = {line.letter: line.rsvp.public_id for line in reversed(lines)}
    letters = sorted(firsts.items()) if len(lines) >= LETTERS_FROM else []
    return Sheet(shift, lines, letters)


def _line(event: Event, rsvp: Rsvp, came_at: Mapping[int, datetime]) -> Line:
    at = came_at.get(rsvp.id)
    unsure = rsvp.attendance == "unknown" and bool(rsvp.reminded_at) and rsvp.status != "confirmed"
    return Line(
        rsvp=rsvp,
        number=rsvp.place_in_line,
        came_at=f"{at.astimezone(ZoneInfo(event.zone)):%H:%M}" if at else "",
        letter=letter_of(rsvp.name),
        unsure=unsure,
    )
