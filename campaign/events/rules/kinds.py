"""The kinds of event: their words, their icon, whom they need."""

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
    """How a kind is said. ``hands``: it needs people to happen. ``places``: how many are proposed;
    None is no limit."""

    label: str
    icon: str
    noun: str = "Event"
    person: str = "person"
    people: str = "people"
    hands: bool = False
    places: int | None = 12
    # What newcomers can do before, where the event has a screen of its own.
    beforehand: str = ""


BEFORE_CALLING = (
    "New to calling? Practise beforehand: four minutes with made-up people, and nobody is rung."
)
KINDS: dict[Kind, KindFacts] = {
    Kind.PHONEBANK: KindFacts(
        "Phonebank",
        "phone",
        "Phonebank",
        "caller",
        "callers",
        hands=True,
        beforehand=BEFORE_CALLING,
    ),
    Kind.CANVASS: KindFacts("Canvass", "footprints", "Canvass", hands=True),
    Kind.STALL: KindFacts("Stall", "store", "Stall", hands=True),
    Kind.MEETING: KindFacts("Meeting", "messages-square", "Meeting"),
    Kind.LEAFLETING: KindFacts("Leafleting", "mailbox", "Leafleting", hands=True),
    Kind.SOCIAL: KindFacts("Social", "cup-soda", "Social"),
    Kind.MEETUP: KindFacts("Campaign meetup", "users", "Campaign meetup", places=None),
    Kind.TRAINING: KindFacts("Training", "graduation-cap", "Training"),
    Kind.RALLY: KindFacts("Rally", "megaphone", "Rally", places=None),
    Kind.AGM: KindFacts("AGM", "hand", "AGM", places=None),
    Kind.OTHER: KindFacts("Event", "calendar"),
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


def proposed_capacity(kind: str) -> int | None:
    """How many places a kind usually has; None, no limit, where a whole hall comes."""
    return facts_of(kind).places


def proposed_needed(kind: str, capacity: int | None) -> int | None:
    """How many an event needs: all its places where it lives of hands, otherwise nobody."""
    return capacity if facts_of(kind).hands else None
