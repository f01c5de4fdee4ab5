"""Events that repeat: a part of RFC 5545's rules, in words, and on which days and instants.

A day that a rule names keeps its time on the wall whatever the clocks do. A time in the hour that
is left out moves forward by that hour; in the hour that comes twice the first is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from dateutil import rrule

from campaign.foundation.errors import Refused

AHEAD = timedelta(days=90)
LONGEST = timedelta(days=731)
MOST_OFTEN = 12
MOST_TIMES = 200
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
PLACES = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
_BYDAY = re.compile(r"(-1|[1-4])?(MO|TU|WE|TH|FR|SA|SU)")


class Scope(StrEnum):
    """How far a change of one event of a series goes."""

    ONE = "one"
    LATER = "later"
    ALL = "all"


SCOPES = {
    Scope.ONE: "Only this one",
    Scope.LATER: "This and later ones",
    Scope.ALL: "All that are to come",
}


@dataclass(frozen=True)
class Rule:
    """``days`` are "TU" of a week, or "1TU" and "-1FR" of a month; each ``interval``-th of them."""

    monthly: bool
    days: tuple[str, ...]
    interval: int = 1
    until: date | None = None
    count: int | None = None

    @property
    def text(self) -> str:
        """As RFC 5545 writes it."""
        parts = [f"FREQ={'MONTHLY' if self.monthly else 'WEEKLY'}"]
        parts += [f"INTERVAL={self.interval}"] if self.interval > 1 else []
        parts.append(f"BYDAY={','.join(self.days)}")
        parts += [f"UNTIL={self.until:%Y%m%d}"] if self.until else []
        parts += [f"COUNT={self.count}"] if self.count else []
        return ";".join(parts)


def parse(text: str) -> Rule:
    """The rule of a text; Refused for what is not ours or never happens."""
    parts = dict(part.partition("=")[::2] for part in text.upper().split(";"))
    freq, days = parts.pop("FREQ", ""), tuple(parts.pop("BYDAY", "").split(","))
    until, count = parts.pop("UNTIL", ""), parts.pop("COUNT", "")
    interval = parts.pop("INTERVAL", "1")
    try:
        rule = Rule(
            monthly=freq == "MONTHLY",
            days=days,
            interval=int(interval),
            until=datetime.strptime(until[:8], "%Y%m%d").date() if until else None,  # noqa: DTZ007
            count=int(count) if count else None,
        )
    except ValueError:
        raise Refused("We cannot read when it repeats.", field="repeats") from None
    if parts or freq not in ("WEEKLY", "MONTHLY"):
        raise Refused("It can repeat each week or each month.", field="repeats")
    return checked(rule)


def checked(rule: Rule) -> Rule:
    """The rule, its days in order; Refused where it cannot be kept."""
    found = [_BYDAY.fullmatch(day) for day in rule.days]
    if not all(match and bool(match.group(1)) is rule.monthly for match in found):
        raise Refused("Choose the days on which it repeats.", field="days")
    if not 1 <= rule.interval <= MOST_OFTEN:
        raise Refused(f"Give a number from 1 to {MOST_OFTEN}.", field="every")
    if rule.until and rule.count:
        raise Refused("Give the last day or the number of times, not both.", field="until")
    if rule.count is not None and not 2 <= rule.count <= MOST_TIMES:
        raise Refused(f"Give a number from 2 to {MOST_TIMES}.", field="times")
    order = sorted(set(rule.days), key=lambda day: (DAYS.index(day[-2:]), day))
    return replace(rule, days=tuple(order))


def with_first(rule: Rule, first: date) -> Rule:
    """The rule with the day of the first event in it: that one happens whatever was ticked."""
    if not rule.monthly:
        return replace(rule, days=(*rule.days, DAYS[first.weekday()]))
    if set(rule.days) & set(places_of(first)):
        return rule
    return replace(rule, days=(*rule.days, places_of(first)[0]))


def places_of(day: date) -> list[str]:
    """What a day is in its month: "4FR", and "-1FR" where it is the last one too."""
    name, number = DAYS[day.weekday()], (day.day - 1) // 7 + 1
    last = (day + timedelta(days=7)).month != day.month
    return [*([f"{number}{name}"] if number <= 4 else []), *([f"-1{name}"] if last else [])]


def last_day_of(rule: Rule, first: date) -> date:
    """The last day on which it can happen; Refused past two years."""
    if rule.until is not None and rule.until < first:
        raise Refused("The last day comes before the first. Choose a later one.", field="until")
    end = first + LONGEST
    if rule.until is not None and rule.until > end:
        raise Refused("It can repeat for two years. Choose an earlier last day.", field="until")
    if rule.count is not None:
        days = _days(rule, first)[: rule.count + 1]
        if len(days) < rule.count or days[-1].date() > end:
            raise Refused("It can repeat for two years. Choose fewer times.", field="times")
        return days[-1].date()
    return rule.until or end


def days_of(rule: Rule, first: date, *, gaps: Iterable[date], begin: date, end: date) -> list[date]:
    """The days from ``begin`` to ``end``, both included, without the gaps."""
    left_out = set(gaps)
    found = (moment.date() for moment in _days(rule, first))
    return [day for day in found if begin <= day <= end and day not in left_out]


def _days(rule: Rule, first: date) -> list[datetime]:
    by = [
        rrule.weekday(DAYS.index(day[-2:]), int(day[:-2]) if day[:-2] else None)
        for day in rule.days
    ]
    start = datetime.combine(first, time())
    horizon = start + LONGEST + timedelta(days=366)
    made = rrule.rrule(
        rrule.MONTHLY if rule.monthly else rrule.WEEKLY,
        dtstart=start,
        interval=rule.interval,
        byweekday=by,
        count=rule.count,
        until=None if rule.count else min(horizon, _end(rule) or horizon),
    )
    return list(made)


def _end(rule: Rule) -> datetime | None:
    return datetime.combine(rule.until, time()) if rule.until else None


def starts_of(day: date, wall: time, *, zone: str) -> datetime:
    """The instant of a day's time on the wall; see the head of this file for the clock changes."""
    return datetime.combine(day, wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def said(rule: Rule) -> str:
    """ "Every Tuesday", "Every 2 weeks on Tuesday", "The last Friday of each month"."""
    if not rule.monthly:
        names = _listed([DAY_NAMES[DAYS.index(day)] for day in rule.days])
        return f"Every {names}" if rule.interval == 1 else f"Every {rule.interval} weeks on {names}"
    names = _listed(
        [f"{PLACES[int(day[:-2])]} {DAY_NAMES[DAYS.index(day[-2:])]}" for day in rule.days]
    )
    each = "each month" if rule.interval == 1 else f"every {rule.interval} months"
    return f"The {names} of {each}"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def read_gaps(text: str | None) -> tuple[date, ...]:
    """The days somebody typed, "24/12/2026" or "2026-12-24", by commas, spaces or lines."""
    days = []
    for word in re.split(r"[\s,;]+", (text or "").strip()):
        if word:
            days.append(_day(word))
    if len(days) > MOST_TIMES:
        raise Refused(f"At most {MOST_TIMES} days.", field="gaps")
    return tuple(sorted(set(days)))


def _day(word: str) -> date:
    for pattern in ("%d/%m/%Y", "%Y-%m-%d"):
        try:
            return datetime.strptime(word, pattern).date()  # noqa: DTZ007 (a day of the calendar)
        except ValueError:
            continue
    sentence = f"“{word[:20]}” is not a day. Write it as 24/12/2026."
    raise Refused(sentence, field="gaps")
