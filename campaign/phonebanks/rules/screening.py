"""How long a check against the TPS holds, and when a lead is warned that it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

# Regulation 21 of PECR leaves 28 days after somebody registers; a check is good for as long.
LASTS = timedelta(days=28)
WARNS = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class RunningOut:
    """The people who may be rung because they were screened: how many, and until when.

    ``until`` is None where there never was a check.
    """

    people: int
    until: datetime | None
    is_over: bool


def running_out(people: int, checked_at: datetime | None, *, now: datetime) -> RunningOut | None:
    """What to warn of, from day 21 on; None where nobody depends on the check, or it is new."""
    if not people or (checked_at is not None and now - checked_at < WARNS):
        return None
    until = checked_at + LASTS if checked_at else None
    return RunningOut(people, until, until is None or now > until)
