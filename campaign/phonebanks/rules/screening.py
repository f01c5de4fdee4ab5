"""How long a check against the TPS holds, and when a lead is warned that it runs out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.foundation.errors import Refused

# Regulation 21 of PECR leaves 28 days after somebody registers; a check is good for as long.
LASTS = timedelta(days=28)
WARNS = timedelta(days=21)
# Why somebody is held whom the TPS lists; in the queue a claim would step over them.
ON_TPS = "on_tps"

LONDON = ZoneInfo("Europe/London")


def day_of_file(dated: date, last: datetime | None, *, now: datetime) -> datetime:
    """From when a file of a day counts: its first minute in London, the careful reading.

    Refuses a day to come, and one before the last file's: numbers that are out since would come
    back while the check seemed as new as before.
    """
    start = datetime.combine(dated, time(), LONDON)
    if start > now:
        raise Refused("That day has not come yet: give the day of the file.")
    if last is not None and dated < last.astimezone(LONDON).date():
        day = f"{last.astimezone(LONDON):%Y-%m-%d}"
        raise Refused(f"A file of {day} is loaded already, and this one is older.")
    return start


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
