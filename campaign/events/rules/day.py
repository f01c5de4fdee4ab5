"""The day of an event by its own clock: when each letter around it is due, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING, EVENING = time(8), time(18)
# Who must leave home before this has the letter of the day before, and needs no other.
EARLIEST = time(9, 30)
# Nobody is told "today" when they are on their way already.
ON_THE_WAY = timedelta(hours=1)
ASKED_AFTER, REPORT_AFTER = timedelta(hours=1), timedelta(hours=2)
# How long after that it still makes sense, where the worker was down.
LATE = timedelta(hours=24)


def day_of(starts_at: datetime, zone: str) -> date:
    """The day on which it begins, where it is."""
    return starts_at.astimezone(ZoneInfo(zone)).date()


def morning_of(starts_at: datetime, zone: str) -> datetime | None:
    """08:00 of the day, by the clock of the place; None where it begins before half past nine."""
    place = ZoneInfo(zone)
    begins = starts_at.astimezone(place)
    if begins.time() < EARLIEST:
        return None
    return datetime.combine(begins.date(), MORNING, tzinfo=place).astimezone(UTC)


def evening_before(starts_at: datetime, zone: str) -> datetime:
    """18:00 of the day before, by the clock of the place."""
    place = ZoneInfo(zone)
    day = starts_at.astimezone(place).date() - timedelta(days=1)
    return datetime.combine(day, EVENING, tzinfo=place).astimezone(UTC)


def is_its_morning(starts_at: datetime, zone: str, *, now: datetime) -> bool:
    """Whether the letter of the morning is due, and not too late."""
    morning = morning_of(starts_at, zone)
    return morning is not None and morning <= now < starts_at - ON_THE_WAY


def is_the_evening_before(
    starts_at: datetime, zone: str, *, made_at: datetime, now: datetime
) -> bool:
    """Whether the host's letter is due; one that was announced later than that needs none."""
    evening = evening_before(starts_at, zone)
    return made_at < evening <= now < starts_at


def is_after(ends_at: datetime, wait: timedelta, *, now: datetime) -> bool:
    """Whether it has been over for so long, and not for a day more."""
    return ends_at + wait <= now < ends_at + wait + LATE
