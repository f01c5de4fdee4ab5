"""Pace and forecast in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campaign.figures.rules import plots
from campaign.figures.rules.figures import Figure, Table
from campaign.figures.rules.forecast import (
    DAYS,
    LEAST_CALLS,
    LEAST_DAYS,
    LEAST_SESSIONS,
    Done,
    Held,
    Needed,
    Planned,
    Range,
    caller_pace,
    callers_needed,
    calls_to_go,
    daily_pace,
    done_on,
)
from campaign.figures.rules.plots import Stack, Track
from campaign.foundation.words import human_day, plural
from campaign.phonebanks.rules.funnel import Funnel

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
         "October", "November", "December")  # fmt: skip
# Who can still be rung: now, or once what they wait for is over. With the others they are all.
LEFT = ("ready", "in_call", "elsewhere", "callback", "resting", "household", "hours")
# With whom calling has come to an end.
THROUGH = ("finished", "tried")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a forecast stands on."""

    left: int
    through: int
    calls: int
    days: Mapping[date, Funnel]
    held: Sequence[Held]
    planned: Sequence[Planned]
    today: date
    closes: date | None


@dataclass(frozen=True, slots=True)
class Outlook:
    """A forecast as it stands on the page."""

    heading: str
    sentences: tuple[str, ...]
    track: Track | None = None
    marks: tuple[str, ...] = ()


def outlook(facts: Facts) -> Outlook:
    """When everybody is rung at this pace, and how many callers it takes to be done in time."""
    if facts.left == 0:
        return Outlook("Everybody has been rung", ("Nobody is left who could be rung.",))
    to_go = calls_to_go(left=facts.left, through=facts.through, calls=facts.calls)
    left = f"{plural(facts.left, 'person', 'people')} can still be rung"
    if to_go is None:
        return Outlook(
            "Too little to say yet",
            (f"{left}. A forecast comes with the first {LEAST_CALLS} calls, once we are through "
             "with somebody.",),
        )  # fmt: skip
    first = (
        f"{left}; at {facts.calls / facts.through:.1f} calls each that is about {_about(to_go)}."
    )
    pace = daily_pace(calls_by_day(facts.days, facts.today))
    if pace is None:
        heading, told, track = "Too little to say yet", _too_few_days(), None
        done = None
    else:
        done = done_on(to_go, pace, today=facts.today)
        heading, told = _when(done, facts), _at_pace(pace)
        track = _track(done, facts)
    return Outlook(heading, (first, told, *_callers(to_go, facts)), track, _marks(done, facts))


def calls_by_day(days: Mapping[date, Funnel], today: date) -> list[int]:
    """Calls of the last whole days, from the first call on; days without any are there, too."""
    if not days:
        return []
    first = max(min(days), today - timedelta(days=DAYS))
    span = (today - first).days
    return [days.get(first + timedelta(days=n), Funnel()).calls for n in range(span)]


def by_day(days: Mapping[date, Funnel], today: date) -> Figure:
    """Calls and conversations of the last two weeks."""
    span = [today - timedelta(days=n) for n in range(DAYS - 1, -1, -1)]
    named = [(day, days.get(day, Funnel())) for day in span]
    stacks = [
        Stack(f"{day.day}", one.calls, one.talks, f"{one.calls}" if one.calls else "")
        for day, one in named
    ]
    week = sum(one.calls for _, one in named[-7:])
    return Figure(
        key="days",
        heading=f"{week:,} calls in the last seven days",
        kind="columns",
        picture=plots.columns(stacks),
        table=Table(
            "Calls by day",
            ("Day", "Calls", "Conversations"),
            tuple((human_day(day, today=today), one.calls, one.talks) for day, one in named),
        ),
        keys=(("all", "calls"), ("ans", "conversations")),
        caption=f"Days from {human_day(span[0])} to {human_day(span[-1])}.",
    )


def long_day(day: date, *, today: date) -> str:
    """A day in full: ``Thursday 3 December``; with its year where that is another."""
    year = f" {day.year}" if day.year != today.year else ""
    return f"{WEEKDAYS[day.weekday()]} {day.day} {NAMES[day.month - 1]}{year}"


def _about(calls: float) -> str:
    """Rounded, so that it does not look better known than it is."""
    step = 10 if calls < 1000 else 100
    rounded = max(step, round(calls / step) * step)
    return f"{rounded:,} calls"


def _too_few_days() -> str:
    return (
        f"With {LEAST_DAYS} whole days of calling and {LEAST_CALLS} calls in them we can say when."
    )


def _when(done: Done, facts: Facts) -> str:
    if done.middle is None:
        return "At this pace it takes more than a year"
    return f"At this pace done on {long_day(done.middle, today=facts.today)}"


def _at_pace(pace: Range) -> str:
    return (
        f"About {pace.middle:,.0f} calls a day of the last {DAYS} days, days without calls among "
        f"them; as those differ, it may be {pace.low:,.0f} to {pace.high:,.0f}."
    )


def _track(done: Done, facts: Facts) -> Track | None:
    if done.earliest is None:
        return None
    return plots.track(facts.today, done.earliest, done.middle, done.latest, facts.closes)


def _marks(done: Done | None, facts: Facts) -> tuple[str, ...]:
    """The same in words, below the picture."""
    if done is None or done.earliest is None:
        return ()
    today = facts.today
    latest = f"and {human_day(done.latest, today=today)}" if done.latest else "and who knows when"
    told = [f"Between {human_day(done.earliest, today=today)} {latest}"]
    if facts.closes:
        told.append(f"Closes {human_day(facts.closes, today=today)}")
    return tuple(told)


def _callers(to_go: float, facts: Facts) -> tuple[str, ...]:
    until = f" to be done by {long_day(facts.closes, today=facts.today)}" if facts.closes else ""
    if not facts.planned:
        return ("No session is planned. Plan one, and this says how many callers it needs.",)
    pace = caller_pace(facts.held)
    if pace is None:
        more = f"After {LEAST_SESSIONS} sessions with calls this says how many callers"
        return (f"{more} the planned ones need.",)
    needed = callers_needed(to_go, pace, facts.planned)
    assert needed is not None
    return (_needed(needed, until), _seats(needed))


def _needed(needed: Needed, until: str) -> str:
    callers, low, high = (int(n) for n in (needed.callers.middle, needed.callers.low,
                                           needed.callers.high))  # fmt: skip
    spread = f" ({low} to {high})" if low != high else ""
    each = "on the planned session" if needed.sessions == 1 else (
        f"on each of the {needed.sessions} planned sessions"
    )  # fmt: skip
    return f"{plural(callers, 'caller')}{spread} needed {each}{until}."


def _seats(needed: Needed) -> str:
    if needed.seats is None:
        return "The planned sessions take as many as come."
    enough = "That is enough" if needed.in_time else "That is not enough: plan more, or larger ones"
    return f"They have {plural(needed.seats, 'seat')} in all. {enough}."
