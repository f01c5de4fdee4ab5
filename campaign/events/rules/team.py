"""The team of an event: which parts there are, what each may, and the refusals around them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.people.rules import Standing

MOST_ON_TEAM = 20


class TeamRole(StrEnum):
    """A part somebody has in one event beside its host."""

    CO_HOST = "co-host"
    STEWARD = "steward"
    DATA = "data"
    SAFEGUARDING = "safeguarding"


@dataclass(frozen=True)
class Part:
    """How a part is called, and what it may, in a sentence."""

    label: str
    may: str
    standing: Standing


PARTS: dict[TeamRole, Part] = {
    TeamRole.CO_HOST: Part(
        "Co-host",
        "Does all that the host does, and steps in when the host can’t.",
        Standing.CO_HOST,
    ),
    TeamRole.STEWARD: Part(
        "Steward",
        "Sees the names and ticks who is here. No email addresses, no numbers.",
        Standing.STEWARD,
    ),
    TeamRole.DATA: Part(
        "Data keeper",
        "Sees the roster with how to reach people, and downloads it.",
        Standing.EVENT_DATA,
    ),
    TeamRole.SAFEGUARDING: Part(
        "Safeguarding contact",
        "Is named to who comes: somebody to turn to. Sees no names of others.",
        Standing.SAFEGUARDING_CONTACT,
    ),
}


class InviteGone(NotFound):
    """The invitation was answered, taken back, or its event is over."""

    def __init__(self) -> None:
        super().__init__(
            "This invitation is no longer open: it was answered or taken back. "
            "Ask the host for a new one."
        )


class AlreadyAsked(Conflict):
    """The same address was asked for the same part."""

    def __init__(self) -> None:
        super().__init__("They were asked already and have not answered yet.", field="email")


class AlreadyHosted(Conflict):
    """Somebody else took over a moment before."""

    def __init__(self) -> None:
        super().__init__(
            "Thank you for offering. Somebody else said yes a moment before you, so this event has "
            "a host again. Nothing else changes for you."
        )


class TeamFull(Refused):
    """As many as one event takes."""

    def __init__(self) -> None:
        super().__init__(
            f"A team has at most {MOST_ON_TEAM} people, asked ones counted. "
            "Take somebody off it first."
        )
