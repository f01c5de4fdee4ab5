"""When an event is: from what was typed to instants, across the nights when clocks change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from campaign.foundation.errors import Refused
from campaign.foundation.words import human_day

ZONE = "Europe/London"
LONGEST = timedelta(hours=72)
FARTHEST = timedelta(days=731)
# An evening may run past midnight; more than this was a slip of the hand.
LONGEST_NIGHT = timedelta(hours=14)
TOO_FAR = "That is more than two years ahead. Choose an earlier day."
# The last day that has a next one, in any zone.
LAST_DAY = date(9999, 12, 30)


@dataclass(frozen=True)
class Typed:
    """What somebody typed: a day, a start, perhaps an end; ``twice`` says which doubled hour."""

    day: date
    start: time
    minutes: int
    end: time | None = None
    end_day: date | None = None
    twice: str | None = None


def instants(typed: Typed, *, now: datetime, zone: str = ZONE) -> tuple[datetime, datetime]:
    """Start and end as instants.

    Refuses what the clock does not have (with the next hour as a suggestion), a doubled hour
    nobody chose from, the past, more than two years ahead, an end before the start, over 72 h.
    """
    place = ZoneInfo(zone)
    # Before any sum: the calendar of the machine ends with the year 9999.
    if typed.day > (now + FARTHEST).date() + timedelta(days=1):
        raise Refused(TOO_FAR, field="date")
    starts_at = instant(typed.day, typed.start, zone=place, twice=typed.twice)
    ends_at = _end(typed, starts_at, place)
    check_times(starts_at, ends_at, now=now)
    return starts_at, ends_at


def _end(typed: Typed, starts_at: datetime, place: ZoneInfo) -> datetime:
    if typed.end is None:
        return starts_at + timedelta(minutes=typed.minutes)
    ends_at = instant(
        typed.end_day or typed.day, typed.end, zone=place, field="end", twice=typed.twice
    )
    if ends_at > starts_at or typed.end_day is not None:
        return ends_at
    after_midnight = instant(
        typed.day + timedelta(days=1), typed.end, zone=place, field="end", twice=typed.twice
    )
    if after_midnight - starts_at > LONGEST_NIGHT:
        raise Refused("It ends before it starts. Choose a later end.", field="end")
    return after_midnight


def instant(
    day: date, clock_time: time, *, zone: ZoneInfo, twice: str | None = None, field: str = "start"
) -> datetime:
    """The instant of a wall-clock time. ``twice`` ("first" or "second") chooses a doubled hour."""
    naive = datetime.combine(day, clock_time)
    first = naive.replace(tzinfo=zone, fold=0).astimezone(UTC)
    second = naive.replace(tzinfo=zone, fold=1).astimezone(UTC)
    if first == second:
        return first
    back = first.astimezone(zone).replace(tzinfo=None)
    if back != naive:
        raise Refused(
            f"On {human_day(day)} the clocks go forward, so {clock_time:%H:%M} does not happen. "
            f"Choose {back:%H:%M}.",
            field=field,
        )
    if twice not in ("first", "second"):
        raise Refused(
            f"On {human_day(day)} the clocks go back, so {clock_time:%H:%M} comes twice. "
            "Say which one you mean.",
            field="twice",
        )
    return first if twice == "first" else second


def check_times(starts_at: datetime, ends_at: datetime, *, now: datetime) -> None:
    """Refuse what cannot be announced: see ``instants``."""
    if ends_at <= starts_at:
        raise Refused("It ends before it starts. Choose a later end.", field="end")
    if ends_at - starts_at > LONGEST:
        raise Refused("At most 72 hours fit in one event. Announce several.", field="end")
    if starts_at < now - timedelta(minutes=15):
        raise Refused("That is in the past. Choose a later day or time.", field="date")
    if starts_at > now + FARTHEST:
        raise Refused(TOO_FAR, field="date")


def window(
    when: str | None, *, first: date | None, last: date | None, now: datetime, zone: str = ZONE
) -> tuple[datetime, datetime | None]:
    """From when until when to look: "today", "weekend", "week", or the days given."""
    place = ZoneInfo(zone)
    today = now.astimezone(place).date()
    begin, end = {
        "today": (today, today),
        "weekend": _weekend(today),
        "week": (today, today + timedelta(days=6)),
    }.get(when or "", (first or today, last))
    until = midnight(min(end, LAST_DAY) + timedelta(days=1), place) if end else None
    return max(now, midnight(begin, place)), until


def _weekend(today: date) -> tuple[date, date]:
    saturday = today + timedelta(days=(5 - today.weekday()) % 7)
    if today.weekday() == 6:
        return today, today
    return saturday, saturday + timedelta(days=1)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day begins."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
