"""Seating by need: who needs a marked table changes places with somebody who does not.

Both deals use it, the one that mixes and the one that keeps neighbours together. Everything here
is by the numbers of people and by the places of tables in a list.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from campaign.meetups.rules.needs import NOTHING, Needs, lacking


@dataclass
class Hall:
    """Who sits at which table, what they need, and how the tables are marked.

    ``may`` says whether somebody can be sat at a table. ``together`` are those who sit with
    somebody by wish: they give way last. ``roams`` are those who are at home at no table: they may
    take a free chair, as long as no table is left with fewer than ``least`` or gets more than
    ``most``.
    """

    tables: list[list[int]]
    needs: Mapping[int, Needs]
    marks: Sequence[Needs]
    apart: Collection[frozenset[int]] = ()
    may: Callable[[int, int], bool] = lambda number, table: True
    together: Collection[int] = ()
    roams: Collection[int] = ()
    least: int = 0
    most: int = 0
    at: dict[int, int] = field(init=False)
    shuns: dict[int, set[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Look up who is where, and who avoids whom."""
        self.at = {number: at for at, there in enumerate(self.tables) for number in there}
        for pair in self.apart:
            for number in pair:
                self.shuns.setdefault(number, set()).update(pair - {number})

    def lacks(self, number: int, table: int) -> int:
        """How much of what somebody needs a table does not have."""
        return lacking(self.needs.get(number, NOTHING), self.marks[table])

    def serve(self) -> None:
        """Change places until no two of them, by changing theirs, leave less unmet.

        Nobody changes who only stands to lose by it, unless the room gains. Sizes stay as they
        are, and nobody comes to sit with whom they are kept from.
        """
        # Each change leaves less unmet in the room, so this ends.
        while any([self._helped(number) for number in sorted(self._unmet())]):
            pass

    def _unmet(self) -> list[int]:
        return [n for n, needs in self.needs.items() if needs and self.lacks(n, self.at[n])]

    def _helped(self, number: int) -> bool:
        here = self.at[number]
        now = self.lacks(number, here)
        better = [t for t in range(len(self.tables)) if self.lacks(number, t) < now]
        for table in sorted(better, key=lambda t: (self.lacks(number, t), t)):
            if not self.may(number, table):
                continue
            other = self._partner(number, table)
            if other is not None:
                self._sit(number, table)
                self._sit(other, here)
                return True
            if self._has_chair(number, table):
                self._sit(number, table)
                return True
        return False

    def _partner(self, number: int, table: int) -> int | None:
        """With whom at that table the exchange leaves least unmet; who came alone first."""
        here = self.at[number]
        won = self.lacks(number, here) - self.lacks(number, table)
        found: list[tuple[int, bool, bool, int]] = []
        for other in self.tables[table]:
            lost = self.lacks(other, here) - self.lacks(other, table)
            if lost < won and self.may(other, here) and self._is_kind(number, other):
                found.append((lost, other in self.together, bool(self.needs.get(other)), other))
        return min(found)[-1] if found else None

    def _is_kind(self, one: int, other: int) -> bool:
        """Whether neither comes to sit with whom they are kept from."""
        for goes, comes in ((one, other), (other, one)):
            there = self.shuns.get(goes)
            if there and not there.isdisjoint(set(self.tables[self.at[comes]]) - {comes}):
                return False
        return True

    def _has_chair(self, number: int, table: int) -> bool:
        fits = (
            len(self.tables[self.at[number]]) > self.least and len(self.tables[table]) < self.most
        )
        shunned = self.shuns.get(number, set())
        return number in self.roams and fits and shunned.isdisjoint(self.tables[table])

    def _sit(self, number: int, table: int) -> None:
        self.tables[self.at[number]].remove(number)
        self.tables[table].append(number)
        self.at[number] = table


def handed_out(
    marks: Sequence[Needs],
    chairs: Sequence[int],
    asks: Sequence[Sequence[Needs]],
    usual: int,
    guests: Sequence[Sequence[Needs]] = (),
) -> dict[int, int]:
    """To which party each marked table goes, by its place in the row; who asks for nothing gets
    none, and a table that nobody asks for goes to nobody.

    ``chairs`` is how many tables each party has, ``asks`` what its people need, ``usual`` how many
    of them sit at a table. ``guests`` are who sits with a party and could sit with another: they
    decide where its own people ask alike.
    """
    owners: dict[int, int] = {}
    left = [list(filter(None, party)) for party in asks]
    with_them = [list(filter(None, party)) for party in guests] or [[] for _ in chairs]
    free, known = list(chairs), dict[tuple[int, Needs], tuple[int, int]]()
    waiting = [table for table in range(len(marks)) if marks[table]]
    while waiting:
        # Tables that are marked alike are alike: the first of them is looked at.
        first = {marks[table]: table for table in reversed(waiting)}
        offers = []
        for marked, table in first.items():
            for at in (at for at, many in enumerate(free) if many):
                if (at, marked) not in known:
                    known[at, marked] = (
                        _served(left[at], marked, usual),
                        _served(with_them[at], marked, usual),
                    )
                offers.append((known[at, marked], -table, -at))
        best = max(offers, default=((0, 0), 0, 0))
        if not any(best[0]):
            break
        table, party = -best[1], -best[2]
        owners[table] = party
        waiting.remove(table)
        free[party] -= 1
        for people in (left, with_them):
            _take(people[party], marks[table], usual)
        known = {key: gain for key, gain in known.items() if key[0] != party}
    return owners


def _served(asks: Sequence[Needs], marks: Needs, usual: int) -> int:
    met = sorted((len(needs & marks) for needs in asks), reverse=True)
    return sum(met[:usual])


def _take(asks: list[Needs], marks: Needs, usual: int) -> None:
    """Those who are served by a table ask no more for another."""
    for needs in sorted(asks, key=lambda one: (-len(one & marks), sorted(one)))[:usual]:
        if needs & marks:
            asks.remove(needs)
