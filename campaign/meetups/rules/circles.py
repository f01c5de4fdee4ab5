"""A topic while people are assigned to it, and which tables of the room are its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from campaign.meetups.rules.mixed import Guest, Unit
from campaign.meetups.rules.mixing import USUAL
from campaign.meetups.rules.needs import Needs, lacking
from campaign.meetups.rules.serving import handed_out


@dataclass
class Circle:
    """A topic while people are assigned to it: its tables, its chairs, and who is in it.

    ``places`` are which tables of the room it has, ``spots`` how those are marked, each with its
    chairs for who needs that.
    """

    topic: int
    tables: int
    chairs: int
    units: list[Unit] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    places: list[int] = field(default_factory=list)
    spots: list[tuple[Needs, int]] = field(default_factory=list)

    @property
    def free(self) -> int:
        """Chairs that are left."""
        return self.chairs - len(self.numbers)

    def lacks(self, unit: Unit) -> int:
        """How much of what they need this topic's tables have no chair for."""
        return sum(
            min((lacking(g.needs, marks) for marks, many in self.spots if many), default=0)
            for g in unit
            if g.needs
        )

    def take(self, unit: Unit) -> None:
        """They are in it; who needs a marked table has a chair at the best that is left."""
        for guest in filter(lambda guest: guest.needs, unit):
            free = [at for at, (_, many) in enumerate(self.spots) if many]
            if free:
                best = min(free, key=lambda at: _fit(guest.needs, self.spots[at][0]))
                self.spots[best] = (self.spots[best][0], self.spots[best][1] - 1)
        self.units.append(unit)
        self.numbers.update(guest.number for guest in unit)

    def drop(self, unit: Unit) -> None:
        """They go to another; only who needs nothing does."""
        self.units.remove(unit)
        self.numbers.difference_update(guest.number for guest in unit)


def _fit(needs: Needs, marks: Needs) -> tuple[int, int]:
    """The best table for these needs lacks least, and is not marked for others."""
    return lacking(needs, marks), len(marks)


def hand_out_tables(
    circles: Sequence[Circle],
    marks: Sequence[Needs],
    order: Sequence[Guest],
    choices: Mapping[int, Sequence[int]],
) -> None:
    """Which tables of the room are each topic's: in a row, but for the marks its people need."""
    asks: dict[int, list[Needs]] = {circle.topic: [] for circle in circles}
    for guest in order:
        best = next((at for at in choices.get(guest.number, ()) if at in asks), None)
        asks[circles[0].topic if best is None else best].append(guest.needs)
    owners = handed_out(marks, [c.tables for c in circles], list(asks.values()), USUAL)
    rest = [at for at in range(len(marks)) if at not in owners]
    for index, circle in enumerate(circles):
        mine = [at for at, owner in owners.items() if owner == index]
        more = circle.tables - len(mine)
        circle.places, rest = sorted(mine + rest[:more]), rest[more:]
        size = circle.chairs // circle.tables
        circle.spots = [(marks[at], size) for at in circle.places]
