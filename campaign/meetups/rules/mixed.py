"""A strategy table and who sits there; and changing places between tables.

Whoever is kept from somebody changes first, then who needs a marked table, then those who bring a
table what it lacks. No change takes from what those before have brought.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from campaign.meetups.rules.needs import NOTHING, Needs, lacking
from campaign.meetups.rules.parting import Pair, parted
from campaign.meetups.rules.serving import Hall

BRANCHES_WANTED = 3


@dataclass(frozen=True)
class Guest:
    """Somebody to be seated, by their number."""

    number: int
    branch: str = ""
    leads: bool = False  # offered to lead a table
    is_new: bool = False  # has not been to one of these before
    needs: Needs = NOTHING


Unit = tuple[Guest, ...]
"""Those who stay together, or one alone."""


@dataclass
class Mixed:
    """A table that was dealt."""

    room: int
    units: list[Unit] = field(default_factory=list)
    marks: Needs = NOTHING

    @property
    def guests(self) -> list[Guest]:
        """Who sits here, by number."""
        return sorted((g for unit in self.units for g in unit), key=lambda g: g.number)

    @property
    def numbers(self) -> set[int]:
        """Their numbers."""
        return {guest.number for unit in self.units for guest in unit}

    @property
    def branches(self) -> Counter[str]:
        """How many are from each branch; who named none counts for none."""
        return Counter(g.branch for unit in self.units for g in unit if g.branch)

    @property
    def leaders(self) -> int:
        """How many offered to lead."""
        return sum(guest.leads for unit in self.units for guest in unit)

    @property
    def newcomers(self) -> int:
        """How many are here for the first time."""
        return sum(guest.is_new for unit in self.units for guest in unit)

    @property
    def free(self) -> int:
        """Chairs that are left."""
        return self.room - sum(map(len, self.units))


def clash(numbers: Collection[int], unit: Iterable[Guest], apart: Collection[Pair]) -> int:
    """How many pairs that are kept apart would share a table."""
    return sum(
        any(other in numbers for other in pair - {guest.number})
        for guest in unit
        for pair in apart
        if guest.number in pair
    )


def part(tables: Sequence[Mixed], apart: Collection[Pair]) -> None:
    """Whoever still sits with whom they are kept from changes chairs; wishes give way."""
    in_order = [
        [g.number for unit in sorted(table.units, key=len, reverse=True) for g in unit]
        for table in tables
    ]
    _sit(tables, parted(in_order, apart))


def _sit(tables: Sequence[Mixed], seated: Sequence[Sequence[int]]) -> None:
    """Those who stay keep whom they sit with; who comes to a table comes alone."""
    guests = {guest.number: guest for table in tables for unit in table.units for guest in unit}
    before = [table.numbers for table in tables]
    for table, there, numbers in zip(tables, before, seated, strict=True):
        if there != set(numbers):
            table.units = _units_left(table.units, set(numbers)) + [
                (guests[number],) for number in numbers if number not in there
            ]


def _swap_is_kind(
    one: Mixed,
    mine: Unit,
    other: Mixed,
    theirs: Unit,
    apart: Collection[Pair],
) -> bool:
    stay, there = one.numbers - {g.number for g in mine}, other.numbers
    there -= {guest.number for guest in theirs}
    return not clash(there, mine, apart) and not clash(stay, theirs, apart)


def _needs_stay(one: Mixed, mine: Unit, other: Mixed, theirs: Unit) -> bool:
    """Whether the exchange leaves every need as it was met: alike people, or alike tables."""
    return mine[0].needs == theirs[0].needs or one.marks == other.marks


def lacks(unit: Iterable[Guest], table: Mixed) -> int:
    """How much of what they need a table does not have."""
    return sum(lacking(guest.needs, table.marks) for guest in unit)


def _swap(one: Mixed, mine: Unit, other: Mixed, theirs: Unit) -> None:
    one.units[one.units.index(mine)] = theirs
    other.units[other.units.index(theirs)] = mine


def serve(tables: Sequence[Mixed], apart: Collection[Pair]) -> None:
    """Who needs a marked table changes chairs with who does not; sizes stay, wishes give way, those
    of others last."""
    if not any(table.marks for table in tables):
        return
    hall = Hall(
        [sorted(table.numbers) for table in tables],
        needs={guest.number: guest.needs for table in tables for guest in table.guests},
        marks=[table.marks for table in tables],
        apart=apart,
        together={g.number for t in tables for unit in t.units if len(unit) > 1 for g in unit},
    )
    hall.serve()
    _sit(tables, hall.tables)


def _units_left(units: Sequence[Unit], numbers: set[int]) -> list[Unit]:
    left = (tuple(guest for guest in unit if guest.number in numbers) for unit in units)
    return [unit for unit in left if unit]


def spread(tables: list[Mixed], apart: Collection[Pair]) -> None:
    """Tables with too few branches, or without a leader, exchange people where that helps."""
    for table in tables:
        # Each exchange leaves the room with less that is lacking, so this ends.
        while _poor(table) and _exchanged(table, tables, apart):
            pass


def _exchanged(table: Mixed, tables: list[Mixed], apart: Collection[Pair]) -> bool:
    for other in tables:
        if other is table:
            continue
        wanted = [unit for unit in other.units if len(unit) == 1 and _helps(unit[0], table, other)]
        if wanted and _better(table, other, wanted, apart):
            return True
    return False


def _better(table: Mixed, other: Mixed, wanted: Sequence[Unit], apart: Collection[Pair]) -> bool:
    """Exchange one person with one of the wanted, if the two tables lack less for it."""
    before = _poor(table) + _poor(other)
    for mine in [unit for unit in table.units if len(unit) == 1]:
        for theirs in wanted:
            if not _needs_stay(table, mine, other, theirs):
                continue
            if not _swap_is_kind(table, mine, other, theirs, apart):
                continue
            _swap(table, mine, other, theirs)
            if _poor(table) + _poor(other) < before:
                return True
            _swap(table, theirs, other, mine)
    return False


def _helps(guest: Guest, table: Mixed, other: Mixed) -> bool:
    """Whether they bring a table what it lacks, and the other can spare it."""
    if not table.leaders and guest.leads and other.leaders > 1:
        return True
    few = len(table.branches) < BRANCHES_WANTED
    return few and bool(guest.branch) and guest.branch not in table.branches


def _poor(table: Mixed) -> int:
    """How much a table lacks: a leader weighs more than a branch."""
    return 3 * (not table.leaders) + max(0, BRANCHES_WANTED - len(table.branches))
