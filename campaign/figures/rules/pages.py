"""A page of figures: what stands on it, in which order, for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from campaign.figures.rules import figures
from campaign.figures.rules.figures import Figure, Named
from campaign.figures.rules.hiding import is_small
from campaign.foundation.words import plural
from campaign.phonebanks.rules.funnel import NOWHERE, Funnel, Part, Sums, together

OUTSIDE = "Outside a session"
NO_GROUP = "In no group"
NO_SCRIPT = "Without a script"
NO_SOURCE = "Lists that are forgotten"
# So many parts are drawn; the rest stand together.
MOST = 12
# A question as it stands above its answers.
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Names:
    """What the parts are called; sessions in the order in which they were."""

    sessions: Mapping[int, str]
    groups: Mapping[int, str]


def figures_of(
    sums: Sums, names: Names, endings: Sequence[tuple[str, bool, int]], *, sees_all: bool
) -> list[Figure]:
    """Everything below the funnel."""
    by = {"sees_all": sees_all}
    return [
        figures.hours(sums.week),
        figures.weekdays(sums.week),
        figures.parts("groups", "By group of the callers", "Group", _groups(sums, names), **by),
        figures.parts("sessions", "By session", "Session", _sessions(sums, names), **by),
        figures.parts("scripts", "By version of the script", "Script", _scripts(sums), **by),
        figures.parts("lists", "By list", "List", _lists(sums), **by),
        figures.endings(endings),
    ]


def headline(total: Funnel, *, sees_all: bool) -> str:
    """What came of it, in a few words."""
    if not total:
        return "No calls yet"
    if total.yes and (sees_all or not is_small(total.yes)):
        return f"{plural(total.yes, 'person', 'people')} said yes"
    return f"{plural(total.calls, 'call')} so far"


def answers_of(
    steps: Sequence[Mapping[str, Any]], found: Mapping[tuple[str, str], int], *, sees_all: bool
) -> list[Figure]:
    """How many gave which answer, question by question of the newest script."""
    told = []
    for step in steps:
        options = step.get("options") or []
        counted = [
            (str(option["label"]), found.get((str(step["key"]), str(option["key"])), 0))
            for option in options
        ]
        if any(number for _, number in counted):
            question = question_of(str(step.get("say") or step["key"]))
            told.append(
                figures.said(question, f"answers-{step['key']}", counted, sees_all=sees_all)
            )
    return told


def question_of(said: str) -> str:
    """The question itself, of all that a caller says around it."""
    head, mark, _ = said.rpartition("?")
    last = max(head.rfind(sign) for sign in ".?…:") + 1
    question = (head[last:] + mark).strip() or said.strip()
    return question if len(question) <= LONGEST else question[: LONGEST - 1].rstrip() + "…"


def _groups(sums: Sums, names: Names) -> list[Named]:
    named = [
        Named(names.groups.get(key, NO_GROUP), part.funnel, part.callers)
        for key, part in sums.groups.items()
    ]
    return _few(figures.without_small(_merged(named)))


def _sessions(sums: Sums, names: Names) -> list[Named]:
    """In their order, the newest last; what was called at no session after them."""
    named = [
        Named(name, sums.sessions[key].funnel, sums.sessions[key].callers)
        for key, name in names.sessions.items()
        if key in sums.sessions
    ]
    outside = [part for key, part in sums.sessions.items() if key not in names.sessions]
    return [*_few(named[::-1])[::-1], *(_named(OUTSIDE, outside))]


def _named(name: str, parts: Sequence[Part]) -> list[Named]:
    if not parts:
        return []
    whole = together(part.funnel for part in parts)
    return [Named(name, whole, sum(part.callers for part in parts))]


def _scripts(sums: Sums) -> list[Named]:
    return _few(
        [
            Named(NO_SCRIPT if number == NOWHERE else f"Version {number}", found)
            for number, found in sorted(sums.scripts.items(), reverse=True)
        ]
    )


def _lists(sums: Sums) -> list[Named]:
    return largest([Named(name or NO_SOURCE, found) for name, found in sums.sources.items()])


def largest(named: Sequence[Named]) -> list[Named]:
    """The parts with the most calls first; beyond so many the rest stand together."""
    return _few(sorted(named, key=lambda one: (-one.funnel.calls, one.name)))


def _merged(named: Sequence[Named]) -> list[Named]:
    """Parts of the same name are one."""
    found: dict[str, Named] = {}
    for one in named:
        before = found.get(one.name, Named(one.name, Funnel()))
        found[one.name] = Named(one.name, before.funnel + one.funnel, before.callers + one.callers)
    return list(found.values())


def _few(named: Sequence[Named]) -> list[Named]:
    if len(named) <= MOST:
        return list(named)
    rest = named[MOST - 1 :]
    whole = together(one.funnel for one in rest)
    others = Named(f"{len(rest)} others", whole, sum(one.callers for one in rest))
    return [*named[: MOST - 1], others]
