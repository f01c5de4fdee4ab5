"""Calling hours: by the clock of the person who is rung, wherever the caller sits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from campaign.phonebanks.rules.week import DAYS, HOLIDAY, CallingRules, Week, Window

# No week of ours closes for longer: beyond that a phonebank is simply never open.
FARTHEST = 60
EVENING = time(17)
# The zone whose nations have bank holidays of their own.
HOME = "Europe/London"


@dataclass(frozen=True, slots=True)
class Span:
    """A lawful stretch of time, in UTC; ``end`` is no longer in it."""

    start: datetime
    end: datetime


def window(
    day: date,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    nation: str | None = None,
    always: bool = False,
) -> Span | None:
    """Say when people in a zone may be rung on a day of theirs; None: not at all.

    ``week`` is the phonebank's own (None: the usual one), clipped to the outer bounds. A bank
    holiday has its own entry in the week, and its own bounds. ``always`` is for the practice
    phonebank alone, whose numbers ring nowhere. An unknown zone is never open.
    """
    zone = zone_named(tz_name)
    if zone is None:
        return None
    if always:
        return Span(_instant(day, time(), zone), _instant(day + timedelta(days=1), time(), zone))
    hours = _hours(day, rules, rules.usual if week is None else week, nation)
    if hours is None:
        return None
    return Span(_instant(day, hours.start, zone), _instant(day, hours.end, zone))


def open_span(
    now: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    nation: str | None = None,
    always: bool = False,
) -> Span | None:
    """Give the lawful stretch that ``now`` lies in, or None."""
    zone = zone_named(tz_name)
    if zone is None:
        return None
    today = window(_local(now, zone).date(), tz_name, rules, week, nation=nation, always=always)
    return today if today and today.start <= now < today.end else None


def open_now(
    now: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    nation: str | None = None,
    always: bool = False,
) -> bool:
    """Whether people in a zone may be rung now."""
    return open_span(now, tz_name, rules, week, nation=nation, always=always) is not None


def shut_nations(now: datetime, rules: CallingRules, week: Week | None = None) -> tuple[str, ...]:
    """Name the nations whose people may not be rung now, by the hour or for a bank holiday."""
    return tuple(
        nation for nation in rules.holidays if not open_now(now, HOME, rules, week, nation=nation)
    )


def opens_until(
    now: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    nation: str | None = None,
    always: bool = False,
) -> datetime | None:
    """Say until when people in a zone may be rung, if they may be now (UTC)."""
    span = open_span(now, tz_name, rules, week, nation=nation, always=always)
    return span.end if span else None


def next_opening(
    now: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    nation: str | None = None,
    always: bool = False,
) -> datetime | None:
    """Say from when people in a zone may be rung: now, or the next start (UTC).

    None if that is not within sixty days.
    """
    zone = zone_named(tz_name)
    if zone is None:
        return None
    today = _local(now, zone).date()
    for ahead in range(FARTHEST):
        day = today + timedelta(days=ahead)
        span = window(day, tz_name, rules, week, nation=nation, always=always)
        if span and now < span.end:
            return max(now.astimezone(UTC), span.start)
    return None


def reopening(
    now: datetime,
    zones: Sequence[str],
    rules: CallingRules,
    week: Week | None = None,
    *,
    nations: Sequence[str] = (),
) -> datetime | None:
    """Say when the first of those who may not be rung now may be rung again (UTC).

    ``nations`` are those in which they live who are in the zone of our nations, since a bank
    holiday may keep one of them shut for longer; without any, it is the usual one. Whoever may be
    rung this minute is not waited for.
    """
    asked = [
        (zone, nation)
        for zone in zones
        for nation in (nations if zone == HOME and nations else (None,))
        if not open_now(now, zone, rules, week, nation=nation)
    ]
    found = [next_opening(now, zone, rules, week, nation=nation) for zone, nation in asked]
    return min((at for at in found if at), default=None)


def daypart(moment: datetime, tz_name: str) -> str:
    """Say which part of the week it is there: weekday_day, weekday_evening, sat or sun."""
    local = _local(moment, zone_named(tz_name) or ZoneInfo("UTC"))
    if local.weekday() >= 5:
        return DAYS[local.weekday()]
    return "weekday_evening" if local.time() >= EVENING else "weekday_day"


def other_daypart(tried: datetime, after: datetime, tz_name: str) -> datetime:
    """Give the first instant from ``after`` that lies in another part of the week than ``tried``.

    Somebody who was out on a weekday morning may well be in on an evening.
    """
    zone = zone_named(tz_name) or ZoneInfo("UTC")
    part = daypart(tried, tz_name)
    if daypart(after, tz_name) != part:
        return after
    day = _local(after, zone).date()
    starts = (
        _instant(day + timedelta(days=ahead), at, zone)
        for ahead in range(4)
        for at in (time(), EVENING)
    )
    return next(at for at in starts if at > after and daypart(at, tz_name) != part)


def _hours(day: date, rules: CallingRules, week: Week, nation: str | None) -> Window | None:
    name = HOLIDAY if rules.is_holiday(day, nation) else DAYS[day.weekday()]
    hours, bounds = week.get(name), rules.outer.get(name)
    return hours.clipped(bounds) if hours and bounds else None


def _instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


def _local(moment: datetime, zone: ZoneInfo) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("calling hours need an aware time")
    return moment.astimezone(zone)


def zone_named(name: str) -> ZoneInfo | None:
    """Find an IANA zone; None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
