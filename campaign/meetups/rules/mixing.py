"""Who sits with whom at the strategy tables: people who do not know each other.

The rule, as it stands on the screen: tables of about eight. Each has somebody who offered to lead
a table, as far as they go round; branches and newcomers are spread, so that a table hears at least
three branches where the room has them. Who asked to stay together does, up to three. The seed
decides what is equal, so the same seed deals the same.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

USUAL, MOST = 8, 10
BRANCHES_WANTED = 3
MOST_TOGETHER = 3

Pair = frozenset[int]


@dataclass(frozen=True)
class Guest:
    """Somebody to be seated, by their number."""

    number: int
    branch: str = ""
    leads: bool = False  # offered to lead a table
    is_new: bool = False  # has not been to one of these before


@dataclass
class Mixed:
    """A table that was dealt."""

    room: int
    units: list[tuple[Guest, ...]] = field(default_factory=list)

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


def tables_for(people: int) -> int:
    """How many tables so many people sit at: about eight at each, never more than ten."""
    return max(1, math.floor(people / USUAL + 0.5), math.ceil(people / MOST)) if people else 0


def mix(
    guests: Iterable[Guest],
    *,
    seed: int,
    together: Iterable[Collection[int]] = (),
    apart: Collection[Pair] = (),
    many: int | None = None,
) -> list[Mixed]:
    """Deal the room. Sizes differ by one at most; nobody sits with whom they are kept from.

    ``many`` tables, where somebody else has counted them; otherwise as many as the room needs.

    ``together`` are wishes by numbers: up to three of one wish stay together. ``apart`` are pairs
    of numbers and win over every wish. Where the room has one table alone, a pair cannot be kept
    apart by chairs: ``still_together`` names it, for whoever looks after people.
    """
    dice = random.Random(seed)  # noqa: S311 (the same deal again is the point)
    order = sorted(guests, key=lambda guest: guest.number)
    dice.shuffle(order)
    many = many or tables_for(len(order))
    tables = [Mixed(len(order) // many + (at < len(order) % many)) for at in range(many)]
    units = units_of(order, together, apart)
    shy = [unit for unit in units if any(guest.number in pair for guest in unit for pair in apart)]
    while shy:
        # Whoever has the fewest tables left to sit at chooses next.
        unit = max(shy, key=lambda one: _closed(one, tables, apart))
        shy.remove(unit)
        units.remove(unit)
        _place(unit, tables, apart)
    for unit in sorted(units, key=_before):
        _place(unit, tables, apart)
    part(tables, apart)
    _spread(tables, apart)
    return tables


def still_together(tables: Iterable[Mixed], apart: Collection[Pair]) -> list[Pair]:
    """The pairs that share a table all the same; none where there is a second table for them."""
    return [pair for table in tables for pair in apart if pair <= table.numbers]


def units_of(
    order: Sequence[Guest], together: Iterable[Collection[int]], apart: Collection[Pair]
) -> list[tuple[Guest, ...]]:
    """Those who stay together, up to three at a time; everybody else alone."""
    by_number = {guest.number: guest for guest in order}
    taken: set[int] = set()
    units = []
    for wish in together:
        free = [by_number[n] for n in sorted(set(wish)) if n in by_number and n not in taken]
        unit: list[Guest] = []
        for guest in free:
            if len(unit) < MOST_TOGETHER and not _clash({guest.number}, unit, apart):
                unit.append(guest)
        if len(unit) > 1:
            units.append(tuple(unit))
            taken.update(guest.number for guest in unit)
    return units + [(guest,) for guest in order if guest.number not in taken]


def _closed(
    unit: tuple[Guest, ...], tables: Iterable[Mixed], apart: Collection[Pair]
) -> tuple[int, int]:
    """At how many tables somebody sits whom they are kept from; then, from how many they are."""
    barred = sum(bool(_clash(table.numbers, unit, apart)) for table in tables)
    return barred, sum(guest.number in pair for guest in unit for pair in apart)


def _before(unit: tuple[Guest, ...]) -> tuple[int, bool, bool, str]:
    """Who is seated first: those together, those who lead, newcomers, then branch by branch."""
    first = unit[0]
    return (-len(unit), not any(g.leads for g in unit), not first.is_new, first.branch)


def _place(unit: tuple[Guest, ...], tables: list[Mixed], apart: Collection[Pair]) -> None:
    """At the table that gains most from them; where nothing fits, they sit one by one."""
    fitting = [table for table in tables if table.free >= len(unit)]
    kind = [table for table in fitting if not _clash(table.numbers, unit, apart)]
    if len(unit) > 1 and not kind:
        for guest in unit:
            _place((guest,), tables, apart)
        return
    leads = any(guest.leads for guest in unit)
    newcomers = any(guest.is_new for guest in unit)

    def loss(table: Mixed) -> tuple[float, ...]:
        branches = table.branches
        return (
            table.leaders if leads else 0,
            sum(branches[guest.branch] for guest in unit if guest.branch),
            table.newcomers if newcomers else 0,
            -table.free,
        )

    min(kind or fitting, key=loss).units.append(unit)


def _clash(numbers: Collection[int], unit: Iterable[Guest], apart: Collection[Pair]) -> int:
    """How many pairs that are kept apart would share a table."""
    return sum(
        any(other in numbers for other in pair - {guest.number})
        for guest in unit
        for pair in apart
        if guest.number in pair
    )


def part(tables: list[Mixed], apart: Collection[Pair]) -> None:
    """Whoever still sits with whom they are kept from changes chairs; wishes give way."""
    for pair in apart:
        held = next((table for table in tables if pair <= table.numbers), None)
        if held is None or len(tables) == 1:
            continue
        _alone(held)
        for table in tables:
            if table is held:
                continue
            _alone(table)
            if _swapped_away(pair, held, table, apart):
                break


def _alone(table: Mixed) -> None:
    table.units = [(guest,) for unit in table.units for guest in unit]


def _swapped_away(pair: Pair, held: Mixed, other: Mixed, apart: Collection[Pair]) -> bool:
    for mine in [unit for unit in held.units if unit[0].number in pair]:
        for theirs in list(other.units):
            if _swap_is_kind(held, mine, other, theirs, apart):
                _swap(held, mine, other, theirs)
                return True
    return False


def _swap_is_kind(
    one: Mixed,
    mine: tuple[Guest, ...],
    other: Mixed,
    theirs: tuple[Guest, ...],
    apart: Collection[Pair],
) -> bool:
    stay, there = one.numbers - {g.number for g in mine}, other.numbers
    there -= {guest.number for guest in theirs}
    return not _clash(there, mine, apart) and not _clash(stay, theirs, apart)


def _swap(one: Mixed, mine: tuple[Guest, ...], other: Mixed, theirs: tuple[Guest, ...]) -> None:
    one.units[one.units.index(mine)] = theirs
    other.units[other.units.index(theirs)] = mine


def _spread(tables: list[Mixed], apart: Collection[Pair]) -> None:
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


def _better(
    table: Mixed, other: Mixed, wanted: Sequence[tuple[Guest, ...]], apart: Collection[Pair]
) -> bool:
    """Exchange one person with one of the wanted, if the two tables lack less for it."""
    before = _poor(table) + _poor(other)
    for mine in [unit for unit in table.units if len(unit) == 1]:
        for theirs in wanted:
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
