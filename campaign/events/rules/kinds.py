"""The kinds of event: their words, their icon, how long they last, whom they need."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What an event is."""

    PHONEBANK = "phonebank"
    CANVASS = "canvass"
    STALL = "stall"
    MEETING = "meeting"
    LEAFLETING = "leafleting"
    SOCIAL = "social"
    MEETUP = "meetup"
    TRAINING = "training"
    RALLY = "rally"
    AGM = "agm"
    OTHER = "other"


@dataclass(frozen=True)
class KindFacts:
    """What is proposed for a kind, and how it is said. ``hands``: it needs people to happen."""

    label: str
    icon: str
    minutes: int
    noun: str = "Event"
    person: str = "person"
    people: str = "people"
    hands: bool = False


KINDS: dict[Kind, KindFacts] = {
    Kind.PHONEBANK: KindFacts(
        "Phonebank", "phone", 120, "Phonebank", "caller", "callers", hands=True
    ),
    Kind.CANVASS: KindFacts("Canvass", "footprints", 120, "Canvass", hands=True),
    Kind.STALL: KindFacts("Stall", "store", 120, "Stall", hands=True),
    Kind.MEETING: KindFacts("Meeting", "messages-square", 120, "Meeting"),
    Kind.LEAFLETING: KindFacts("Leafleting", "mailbox", 120, "Leafleting", hands=True),
    Kind.SOCIAL: KindFacts("Social", "cup-soda", 180, "Social"),
    Kind.MEETUP: KindFacts("Campaign meetup", "users", 120, "Campaign meetup"),
    Kind.TRAINING: KindFacts("Training", "graduation-cap", 90, "Training"),
    Kind.RALLY: KindFacts("Rally", "megaphone", 120, "Rally"),
    Kind.AGM: KindFacts("AGM", "hand", 150, "AGM"),
    Kind.OTHER: KindFacts("Event", "calendar", 120),
}
# The six big choices of the page; the others stand in a fold.
FIRST_KINDS = tuple(Kind)[:6]
OTHER_KINDS = tuple(Kind)[6:]


def facts_of(kind: str) -> KindFacts:
    """The facts of a kind, by its code."""
    return KINDS[Kind(kind)]


def proposed_title(kind: str, *, where: str) -> str:
    """ "Phonebank at Trinity Hall", "Phonebank in Lewes", "Training online"."""
    return f"{facts_of(kind).noun} {where}"[:120]


def proposed_needed(kind: str, capacity: int | None) -> int | None:
    """How many an event needs: all its places where it lives of hands, otherwise nobody."""
    return capacity if facts_of(kind).hands else None
