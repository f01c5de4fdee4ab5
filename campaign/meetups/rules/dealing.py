"""Who sits with whom at the local tables: neighbours, in tables one can talk across.

The rule, as it stands on the screen: people of one branch sit together. A branch of fewer than
four joins the nearest within 8 km, again and again; more than ten are cut along their longer side
into tables of about seven. Who is from farther away than that, and who says nothing of where they
live, fills the smallest tables. The seed decides what is equal, so the same seed deals the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from campaign.places.rules import distance_km

FEWEST, MOST, USUAL = 4, 10, 7
NEAR_KM = 8.0
COLOURS = ("teal", "blue", "orange", "violet", "green", "pink", "slate", "yellow")


@dataclass(frozen=True)
class Seat:
    """Somebody to be seated: their number, their branch and where that is, if they said so."""

    number: int
    branch: str = ""
    lat: float | None = None
    lng: float | None = None

    @property
    def placed(self) -> bool:
        """Whether they said where they live."""
        return self.lat is not None and self.lng is not None


@dataclass
class Table:
    """A table that was dealt. ``lat`` and ``lng`` are the middle of those who said where."""

    seats: list[Seat] = field(default_factory=list)

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
        return max(_apart(middle, (s.lat, s.lng)) for s in self.seats if s.placed)


def deal(
    seats: Iterable[Seat], *, seed: int, apart: Collection[frozenset[int]] = ()
) -> list[Table]:
    """Deal the room: no table over ten, none under four unless the whole room is that small.

    ``apart`` are pairs of numbers who never share a table, where there is a second one.
    """
    order = sorted(seats, key=lambda seat: seat.number)
    random.Random(seed).shuffle(order)  # noqa: S311 (the same deal again is the point)
    near, far = _merged([seat for seat in order if seat.placed])
    tables = [Table(part) for cluster in near for part in _cut(cluster)]
    tables = _seat_the_rest(tables, far, [seat for seat in order if not seat.placed])
    _part(tables, apart)
    return sorted(tables, key=lambda t: (-(t.middle or (-90, 0))[0], (t.middle or (0, 0))[1]))


def _merged(seats: Sequence[Seat]) -> tuple[list[list[Seat]], list[list[Seat]]]:
    """Branches that are large enough, and those that stay too small."""
    by_branch: dict[str, list[Seat]] = {}
    for seat in seats:
        by_branch.setdefault(seat.branch, []).append(seat)
    clusters = [by_branch[name] for name in sorted(by_branch)]
    alone: list[list[Seat]] = []
    while small := [cluster for cluster in clusters if len(cluster) < FEWEST]:
        least = min(small, key=len)
        clusters.remove(least)
        nearest = min(clusters, key=lambda other: _between(least, other), default=None)
        if nearest is None or _between(least, nearest) > NEAR_KM:
            alone.append(least)
        else:
            nearest += least
    return clusters, alone


def _cut(cluster: list[Seat]) -> list[list[Seat]]:
    if len(cluster) <= MOST:
        return [cluster]
    return _halved(cluster, math.ceil(len(cluster) / USUAL))


def _halved(cluster: list[Seat], parts: int) -> list[list[Seat]]:
    """Cut into so many parts of equal size, each time across the longer side."""
    if parts == 1:
        return [cluster]
    lats = [seat.lat or 0.0 for seat in cluster]
    lngs = [seat.lng or 0.0 for seat in cluster]
    tall = (max(lats) - min(lats)) >= (max(lngs) - min(lngs)) * math.cos(math.radians(lats[0]))
    ordered = sorted(cluster, key=lambda seat: (seat.lat if tall else seat.lng) or 0.0)
    first = parts // 2
    at = round(len(ordered) * first / parts)
    return _halved(ordered[:at], first) + _halved(ordered[at:], parts - first)


def _seat_the_rest(
    tables: list[Table], far: Sequence[list[Seat]], anywhere: list[Seat]
) -> list[Table]:
    """Fill the smallest tables, and open new ones where the rest does not fit.

    The two or three from the same far branch stay together.
    """
    many = sum(len(few) for few in far) + len(anywhere)
    over = many - sum(MOST - len(table.seats) for table in tables)
    if over > 0 and tables and over < FEWEST:
        # Too few for a table of their own: the largest table shares itself with them.
        largest = max(tables, key=lambda table: len(table.seats))
        tables.remove(largest)
        half = len(largest.seats) // 2
        tables += [Table(largest.seats[:half]), Table(largest.seats[half:])]
    elif over > 0:
        tables = [*tables, *(Table() for _ in range(math.ceil(over / USUAL)))]
    for few in sorted(far, key=len, reverse=True):
        smallest = min(tables, key=lambda table: len(table.seats))
        if len(smallest.seats) + len(few) <= MOST:
            smallest.seats += few
        else:
            anywhere = few + anywhere
    for seat in anywhere:
        min(tables, key=lambda table: len(table.seats)).seats.append(seat)
    return tables


def _part(tables: list[Table], apart: Collection[frozenset[int]]) -> None:
    """Whoever sits with whom they are kept from changes chairs with somebody at the next table."""
    for pair in sorted(apart, key=sorted):
        held = next((t for t in tables if pair <= {seat.number for seat in t.seats}), None)
        if held is not None and len(tables) > 1:
            _change_chairs(held, pair, tables, apart)


def _change_chairs(
    held: Table, pair: frozenset[int], tables: list[Table], apart: Collection[frozenset[int]]
) -> None:
    others = sorted(
        (table for table in tables if table is not held),
        key=lambda table: _apart(held.middle, table.middle),
    )
    for table in others:
        for mine in [seat for seat in held.seats if seat.number in pair]:
            for theirs in list(table.seats):
                stay = {seat.number for seat in held.seats} - {mine.number}
                there = {seat.number for seat in table.seats} - {theirs.number}
                if _shuns(mine, there, apart) or _shuns(theirs, stay, apart):
                    continue
                held.seats[held.seats.index(mine)] = theirs
                table.seats[table.seats.index(theirs)] = mine
                return


def _shuns(seat: Seat, numbers: set[int], apart: Collection[frozenset[int]]) -> bool:
    return any(seat.number in pair and bool(pair & numbers) for pair in apart)


@dataclass(frozen=True)
class Standing:
    """A table as it stands: for who comes late."""

    number: int
    people: int
    lat: float | None
    lng: float | None


def table_for_latecomer(
    tables: Sequence[Standing], *, lat: float | None, lng: float | None
) -> int | None:
    """The smallest table within 8 km that has a chair, otherwise the smallest of all.

    Nobody else is moved. None where no tables were dealt.
    """
    if not tables:
        return None
    with_chair = [table for table in tables if table.people < MOST] or list(tables)
    here = (lat, lng)
    near = [
        table
        for table in with_chair
        if None not in (lat, table.lat) and _apart(here, (table.lat, table.lng)) <= NEAR_KM
    ]
    return min(near or with_chair, key=lambda table: (table.people, table.number)).number


def _between(some: Sequence[Seat], others: Sequence[Seat]) -> float:
    return _apart(Table(list(some)).middle, Table(list(others)).middle)


def _apart(here: tuple[float | None, ...] | None, there: tuple[float | None, ...] | None) -> float:
    if not here or not there:
        return math.inf
    return distance_km(here[0] or 0.0, here[1] or 0.0, there[0] or 0.0, there[1] or 0.0)
