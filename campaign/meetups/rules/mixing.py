"""Who sits with whom at the strategy tables: people who do not know each other.

The rule, as it stands on the screen: tables of about eight. Each has somebody who offered to lead
a table, as far as they go round; branches and newcomers are spread, so that a table hears at least
three branches where the room has them. Who asked to stay together does, up to three. Who needs a
quiet, a step-free or a BSL table is served before all that, where tables are marked so. The seed
decides what is equal, so the same seed deals the same.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Iterable, Sequence

from campaign.meetups.rules.mixed import Guest, Mixed, Unit, clash, lacks, part, serve, spread
from campaign.meetups.rules.needs import Needs
from campaign.meetups.rules.parting import Pair, tables_to_part

USUAL, MOST = 8, 10
MOST_TOGETHER = 3


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
    marks: Sequence[Needs] = (),
) -> list[Mixed]:
    """Deal the room. Sizes differ by one at most; nobody sits with whom they are kept from.

    ``many`` tables, where somebody else has counted them; otherwise as many as the room needs.
    ``marks`` are those of the first table, the second, and so on.

    ``together`` are wishes by numbers: up to three of one wish stay together. ``apart`` are pairs
    of numbers and win over every wish: where the tables are too few for them there is one more.
    Fewer than eight people are one table all the same (``still_together``).
    """
    dice = random.Random(seed)  # noqa: S311 (the same deal again is the point)
    order = sorted(guests, key=lambda guest: guest.number)
    dice.shuffle(order)
    wishes = [set(wish) for wish in together]
    tables = _mixed(order, many or tables_for(len(order)), wishes, apart, marks)
    while many is None and (more := tables_to_part([t.numbers for t in tables], apart)):
        tables = _mixed(order, more, wishes, apart, marks)
    return tables


def _mixed(
    order: Sequence[Guest],
    many: int,
    together: Sequence[Collection[int]],
    apart: Collection[Pair],
    marks: Sequence[Needs],
) -> list[Mixed]:
    tables = [Mixed(len(order) // many + (at < len(order) % many)) for at in range(many)]
    if any(guest.needs for guest in order):
        _mark(tables, marks)
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
    serve(tables, apart)
    spread(tables, apart)
    _mark(tables, marks)
    return tables


def _mark(tables: Sequence[Mixed], marks: Sequence[Needs]) -> None:
    for table, marked in zip(tables, marks, strict=False):
        table.marks = marked


def units_of(
    order: Sequence[Guest], together: Iterable[Collection[int]], apart: Collection[Pair]
) -> list[Unit]:
    """Those who stay together, up to three at a time; everybody else alone."""
    by_number = {guest.number: guest for guest in order}
    taken: set[int] = set()
    units = []
    for wish in together:
        free = [by_number[n] for n in sorted(set(wish)) if n in by_number and n not in taken]
        unit: list[Guest] = []
        for guest in free:
            if len(unit) < MOST_TOGETHER and not clash({guest.number}, unit, apart):
                unit.append(guest)
        if len(unit) > 1:
            units.append(tuple(unit))
            taken.update(guest.number for guest in unit)
    return units + [(guest,) for guest in order if guest.number not in taken]


def _closed(unit: Unit, tables: Iterable[Mixed], apart: Collection[Pair]) -> tuple[int, int]:
    """At how many tables somebody sits whom they are kept from; then, from how many they are."""
    barred = sum(bool(clash(table.numbers, unit, apart)) for table in tables)
    return barred, sum(guest.number in pair for guest in unit for pair in apart)


def _before(unit: Unit) -> tuple[bool, int, int, bool, bool, str]:
    """Who is seated first: those together, those who need something, those who lead, newcomers,
    then branch by branch. Those together are not in the way: ``serve`` looks after that."""
    first, needs = unit[0], sum(len(guest.needs) for guest in unit)
    return (
        len(unit) == 1,
        -needs,
        -len(unit),
        not any(g.leads for g in unit),
        not first.is_new,
        first.branch,
    )


def _place(unit: Unit, tables: list[Mixed], apart: Collection[Pair]) -> None:
    """At the table that gains most from them; where nothing fits, they sit one by one."""
    fitting = [table for table in tables if table.free >= len(unit)]
    kind = [table for table in fitting if not clash(table.numbers, unit, apart)]
    if len(unit) > 1 and not kind:
        for guest in unit:
            _place((guest,), tables, apart)
        return
    if _better_alone(unit, kind, tables, apart):
        for part_of in ((g,) for g in unit if g.needs):
            _place(part_of, tables, apart)
        if friends := tuple(guest for guest in unit if not guest.needs):
            _place(friends, tables, apart)
        return
    leads = any(guest.leads for guest in unit)
    newcomers = any(guest.is_new for guest in unit)
    needy = any(guest.needs for guest in unit)
    from_there = [guest.branch for guest in unit if guest.branch]

    def loss(table: Mixed) -> tuple[float, ...]:
        there = [guest.branch for other in table.units for guest in other] if from_there else []
        return (
            lacks(unit, table) if needy else 0,
            len(table.marks) if needy or len(unit) > 1 else 0,
            table.leaders if leads else 0,
            sum(map(there.count, from_there)),
            table.newcomers if newcomers else 0,
            -table.free,
        )

    min(kind or fitting, key=loss).units.append(unit)


def _better_alone(
    unit: Unit, kind: Sequence[Mixed], tables: Sequence[Mixed], apart: Collection[Pair]
) -> bool:
    """Whether somebody among those together gets what they need only away from the others."""
    if len(unit) == 1 or not any(guest.needs for guest in unit):
        return False
    free = [table for table in tables if table.free]
    alone = [
        min(
            (lacks((g,), t) for t in free if not clash(t.numbers, (g,), apart)),
            default=len(g.needs),
        )
        for g in unit
    ]
    return sum(alone) < min(lacks(unit, table) for table in kind)
