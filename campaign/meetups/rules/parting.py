"""Keeping people apart: whoever is kept from somebody never shares a table with them, where the
room has the tables for it. This stands above sizes, wishes and needs.

Everything here is by the numbers of people and by the places of tables in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

Pair = frozenset[int]
Tables = list[list[int]]

FEWEST_APART = 4
"""Where one table is too few for a pair, it becomes two of at least so many."""

LOOKS = 500_000
"""How often a table is looked at for somebody before it counts as impossible; a room that can do it
needs some thousands, and nobody waits at the desk for one that cannot."""


def still_together(tables: Iterable[Collection[int]], apart: Collection[Pair]) -> list[Pair]:
    """The pairs that share a table, in the order of their numbers."""
    seated = [set(numbers) for numbers in tables]
    return [pair for pair in sorted(apart, key=sorted) if any(pair <= there for there in seated)]


def tables_to_part(tables: Sequence[Collection[int]], apart: Collection[Pair]) -> int | None:
    """How many tables keep those apart for whom these are too few: one more than these.

    None where these are enough, or where the room has not the people for more.
    """
    more = len(tables) + 1
    enough = sum(map(len, tables)) >= more * FEWEST_APART
    return more if enough and still_together(tables, apart) else None


def parted(
    tables: Sequence[Sequence[int]],
    apart: Collection[Pair],
    *,
    distance: Callable[[int, int], float] = lambda one, other: abs(one - other),
) -> Tables:
    """The same tables with the same sizes, and no pair at one of them.

    Whoever is kept from nobody makes room, those who stand last at their table first; everybody
    who must move goes as near as they can by ``distance`` between two tables. Where not all can be
    kept apart, or no way was found, as few share a table as changing chairs two by two can do.
    """
    stand = [list(numbers) for numbers in tables]
    if not still_together(stand, apart):
        return stand
    at = {number: table for table, numbers in enumerate(stand) for number in numbers}
    shuns: dict[int, set[int]] = {}
    for pair in apart:
        for number in pair & at.keys() if pair <= at.keys() else ():
            shuns.setdefault(number, set()).update(pair - {number})
    near = [
        sorted(range(len(stand)), key=lambda t: (t != here, distance(here, t), t))
        for here in range(len(stand))
    ]
    found = _Search([len(numbers) for numbers in stand], shuns, at, near).found()
    return _fewer(stand, shuns, near) if found is None else _seated(stand, found, near)


class _Search:
    """A table for everybody who is kept from somebody: theirs where it can be, else the nearest.

    Whoever has the fewest tables left chooses next, so a dead end shows early.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        shuns: dict[int, set[int]],
        at: dict[int, int],
        near: Sequence[Sequence[int]],
    ) -> None:
        self.sizes = sizes
        self.free = list(sizes)
        self.shuns = shuns
        self.at = at
        self.near = near
        self.placed: dict[int, int] = {}
        self.looks = LOOKS

    def found(self) -> dict[int, int] | None:
        """At which table each of them sits; None where there is no way, or none was found."""
        return self.placed if self._rest() else None

    def _rest(self) -> bool:
        waiting = sorted(self.shuns.keys() - self.placed.keys())
        if not waiting:
            return True
        number = min(
            waiting, key=lambda one: (len(list(self._open(one))), -len(self.shuns[one]), one)
        )
        blank = set[int]()
        for table in list(self._open(number)):
            if self.free[table] == self.sizes[table]:
                if self.sizes[table] in blank:
                    continue  # one like it, with nobody at it yet, was no way either
                blank.add(self.sizes[table])
            self.looks -= len(waiting) * len(self.free)
            if self.looks < 0:
                return False
            self.placed[number] = table
            self.free[table] -= 1
            if self._rest():
                return True
            self.free[table] += 1
            del self.placed[number]
        return False

    def _open(self, number: int) -> Iterator[int]:
        barred = {self.placed[other] for other in self.shuns[number] & self.placed.keys()}
        return (t for t in self.near[self.at[number]] if self.free[t] and t not in barred)


def _seated(stand: Tables, found: dict[int, int], near: Sequence[Sequence[int]]) -> Tables:
    """Everybody else stays as far as the chairs go, then takes the nearest that is free."""
    sizes = [len(numbers) for numbers in stand]
    seated: Tables = [
        [number for number in numbers if found.get(number, here) == here]
        for here, numbers in enumerate(stand)
    ]
    for number, table in found.items():
        if number not in seated[table]:
            seated[table].append(number)
    for here, numbers in enumerate(seated):
        for number in [n for n in reversed(numbers) if n not in found]:
            if len(numbers) <= sizes[here]:
                break
            numbers.remove(number)
            there = next(t for t in near[here] if len(seated[t]) < sizes[t])
            seated[there].append(number)
    return seated


def _fewer(stand: Tables, shuns: dict[int, set[int]], near: Sequence[Sequence[int]]) -> Tables:
    """Each change of chairs leaves fewer pairs at one table than before, so there is a last one."""
    seated = [list(numbers) for numbers in stand]
    while any([_changed(seated, at, number, shuns, near) for at, number in _beside(seated, shuns)]):
        pass
    return seated


def _beside(seated: Tables, shuns: dict[int, set[int]]) -> list[tuple[int, int]]:
    """Who sits with somebody they are kept from, each with the place of their table."""
    return [
        (at, number)
        for at, numbers in enumerate(seated)
        for number in numbers
        if not shuns.get(number, set()).isdisjoint(numbers)
    ]


def _changed(
    seated: Tables,
    at: int,
    number: int,
    shuns: dict[int, set[int]],
    near: Sequence[Sequence[int]],
) -> bool:
    """Somebody changes chairs with the nearest by which more are parted than brought together."""

    def sits_with(one: int, table: int, without: int) -> int:
        return len((shuns.get(one, set()) - {without}).intersection(seated[table]))

    here = seated[at]
    if number not in here:  # they have changed chairs with somebody meanwhile
        return False
    for table in near[at][1:]:
        there = seated[table]
        for other in reversed(there):
            before = sits_with(number, at, number) + sits_with(other, table, other)
            after = sits_with(number, table, other) + sits_with(other, at, number)
            if after < before:
                here[here.index(number)], there[there.index(other)] = other, number
                return True
    return False
