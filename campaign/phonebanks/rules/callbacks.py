"""Promised calls: only at times when people may be rung, before the phonebank ends."""

from datetime import UTC, date, datetime, timedelta

from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.phonebanks.rules.hours import next_opening, window, zone_named
from campaign.phonebanks.rules.week import CallingRules, Week

FARTHEST = timedelta(days=60)


class CallbackRefused(Refused):
    """A callback at a time when we do not ring. ``offered`` is the next lawful one, if any."""

    def __init__(self, message: str, *, offered: datetime | None) -> None:
        super().__init__(message, field="callback_at")
        self.offered = offered


def check_callback(
    at: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    now: datetime,
    closes_at: datetime | None = None,
    nation: str | None = None,
    always: bool = False,
) -> datetime:
    """Answer with the promised time, in UTC. Refuses one that is past, unlawful or too late."""
    if at > now + FARTHEST:
        raise CallbackRefused("Choose a time within the next 60 days.", offered=None)
    wanted = max(at, now)
    offered = next_opening(wanted, tz_name, rules, week, nation=nation, always=always)
    if offered and closes_at and offered >= closes_at:
        offered = None
    if offered == at and at > now:
        return offered
    why = "That time has passed." if at <= now else "We do not ring at that time."
    if offered is None:
        raise CallbackRefused("This phonebank has ended by then.", offered=None)
    said = human_when(offered, None, zone_named(tz_name) or UTC)
    raise CallbackRefused(f"{why} The next time is {said}.", offered=offered)


def slots(
    day: date,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    now: datetime,
    closes_at: datetime | None = None,
    nation: str | None = None,
    minutes: int = 30,
) -> list[datetime]:
    """List the times of a day at which a callback may be promised (UTC)."""
    span = window(day, tz_name, rules, week, nation=nation)
    if span is None:
        return []
    last = min(span.end, closes_at) if closes_at else span.end
    count = int((last - span.start) / timedelta(minutes=minutes)) + 1
    times = (span.start + timedelta(minutes=minutes * step) for step in range(max(count, 0)))
    return [at for at in times if now < at < last]
