"""Whether what was planned took place: the fate of an event, and the rate of kept promises."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Fate(StrEnum):
    """What became of an event that was planned. ``unknown``: it is over and nobody has said."""

    HELD = "held"
    NOT_HELD = "not held"
    UNKNOWN = "unknown"
    TO_COME = "to come"


FATE_WORDS = {
    Fate.HELD: "Took place",
    Fate.NOT_HELD: "Did not take place",
    Fate.UNKNOWN: "Not yet reported",
    Fate.TO_COME: "Still to come",
}


@dataclass(frozen=True)
class Told:
    """What is known of one event: its report's numbers, and who was ticked at the door."""

    cancelled: bool
    ends_at: datetime
    reported: bool = False
    people: int | None = None
    others: int = 0
    ticked: int = 0


def fate_of(told: Told, *, now: datetime) -> Fate:
    """What became of it. Called off is not held; a report that counts nobody says so, too.

    Without a report somebody must have been ticked: that nobody was ticked says nothing.
    """
    if told.cancelled:
        return Fate.NOT_HELD
    if told.ends_at > now:
        return Fate.TO_COME
    if told.reported and told.people == 0 and not told.others:
        return Fate.NOT_HELD
    return Fate.HELD if told.reported or told.ticked else Fate.UNKNOWN


def people_at(told: Told) -> int | None:
    """How many came: the report's number before the ticks; None where nobody counted."""
    if told.people is not None:
        return told.people
    return told.ticked or None


@dataclass(frozen=True)
class Promise:
    """How many events were planned, and what became of them."""

    held: int = 0
    not_held: int = 0
    unknown: int = 0
    to_come: int = 0
    people: int = 0

    @property
    def planned(self) -> int:
        """All that were planned."""
        return self.held + self.not_held + self.unknown + self.to_come

    @property
    def begun(self) -> bool:
        """Whether there is anything to say yet: one is over, or was called off."""
        return self.planned > self.to_come

    @property
    def rate(self) -> int:
        """Held of those planned, in per cent. What is to come counts as not held yet."""
        return round(100 * self.held / self.planned) if self.planned else 0

    @property
    def known(self) -> bool:
        """Whether anybody has said what became of one. Before that a rate would say nothing."""
        return self.held + self.not_held > 0

    @property
    def words(self) -> str:
        """ "14 of 20 took place (70 %)"; while some are to come it says "so far".

        No rate before anybody has said what became of one.
        """
        so_far = " so far" if self.to_come else ""
        rate = f" ({self.rate} %)" if self.known else ""
        return f"{self.held} of {self.planned} took place{so_far}{rate}"

    @property
    def rest(self) -> str:
        """The others, told apart: "2 did not, 1 is not yet reported, 3 are still to come"."""
        parts = [
            (self.not_held, "did not", "did not"),
            (self.unknown, "is not yet reported", "are not yet reported"),
            (self.to_come, "is still to come", "are still to come"),
        ]
        said = [f"{many} {one if many == 1 else more}" for many, one, more in parts if many]
        return ", ".join(said)


def promise_of(fates: Iterable[tuple[Fate, int | None]]) -> Promise:
    """Add up what became of events, with how many people came to each."""
    known = list(fates)
    counted = Counter(fate for fate, _ in known)
    return Promise(
        held=counted[Fate.HELD],
        not_held=counted[Fate.NOT_HELD],
        unknown=counted[Fate.UNKNOWN],
        to_come=counted[Fate.TO_COME],
        people=sum(people or 0 for fate, people in known if fate is Fate.HELD),
    )
