"""The funnel: how many calls came how far, each step a part of the one before it.

*Calls*: reported and not taken back (``queries.counted``); also who rang us back. *Reached*: the
person themself was there (``Call.reached``). *Conversations*: reached, and ended in one of
``TALKS``. *Asked*: a conversation with a kept answer to a question that asks for what the
phonebank wants (``rules.asks``), or after which they signed up to its goal by themselves. *Said
yes*: asked, and the answer was a yes, or they signed up. *Came*: of the people who said yes, those
who were checked in at what the phonebank asks them to come to; each person once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, fields, replace
from datetime import date
from typing import Any

# The outcomes in which somebody was talked with, and not only spoken to.
TALKS = ("talked", "talked_partial", "already_done")
# What a list is called whose name is forgotten, and a caller who belongs to no group.
NOWHERE = 0


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many calls came how far."""

    calls: int = 0
    reached: int = 0
    talks: int = 0
    asked: int = 0
    yes: int = 0
    came: int = 0

    def __add__(self, other: Funnel) -> Funnel:
        """Both together."""
        return Funnel(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))

    def __bool__(self) -> bool:
        """Whether there was a call at all."""
        return self.calls > 0

    def as_steps(self) -> Funnel:
        """The same where no step is more than the one before it.

        Forgotten answers are kept by the answer alone: one call may have given two of them.
        """
        asked = min(self.asked, self.talks)
        yes = min(self.yes, asked)
        return replace(self, asked=asked, yes=yes, came=min(self.came, yes))


STEPS = tuple(field.name for field in fields(Funnel))


def together(funnels: Iterable[Funnel]) -> Funnel:
    """All of them in one."""
    return sum(funnels, Funnel())


@dataclass(frozen=True, slots=True)
class Part:
    """The calls of one of several parts, such as a session, and by how many callers."""

    funnel: Funnel
    callers: int = 0


@dataclass(frozen=True, slots=True)
class Sums:
    """What the calls of one phonebank come to, in numbers and nobody's name.

    ``week`` is by weekday (0 is Monday) and hour where the person lives; ``days`` by day in the
    United Kingdom. ``forgotten`` are calls of which only their number is kept: they stand in
    ``total``, ``outcomes`` and ``answers`` (by question and option) and in no other part.
    """

    total: Funnel
    forgotten: Funnel
    outcomes: Mapping[str, int]
    week: Mapping[tuple[int, int], Funnel]
    days: Mapping[date, Funnel]
    sessions: Mapping[int, Part]
    scripts: Mapping[int, Funnel]
    sources: Mapping[str, Funnel]
    groups: Mapping[int, Part]
    answers: Mapping[tuple[str, str], int]

    def as_json(self) -> dict[str, Any]:
        """As it is kept between two looks."""
        return {
            "total": astuple(self.total),
            "forgotten": astuple(self.forgotten),
            "outcomes": dict(self.outcomes),
            "week": [[*at, *astuple(found)] for at, found in self.week.items()],
            "days": {f"{day:%Y-%m-%d}": astuple(found) for day, found in self.days.items()},
            "sessions": _parts(self.sessions),
            "scripts": [[number, *astuple(found)] for number, found in self.scripts.items()],
            "sources": {name: astuple(found) for name, found in self.sources.items()},
            "groups": _parts(self.groups),
            "answers": [[*pair, number] for pair, number in self.answers.items()],
        }

    @classmethod
    def of_json(cls, kept: Mapping[str, Any]) -> Sums:
        """The same again."""
        return cls(
            total=Funnel(*kept["total"]),
            forgotten=Funnel(*kept["forgotten"]),
            outcomes=kept["outcomes"],
            week={(day, hour): Funnel(*found) for day, hour, *found in kept["week"]},
            days={date.fromisoformat(day): Funnel(*found) for day, found in kept["days"].items()},
            sessions=_of_parts(kept["sessions"]),
            scripts={number: Funnel(*found) for number, *found in kept["scripts"]},
            sources={name: Funnel(*found) for name, found in kept["sources"].items()},
            groups=_of_parts(kept["groups"]),
            answers={(question, option): n for question, option, n in kept.get("answers", ())},
        )


def _parts(parts: Mapping[int, Part]) -> list[list[int]]:
    return [[key, part.callers, *astuple(part.funnel)] for key, part in parts.items()]


def _of_parts(kept: Iterable[list[int]]) -> dict[int, Part]:
    return {key: Part(Funnel(*found), callers) for key, callers, *found in kept}
