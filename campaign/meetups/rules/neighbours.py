"""A local table and who sits there; and which number it gets where somebody needs a marked one."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from campaign.meetups.rules.needs import NOTHING, Needs
from campaign.meetups.rules.serving import Hall, handed_out
from campaign.places.rules import distance_km

FEWEST, MOST, USUAL = 4, 10, 7


@dataclass(frozen=True)
class Seat:
    """Somebody to be seated: their number, their branch and where that is, if they said so."""

    number: int
    branch: str = ""
    lat: float | None = None
    lng: float | None = None
    needs: Needs = NOTHING

    @property
    def placed(self) -> bool:
        """Whether they said where they live."""
        return self.lat is not None and self.lng is not None


@dataclass(eq=False)
class Table:
    """A table that was dealt. ``lat`` and ``lng`` are the middle of those who said where.

    ``own`` are the neighbours whose table it is, by their place in the deal; None where it is
    everybody's.
    """

    seats: list[Seat] = field(default_factory=list)
    own: int | None = None
    marks: Needs = NOTHING

    @property
    def middle(self) -> tuple[float, float] | None:
        """The mean point, degrees; None where nobody said where they live."""
        points = [(seat.lat, seat.lng) for seat in self.seats if seat.placed]
        if not points:
            return None
        return (
            sum(lat or 0.0 for lat, _ in points) / len(points),
            sum(lng or 0.0 for _, lng in points) / len(points),
        )

    @property
    def branch(self) -> str:
        """The branch most of them are from; the first in the alphabet where two are equal."""
        named = sorted(seat.branch for seat in self.seats if seat.branch)
        return max(named, key=lambda name: (named.count(name), -named.index(name)), default="")

    @property
    def farthest_km(self) -> float:
        """How far the farthest lives from the middle, km."""
        middle = self.middle
        if middle is None:
            return 0.0
        return max(km_between(middle, (s.lat, s.lng)) for s in self.seats if s.placed)


def by_need(
    tables: list[Table],
    homes: dict[int, int],
    marks: Sequence[Needs],
    apart: Collection[frozenset[int]],
) -> list[Table]:
    """Number the tables so that who needs a mark has it among theirs; then let them change."""
    parties: dict[object, list[Table]] = {}
    for at, table in enumerate(tables):
        parties.setdefault((at,) if table.own is None else table.own, []).append(table)
    groups = list(parties.values())
    asks, guests = (
        [
            [s.needs for table in group for s in table.seats if (s.number in homes) is at_home]
            for group in groups
        ]
        for at_home in (True, False)
    )
    owners = handed_out(marks, [len(group) for group in groups], asks, USUAL, guests)
    placed: dict[int, Table] = {}
    for at, owner in owners.items():
        best = max(groups[owner], key=lambda table: _met(table, marks[at]))
        groups[owner].remove(best)
        placed[at] = best
    free = {id(table) for group in groups for table in group}
    rest = [table for table in tables if id(table) in free]
    ordered = [placed.get(at) or rest.pop(0) for at in range(len(tables))]
    for table, marked in zip(ordered, marks, strict=True):
        table.marks = marked
    _change_by_need(ordered, homes, apart)
    return ordered


def _met(table: Table, marks: Needs) -> int:
    return sum(len(seat.needs & marks) for seat in table.seats)


def _change_by_need(
    tables: list[Table], homes: dict[int, int], apart: Collection[frozenset[int]]
) -> None:
    """Neighbours change places at their own tables; who is tied to none may go to any."""
    seats = {seat.number: seat for table in tables for seat in table.seats}
    hall = Hall(
        [[seat.number for seat in table.seats] for table in tables],
        needs={number: seat.needs for number, seat in seats.items()},
        marks=[table.marks for table in tables],
        apart=apart,
        may=lambda number, at: homes.get(number) in (None, tables[at].own),
        together={n for n, seat in seats.items() if seat.placed and n not in homes},
        roams=seats.keys() - homes.keys(),
        least=FEWEST,
        most=MOST,
    )
    hall.serve()
    for table, numbers in zip(tables, hall.tables, strict=True):
        table.seats = [seats[number] for number in numbers]


def km_between(
    here: tuple[float | None, ...] | None, there: tuple[float | None, ...] | None
) -> float:
    """How far two points are apart, km; without end where one of them is not known."""
    if not here or not there:
        return math.inf
    return distance_km(here[0] or 0.0, here[1] or 0.0, there[0] or 0.0, there[1] or 0.0)
