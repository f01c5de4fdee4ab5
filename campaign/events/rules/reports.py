"""What a report counts, which numbers belong to which kind of event, and how they are said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from campaign.events.rules.kinds import Kind
from campaign.events.rules.times import ZONE
from campaign.foundation.errors import Refused

MOST = 100_000
NUMBERS = ("people", "calls", "doors", "leaflets")
ASKS: Mapping[str, str] = {
    "people": "How many people came?",
    "calls": "How many calls?",
    "doors": "How many doors?",
    "leaflets": "How many leaflets?",
}
_WORDS: Mapping[str, tuple[str, str]] = {
    "people": ("person came", "people came"),
    "calls": ("call", "calls"),
    "doors": ("door", "doors"),
    "leaflets": ("leaflet", "leaflets"),
}
_FIRST: Mapping[str, tuple[str, ...]] = {
    Kind.PHONEBANK: ("people", "calls"),
    Kind.CANVASS: ("people", "doors", "leaflets"),
    Kind.STALL: ("people", "leaflets"),
    Kind.LEAFLETING: ("people", "leaflets"),
}


def asked_first(kind: str) -> tuple[str, ...]:
    """The numbers that this kind of event is about; the others are asked in a fold."""
    return _FIRST.get(kind, ("people",))


def check_report(numbers: Mapping[str, int | None], story: str) -> None:
    """Refuse a report that says nothing, and numbers nobody can have counted."""
    for name, number in numbers.items():
        if number is not None and not 0 <= number <= MOST:
            raise Refused(f"Give a number from 0 to {MOST:,}.", field=name)
    if not story.strip() and all(number is None for number in numbers.values()):
        raise Refused("Give one number at least, or write a line.", field="people")


def figures(report: Any) -> list[tuple[str, str]]:
    """The numbers of a report or a sum, each with its word; what nobody counted is left out."""
    found = []
    for name in NUMBERS:
        number = getattr(report, name)
        if number:
            found.append((f"{number:,}", _WORDS[name][0 if number == 1 else 1]))
    return found


def month_of(now: datetime, zone: str = ZONE) -> datetime:
    """When this month began, by the clock of the country."""
    first = now.astimezone(ZoneInfo(zone)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return first.astimezone(UTC)
