"""The last day of a phonebank, and the instant at which it is over."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.foundation.errors import Refused

ZONE = ZoneInfo("Europe/London")


def end_of(last_day: date | None, *, before: datetime | None, now: datetime) -> datetime | None:
    """The midnight after the last day, in London; none for none. Refuses a day that is over.

    A day that stood there ``before`` may stay, also when it is over.
    """
    if last_day is None:
        return None
    end = datetime.combine(last_day + timedelta(days=1), time(), ZONE)
    if end <= now and end != before:
        raise Refused("This day is over. Choose today or a later one.", field="last_day")
    return end


def last_day_of(closes_at: datetime | None) -> date | None:
    """The last day on which somebody can be rung, in London."""
    if closes_at is None:
        return None
    return (closes_at.astimezone(ZONE) - timedelta(microseconds=1)).date()
