"""Who sits with whom at the local tables: neighbours, in tables one can talk across.

The rule, as it stands on the screen: people of one branch sit together. A branch of fewer than
four joins the nearest within 8 km, again and again; more than ten are cut along their longer side
into tables of about seven. Who is from farther away than that, and who says nothing of where they
live, fills the smallest tables. Who needs a quiet, a step-free or a BSL table comes first: the
numbers that are marked so go to the neighbours who need them, and there they change places with
neighbours who do not. The seed decides what is equal, so the same seed deals the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from campaign.meetups.rules.needs import NOTHING, Marks, Needs, lacking
from campaign.meetups.rules.neighbours import (
    FEWEST,
    MOST,
    USUAL,
    Seat,
    Table,
    by_need,
    km_between,
)
from campaign.meetups.rules.parting import FEWEST_APART, Pair, parted, still_together

NEAR_KM = 8.0
COLOURS = ("teal", "blue", "orange", "violet", "green", "pink", "slate", "yellow")


def deal(
    seats: Iterable[Seat],
    *,
    seed: int,
    apart: Collection[Pair] = (),
    marks: Marks = {},  # noqa: B006  # never written to
    first: int = 1,
) -> list[Table]:
    """Deal the room: no table over ten, none under four unless the whole room is that small.

    ``apart`` are pairs of numbers who never share a table: a room of eight that has one table gets
    a second one for them, a smaller room cannot (``still_together``). The tables come in the order
    of their numbers, from ``first`` on; ``marks`` are by those numbers.
    """
    order = sorted(seats, key=lambda seat: seat.number)
    random.Random(seed).shuffle(order)  # noqa: S311 (the same deal again is the point)
    near, far = _merged([seat for seat in order if seat.placed])
    tables = [Table(part, own) for own, cluster in enumerate(near) for part in _cut(cluster)]
    homes = {seat.number: own for own, cluster in enumerate(near) for seat in cluster}
    tables = _seat_the_rest(tables, far, [seat for seat in order if not seat.placed])
    tables = _kept_apart(tables, apart)
    # Who changed chairs to be kept apart belongs to those they sit with now.
    homes |= {
        seat.number: table.own
        for table in tables
        if table.own is not None
        for seat in table.seats
        if seat.number in homes
    }
    tables.sort(key=lambda t: (-(t.middle or (-90, 0))[0], (t.middle or (0, 0))[1]))
    wanted = [marks.get(number, NOTHING) for number in range(first, first + len(tables))]
    if any(wanted) and any(seat.needs for table in tables for seat in table.seats):
        return by_need(tables, homes, wanted, apart)
    for table, marked in zip(tables, wanted, strict=True):
        table.marks = marked
    return tables


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
        tables += [
            Table(part, largest.own) for part in (largest.seats[:half], largest.seats[half:])
        ]
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
    return _joined(tables)


def _joined(tables: list[Table]) -> list[Table]:
    """Twos and threes from afar do not always add up to four: such a table joins the smallest."""
    for small in [table for table in tables if len(table.seats) < FEWEST]:
        others = [table for table in tables if table is not small]
        smallest = min(others, key=lambda table: len(table.seats), default=None)
        if smallest is not None and len(smallest.seats) + len(small.seats) <= MOST:
            smallest.seats += small.seats
            tables.remove(small)
    return tables


def _kept_apart(tables: list[Table], apart: Collection[Pair]) -> list[Table]:
    """Whoever is kept from somebody changes chairs, nearest tables first.

    Where the tables are too few for that the largest becomes two, as long as it has the people.
    """
    while True:
        _change_chairs(tables, apart)
        largest = max(tables, key=lambda table: len(table.seats), default=Table())
        enough = len(largest.seats) >= 2 * FEWEST_APART
        if not enough or not still_together(_numbers(tables), apart):
            return tables
        tables.remove(largest)
        tables += [Table(half, largest.own) for half in _halved(largest.seats, 2)]


def _change_chairs(tables: list[Table], apart: Collection[Pair]) -> None:
    seats = {seat.number: seat for table in tables for seat in table.seats}
    middles = [table.middle for table in tables]
    there = parted(
        _numbers(tables),
        apart,
        distance=lambda one, other: km_between(middles[one], middles[other]),
    )
    for table, numbers in zip(tables, there, strict=True):
        table.seats = [seats[number] for number in numbers]


def _numbers(tables: Iterable[Table]) -> list[list[int]]:
    return [[seat.number for seat in table.seats] for table in tables]


@dataclass(frozen=True)
class Standing:
    """A table as it stands: for who comes late."""

    number: int
    people: int
    lat: float | None
    lng: float | None
    marks: Needs = NOTHING


def table_for_latecomer(
    tables: Sequence[Standing],
    *,
    lat: float | None,
    lng: float | None,
    needs: Needs = NOTHING,
) -> int | None:
    """The smallest table within 8 km that has a chair, otherwise the smallest of all; of these
    first those that are marked for what they need.

    Nobody else is moved. None where no tables were dealt.
    """
    if not tables:
        return None
    with_chair = [table for table in tables if table.people < MOST] or list(tables)
    here = (lat, lng)
    near = [
        table
        for table in with_chair
        if None not in (lat, table.lat) and km_between(here, (table.lat, table.lng)) <= NEAR_KM
    ]
    best = min(near or with_chair, key=lambda t: (lacking(needs, t.marks), t.people, t.number))
    return best.number


def _between(some: Sequence[Seat], others: Sequence[Seat]) -> float:
    return km_between(Table(list(some)).middle, Table(list(others)).middle)
