"""Promised calls: only at times when people may be rung, before the phonebank ends."""

from datetime import UTC, date, datetime, time, timedelta

from campaign.foundation.errors import Refused
from campaign.foundation.words import human_when
from campaign.phonebanks.rules.hours import next_opening, window, zone_named
from campaign.phonebanks.rules.week import CallingRules, Week

FARTHEST = timedelta(days=60)
QUARTER = timedelta(minutes=15)
EVENING = time(18)
# A time that is a little too late is moved back; one that is hours off is moved on.
SAME_EVENING = timedelta(hours=6)
# How many days back a lawful time is looked for where none comes after.
BACK = 8


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
    """Answer with the promised time, in UTC. Refuses one that is past, unlawful or too late.

    The refusal offers the nearest lawful one: the same evening a little earlier, else the next,
    else the last before the phonebank ends.
    """
    if at > now + FARTHEST:
        raise CallbackRefused("Choose a time within the next 60 days.", offered=None)
    offered = _first(max(at, now), tz_name, rules, week, closes_at, nation=nation, always=always)
    if offered == at and at > now:
        return offered
    before = None
    if at > now:
        before = _last(
            at, tz_name, rules, week, now=now, closes_at=closes_at, nation=nation, always=always
        )
    if before and (offered is None or at - before < min(offered - at, SAME_EVENING)):
        offered = before
    why = "That time has passed." if at <= now else "We do not ring at that time."
    if offered is None:
        raise CallbackRefused("This phonebank has ended by then.", offered=None)
    if closes_at and at >= closes_at:
        why = "This phonebank has ended by then."
    said = human_when(offered, None, zone_named(tz_name) or UTC)
    which = "nearest" if offered == before else "next"
    raise CallbackRefused(f"{why} The {which} time is {said}.", offered=offered)


def offers(
    now: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None = None,
    *,
    closes_at: datetime | None = None,
    nation: str | None = None,
    always: bool = False,
) -> list[tuple[str, datetime]]:
    """Times that one tap promises: in an hour, this evening, tomorrow at the same time.

    In the day of the person who is rung; only lawful ones, before the phonebank ends. Tomorrow
    gives way to the next day on which we ring. What is not lawful is not offered.
    """
    zone = zone_named(tz_name)
    if zone is None:
        return []
    hour = _quarter(now + timedelta(hours=1))
    local = now.astimezone(zone)
    evening = datetime.combine(local.date(), EVENING, zone).astimezone(UTC)
    same = _quarter(datetime.combine(local.date() + timedelta(days=1), local.time(), zone))
    found: list[tuple[str, datetime]] = []
    for label, wanted in (("In an hour", hour), ("This evening", evening), ("Tomorrow", same)):
        at = _first(wanted, tz_name, rules, week, closes_at, nation=nation, always=always)
        moved = at is not None and at != wanted
        if at is None or wanted < hour or (moved and label != "Tomorrow"):
            continue
        if all(at != other for _, other in found):
            found.append(("Next time" if moved else label, at))
    return found


def _first(
    wanted: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None,
    closes_at: datetime | None,
    *,
    nation: str | None,
    always: bool,
) -> datetime | None:
    """The first lawful time from then on, before the phonebank ends."""
    at = next_opening(wanted, tz_name, rules, week, nation=nation, always=always)
    return None if at and closes_at and at >= closes_at else at


def _last(
    at: datetime,
    tz_name: str,
    rules: CallingRules,
    week: Week | None,
    *,
    now: datetime,
    closes_at: datetime | None,
    nation: str | None,
    always: bool,
) -> datetime | None:
    """The last quarter of an hour before then that is lawful and still to come."""
    zone = zone_named(tz_name) or UTC
    day = min(at, closes_at or at).astimezone(zone).date()
    for _ in range(BACK):
        span = window(day, tz_name, rules, week, nation=nation, always=always)
        if span is not None:
            end = min(at, span.end, closes_at or span.end)
            last = _quarter(end - QUARTER - timedelta(microseconds=1))
            if max(span.start, now) <= last and last > now:
                return last
        day -= timedelta(days=1)
    return None


def _quarter(moment: datetime) -> datetime:
    """The next full quarter of an hour, in UTC; every zone of ours is a quarter's multiple off."""
    moment = moment.astimezone(UTC)
    over = timedelta(
        minutes=moment.minute % 15, seconds=moment.second, microseconds=moment.microsecond
    )
    return moment + (QUARTER - over if over else timedelta())


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
