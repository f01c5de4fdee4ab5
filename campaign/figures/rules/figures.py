"""Figures: a heading that says something, a plot, and the very same numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campaign.figures.rules import plots
from campaign.figures.rules.hiding import LEAST, hidden, is_small
from campaign.figures.rules.plots import Line, Picture, Stack
from campaign.foundation.words import DAYS
from campaign.phonebanks.rules.funnel import Funnel, together

Cell = str | int
UNDER = f"under {LEAST}"
WORDS = {
    "calls": "Calls made",
    "reached": "Somebody answered",
    "talks": "Conversations",
    "asked": "Asked to come",
    "yes": "Said yes",
    "came": "Came",
}
# The steps that tell what people said: small numbers of these are not for everybody.
SAID = ("asked", "yes", "came")
# An hour or a day with fewer calls is not called best or worst.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Table:
    """A table as it stands below a plot and in a file."""

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot with its words. ``keys`` says what the colours mean: a class and a word for each."""

    key: str
    heading: str
    kind: str
    picture: Picture
    table: Table
    caption: str = ""
    keys: tuple[tuple[str, str], ...] = ()
    wide: bool = False

    @property
    def told(self) -> str:
        """The plot in words, for who does not see it."""
        names = self.table.headings
        return "; ".join(
            f"{row[0]}: " + ", ".join(f"{cell} {names[place + 1].lower()}" for place, cell in
                                      enumerate(row[1:]))
            for row in self.table.rows
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """A part of the calls with its name, and by how many callers."""

    name: str
    funnel: Funnel
    callers: int = 0


def share(part: int, whole: int) -> int:
    """How many in a hundred."""
    return round(100 * part / whole) if whole else 0


def funnel(total: Funnel, *, sees_all: bool, came: str = "") -> Figure:
    """From calls to people who came; ``came`` says when that is known where it is not yet."""
    values = {step: getattr(total, step) for step in WORDS}
    hide = set() if sees_all else {step for step in SAID if is_small(values[step])}
    before = {"reached": "calls", "talks": "reached", "asked": "talks", "yes": "asked"}
    after = {"calls": "calls", "reached": "answered", "talks": "talked", "asked": "asked"}
    lines, rows = [], []
    for step, words in WORDS.items():
        number, basis = values[step], before.get(step, "")
        unknown = step == "came" and bool(came)
        sub = ""
        if basis and values[basis] and not hide & {step, basis}:
            sub = f"{share(number, values[basis])} in 100 {after[basis]}"
        shown = _shown(number, step in hide)
        lines.append(
            Line(
                label=words,
                number=0 if step in hide or unknown else number,
                sub=came if unknown else shown if step in hide and isinstance(shown, str) else sub,
                hot=step in ("yes", "came"),
                empty=unknown or step in hide,
            )
        )
        rows.append((words, came if unknown else shown))
    picture = plots.rows(lines, room=0)
    return Figure(
        key="funnel",
        heading=_funnel_heading(total, hide),
        kind="funnel",
        picture=picture,
        table=Table("From calls to people who come", ("Step", "Number"), tuple(rows)),
        caption="Each bar is part of the one above it.",
    )


def hours(week: Mapping[tuple[int, int], Funnel]) -> Figure:
    """Calls and answers by the hour of who is rung."""
    found = _by(week, 1)
    span = range(min(found), max(found) + 1) if found else range(10, 20)
    named = [(f"{hour}", f"{hour:02}:00", found.get(hour, Funnel())) for hour in span]
    best = _best([(f"{long}", one) for _, long, one in named])
    heading = f"At {best[0]} most people answer: {best[1]} in 100" if best else "When people answer"
    return _standing("hours", heading, "Calls by hour of the day where they live", "Hour", named)


def weekdays(week: Mapping[tuple[int, int], Funnel]) -> Figure:
    """Calls and answers by the weekday of who is rung."""
    found = _by(week, 0)
    named = [(day, day, found.get(place, Funnel())) for place, day in enumerate(DAYS)]
    best = _best([(long, one) for _, long, one in named])
    heading = f"{best[0]} is best: {best[1]} in 100 answer" if best else "By day of the week"
    return _standing("weekdays", heading, "Calls by day of the week", "Day", named)


def parts(key: str, heading: str, first: str, named: Sequence[Named], *, sees_all: bool) -> Figure:
    """The calls of several parts one below the other, with those who said yes inside."""
    hide = {
        step: frozenset() if sees_all else hidden(
            {place: getattr(one.funnel, step) for place, one in enumerate(named)}
        )
        for step in SAID
    }  # fmt: skip
    lines = [
        Line(
            label=one.name,
            number=one.funnel.calls,
            part=None if place in hide["yes"] else one.funnel.yes,
            sub=f"calls, {_shown(one.funnel.yes, place in hide['yes'])} said yes",
        )
        for place, one in enumerate(named)
    ]
    with_callers = any(one.callers for one in named)
    rows = [
        (
            one.name,
            *((one.callers,) if with_callers else ()),
            *(_shown(getattr(one.funnel, step), place in hide.get(step, ())) for step in WORDS),
        )
        for place, one in enumerate(named)
    ]
    callers = ("Callers",) if with_callers else ()
    return Figure(
        key=key,
        heading=heading,
        kind="rows",
        picture=plots.rows(lines, room=220),
        table=Table(heading, (first, *callers, *WORDS.values()), tuple(rows)),
        keys=(("all", "calls"), ("hot", "said yes")),
        caption="" if sees_all else f"Numbers of answers under {LEAST} are not shown.",
    )


def endings(found: Sequence[tuple[str, bool, int]]) -> Figure:
    """How the calls ended: what, whether somebody answered, how many; the commonest first."""
    ordered = sorted(found, key=lambda one: (not one[1], -one[2], one[0]))
    lines = [Line(label, number, hot=reached) for label, reached, number in ordered]
    total = sum(number for _, _, number in found)
    return Figure(
        key="endings",
        heading=f"How the {total:,} calls ended" if total != 1 else "How the call ended",
        kind="endings",
        picture=plots.rows(lines),
        table=Table(
            "How calls ended",
            ("Ending", "Calls", "Somebody answered"),
            tuple(
                (label, number, "yes" if reached else "no") for label, reached, number in ordered
            ),
        ),
        keys=(("hot", "somebody answered"), ("ans", "nobody did")),
    )


def said(question: str, key: str, found: Sequence[tuple[str, int]], *, sees_all: bool) -> Figure:
    """How many gave which answer to a question."""
    hide = frozenset() if sees_all else hidden({label: number for label, number in found})
    lines = [
        Line(label, 0 if label in hide else number, sub=UNDER if label in hide else "",
             empty=label in hide, hot=True)
        for label, number in found
    ]  # fmt: skip
    return Figure(
        key=key,
        heading=question,
        kind="funnel",
        picture=plots.rows(lines, room=90),
        table=Table(
            question,
            ("Answer", "People"),
            tuple((label, _shown(number, label in hide)) for label, number in found),
        ),
        caption="" if sees_all else f"Numbers under {LEAST} are not shown.",
    )


def without_small(groups: Sequence[Named]) -> list[Named]:
    """Groups with fewer than five callers stand together, the largest group first."""
    small = [one for one in groups if one.callers < LEAST]
    if len(small) < 2:
        return sorted(groups, key=_largest)
    rest = Named(
        "Smaller groups", together(one.funnel for one in small), sum(one.callers for one in small)
    )
    return [*sorted((one for one in groups if one.callers >= LEAST), key=_largest), rest]


def _largest(one: Named) -> tuple[int, str]:
    return (-one.funnel.calls, one.name)


def _shown(number: int, is_hidden: bool) -> Cell:
    return UNDER if is_hidden else number


def _funnel_heading(total: Funnel, hide: set[str]) -> str:
    if total.asked >= ENOUGH and not hide:
        return f"{share(total.yes, total.asked)} in 100 who are asked say yes"
    return "From calls to people who come"


def _by(week: Mapping[tuple[int, int], Funnel], place: int) -> dict[int, Funnel]:
    found: dict[int, Funnel] = {}
    for at, one in week.items():
        found[at[place]] = found.get(at[place], Funnel()) + one
    return found


def _best(named: Sequence[tuple[str, Funnel]]) -> tuple[str, int] | None:
    """The best of those with enough calls, where there are two to compare."""
    enough = [(share(one.reached, one.calls), long) for long, one in named if one.calls >= ENOUGH]
    if len(enough) < 2:
        return None
    answered, long = max(enough, key=lambda one: one[0])
    return (long, answered)


def _standing(
    key: str,
    heading: str,
    caption: str,
    first: str,
    named: Sequence[tuple[str, str, Funnel]],
) -> Figure:
    most = max((share(one.reached, one.calls) for _, _, one in named if one.calls >= ENOUGH),
               default=-1)  # fmt: skip
    stacks = [
        Stack(
            label=brief,
            number=one.calls,
            part=one.reached,
            value=str(share(one.reached, one.calls)) if one.calls else "",
            hot=one.calls >= ENOUGH and share(one.reached, one.calls) == most,
        )
        for brief, _, one in named
    ]
    rows = tuple(
        (long, one.calls, one.reached, share(one.reached, one.calls), one.talks)
        for _, long, one in named
    )
    return Figure(
        key=key,
        heading=heading,
        kind="columns",
        picture=plots.columns(stacks),
        table=Table(caption, (first, "Calls", "Answered", "In 100", "Conversations"), rows),
        keys=(("all", "calls"), ("ans", "answered")),
        caption="The number is how many in 100 were answered.",
    )
