"""Pace and forecast: when everybody is rung, and how many callers that takes.

What is known are past days and past sessions. A forecast is a range, from how much those differed
among themselves, and there is none where there were too few to say anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, sqrt
from statistics import mean, quantiles, stdev

# With fewer days, sessions or calls than these nothing is foretold.
LEAST_DAYS = 3
LEAST_SESSIONS = 3
LEAST_CALLS = 30
# The pace is that of so many days, which has a whole week in it; days without a call count, too.
DAYS = 14
# What lies farther away than this is "not at this pace".
FARTHEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Range:
    """A middle and how far it may be off: ``low <= middle <= high``."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Held:
    """A session that is over: how long it was, how many called, and their calls."""

    hours: float
    callers: int
    calls: int
    talks: int


@dataclass(frozen=True, slots=True)
class Planned:
    """A session to come, before the end: how long it is, and for how many there is a seat."""

    hours: float
    seats: int | None


@dataclass(frozen=True, slots=True)
class Done:
    """On which day everybody is rung; None where that is farther away than a year."""

    earliest: date | None
    middle: date | None
    latest: date | None


@dataclass(frozen=True, slots=True)
class Needed:
    """How many callers each planned session needs, and for how many they have seats in all."""

    callers: Range
    sessions: int
    hours: float
    # How many of the calls that are still to be made the planned seats can make; None: no limit.
    seats: int | None
    in_time: bool


def calls_to_go(*, left: int, through: int, calls: int) -> float | None:
    """How many calls it takes to come to an end with those who are left.

    As many for each as it took for those with whom calling is ``through``: finished, or tried as
    often as allowed. None where there were too few calls to say that, or nobody is through yet.
    """
    if left <= 0:
        return 0.0
    if calls < LEAST_CALLS or through <= 0:
        return None
    return left * calls / through


def daily_pace(calls: Sequence[int]) -> Range | None:
    """Calls a day, of the last whole days; off by as much as a mean of so many days is.

    None where there are fewer than ``LEAST_DAYS`` or fewer than ``LEAST_CALLS`` calls in them.
    """
    if len(calls) < LEAST_DAYS or sum(calls) < LEAST_CALLS:
        return None
    middle = mean(calls)
    off = stdev(calls) / sqrt(len(calls))
    return Range(max(0.0, middle - off), middle, middle + off)


def done_on(calls: float, pace: Range, *, today: date) -> Done:
    """The days on which so many calls are made at this pace, from tomorrow on."""
    return Done(
        earliest=_day(calls, pace.high, today),
        middle=_day(calls, pace.middle, today),
        latest=_day(calls, pace.low, today),
    )


def caller_pace(held: Sequence[Held]) -> Range | None:
    """Calls of one caller in one hour of a session: the middle session, and the middle half of all.

    None where fewer than ``LEAST_SESSIONS`` were held, or with fewer than ``LEAST_CALLS`` calls.
    """
    rates = [
        one.calls / (one.callers * one.hours)
        for one in held
        if one.callers and one.hours > 0 and one.calls
    ]
    if len(rates) < LEAST_SESSIONS or sum(one.calls for one in held) < LEAST_CALLS:
        return None
    low, middle, high = quantiles(rates, n=4, method="inclusive")
    return Range(low, middle, high)


def callers_needed(calls: float, pace: Range, planned: Sequence[Planned]) -> Needed | None:
    """How many callers each of the planned sessions needs, so that they make so many calls.

    None where no session is planned.
    """
    hours = sum(one.hours for one in planned)
    if hours <= 0:
        return None
    callers = Range(
        *(
            float(ceil(round(calls / (rate * hours), 6)))
            for rate in (pace.high, pace.middle, pace.low)
        )
    )
    seats = [one.seats for one in planned]
    limit = None if None in seats else sum(found or 0 for found in seats)
    most = sum((one.seats or 0) * one.hours for one in planned) * pace.middle
    return Needed(callers, len(planned), hours, limit, limit is None or most >= calls)


def _day(calls: float, a_day: float, today: date) -> date | None:
    if calls <= 0:
        return today
    if a_day <= 0 or calls / a_day > FARTHEST.days:
        return None
    return today + timedelta(days=ceil(round(calls / a_day, 6)))
