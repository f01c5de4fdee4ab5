"""A month of a calendar: where it begins and ends, and the ones beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
FIRST_YEAR, LAST_YEAR = 2000, 2100


@dataclass(frozen=True)
class Month:
    """A month by the clock of the country."""

    year: int
    number: int

    @property
    def key(self) -> str:
        """As it stands in an address: "2026-11"."""
        return f"{self.year}-{self.number:02}"

    @property
    def name(self) -> str:
        """As people say it: "November 2026"."""
        return f"{NAMES[self.number - 1]} {self.year}"

    @property
    def begins(self) -> datetime:
        """Its first instant."""
        return datetime(self.year, self.number, 1, tzinfo=ZONE)

    @property
    def until(self) -> datetime:
        """The first instant of the next."""
        year, number = self._moved(1)
        return datetime(year, number, 1, tzinfo=ZONE)

    @property
    def before(self) -> Month | None:
        """The month before; None where calendars end."""
        year, number = self._moved(-1)
        return Month(year, number) if year >= FIRST_YEAR else None

    @property
    def after(self) -> Month | None:
        """The month after; None where calendars end."""
        year, number = self._moved(1)
        return Month(year, number) if year <= LAST_YEAR else None

    def _moved(self, by: int) -> tuple[int, int]:
        months = self.year * 12 + self.number - 1 + by
        return months // 12, months % 12 + 1


def month_of(text: str | None, *, today: date) -> Month:
    """The month of "2026-11"; the present one for anything else."""
    found = re.fullmatch(r"(\d{4})-(\d{2})", text or "", re.ASCII)
    if found:
        year, number = int(found[1]), int(found[2])
        if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12:
            return Month(year, number)
    return Month(today.year, today.month)
