"""How a group stands: four questions, asked of every group and answered on its page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from campaign.foundation.words import human_day

CONVENORS, MEMBERS, EVENTS = 2, 5, 1
DORMANT_AFTER = timedelta(days=60)
WARN_AFTER = timedelta(days=46)
ZONE = ZoneInfo("Europe/London")


class GroupStanding(StrEnum):
    """What the answers make of a group. Nobody sets it: it follows from what there is."""

    SEED = "seed"
    ESTABLISHED = "established"
    DORMANT = "dormant"


@dataclass(frozen=True)
class Question:
    """One of the four, with its answer in words."""

    asked: str
    answer: str
    met: bool


@dataclass(frozen=True)
class Stands:
    """A group's standing, and how it comes about."""

    standing: GroupStanding
    questions: tuple[Question, ...]


def standing_of(
    *, convenors: int, members: int, held: int, last_held: datetime | None, now: datetime
) -> Stands:
    """What a group is: a seed until it has two convenors, five members and a public event behind
    it; then established, or dormant once it has held none for 60 days.

    ``held`` counts listed events that are over; ``last_held`` is when the last of them ended.
    """
    awake = last_held is not None and now - last_held <= DORMANT_AFTER
    questions = (
        Question("Two convenors or more", f"{convenors:,}", convenors >= CONVENORS),
        Question("Five members or more", f"{members:,}", members >= MEMBERS),
        Question("A public event held", f"{held:,}" if held else "none yet", held >= EVENTS),
        Question("Met in the last 60 days", _day(last_held, now), awake),
    )
    grown = all(question.met for question in questions[:3])
    if not grown:
        return Stands(GroupStanding.SEED, questions)
    return Stands(GroupStanding.ESTABLISHED if awake else GroupStanding.DORMANT, questions)


def _day(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "not yet"
    return human_day(moment.astimezone(ZONE).date(), today=now.astimezone(ZONE).date())
