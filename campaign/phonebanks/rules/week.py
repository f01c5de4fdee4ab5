"""Calling hours as data: windows of the day, weeks of windows, bank holidays, and their loading."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time, timedelta
from typing import Any

from campaign.foundation.errors import Refused
from campaign.phonebanks.rules.attempts import Caps

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "bank_holiday"
NAMES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
    HOLIDAY: "Bank holidays",
}


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a day, by the wall clock; ``end`` is no longer in it."""

    start: time
    end: time

    def within(self, other: "Window") -> bool:
        """Whether this lies inside another window."""
        return other.start <= self.start and self.end <= other.end

    def clipped(self, other: "Window") -> "Window | None":
        """Give the part of this that lies inside another window, if any does."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Window(start, end) if start < end else None

    def __str__(self) -> str:
        return f"{self.start:%H:%M}–{self.end:%H:%M}"


Week = Mapping[str, Window | None]
"""A window or None for each of mon … sun and bank_holiday."""

# Never wider, whatever a file or a phonebank says: what trades that ring people hold to, and what
# nobody should have to explain.
OUTERMOST: Week = {
    **dict.fromkeys(DAYS[:5], Window(time(8), time(21))),
    **dict.fromkeys((*DAYS[5:], HOLIDAY), Window(time(9), time(21))),
}


@dataclass(frozen=True, slots=True)
class CallingRules:
    """When and how often people may be rung."""

    outer: Week
    usual: Week
    holidays: Mapping[str, frozenset[date]]
    also: frozenset[tuple[int, int]]
    usual_nation: str
    caps: Caps
    # The last year whose bank holidays are known, of every nation.
    last_year: int

    def is_holiday(self, day: date, nation: str | None = None) -> bool:
        """Whether a day is a bank holiday there, or keeps the peace of one.

        Where nobody knows any more, each day is taken for one: rather no call than a wrong one.
        """
        if day.year > self.last_year:
            return True
        usual = self.holidays[self.usual_nation]
        days = self.holidays.get(nation, usual) if nation else usual
        return day in days or (day.month, day.day) in self.also


def nation_of(council_code: str | None) -> str | None:
    """Say in whose bank holidays a council lies, by the first letter of its ONS code."""
    nations = {"E": "england-and-wales", "W": "england-and-wales", "S": "scotland"}
    return {**nations, "N": "northern-ireland"}.get((council_code or "")[:1])


def load_rules(raw: Mapping[str, Any]) -> CallingRules:
    """Read calling_rules.toml as parsed. Raises ValueError, saying which line is wrong.

    Outer bounds wider than the law and decency allow, or usual hours outside them, stop the
    application from starting.
    """
    outer = _week(raw["outer"], OUTERMOST)
    holidays = dict(raw["bank_holidays"])
    usual_nation = holidays.pop("usual_nation")
    also = frozenset(_month_day(text) for text in holidays.pop("also", ()))
    attempts = raw["attempts"]
    rules = CallingRules(
        outer=outer,
        usual=_week(raw["usual"], outer),
        holidays={nation: frozenset(days) for nation, days in holidays.items()},
        also=also,
        usual_nation=usual_nation,
        caps=Caps(
            attempts["per_phonebank"],
            timedelta(hours=attempts["hours_between"]),
            attempts["per_week"],
            attempts["voicemails"],
            timedelta(hours=attempts["household_hours"]),
        ),
        last_year=min((max(days).year for days in holidays.values()), default=0),
    )
    if usual_nation not in rules.holidays:
        raise ValueError(f"bank_holidays: no list for {usual_nation}")
    return rules


def read_week(raw: Mapping[str, Any], rules: CallingRules) -> Week:
    """Read a phonebank's own hours: ``{"mon": ["10:00", "20:30"], "sun": []}``.

    Days that are not named have no calls. Refuses hours outside the outer bounds.
    """
    try:
        return _week(raw, rules.outer)
    except ValueError as error:
        raise Refused(str(error), field="hours") from None


def plain_week(week: Week) -> dict[str, list[str]]:
    """Write a week as it is stored; ``read_week`` reads it back."""
    return {
        day: [f"{window.start:%H:%M}", f"{window.end:%H:%M}"] if window else []
        for day, window in week.items()
    }


def with_caps(rules: CallingRules, *, per_phonebank: int) -> CallingRules:
    """Give the rules with a phonebank's own cap, which may only be lower."""
    lower = min(per_phonebank, rules.caps.per_phonebank)
    return replace(rules, caps=replace(rules.caps, per_phonebank=lower))


def _week(raw: Mapping[str, Any], bounds: Week) -> Week:
    if unknown := set(raw) - set(NAMES):
        raise ValueError(f"There is no day called {min(unknown)}.")
    return {day: _window(raw.get(day) or (), bounds[day], name) for day, name in NAMES.items()}


def _window(pair: Sequence[str], bounds: Window | None, name: str) -> Window | None:
    if not pair:
        return None
    try:
        start, end = (_clock(text) for text in pair)
    except (TypeError, ValueError):
        raise ValueError(f"{name}: write two times, such as 10:00 and 20:30.") from None
    if start >= end:
        raise ValueError(f"{name}: the end must be after the start.")
    window = Window(start, end)
    if bounds is None or not window.within(bounds):
        allowed = f"between {bounds}" if bounds else "not allowed"
        raise ValueError(f"{name}: calls are {allowed}.")
    return window


def _clock(text: str) -> time:
    if len(text) != 5:
        raise ValueError(text)
    return time.fromisoformat(text)


def _month_day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
