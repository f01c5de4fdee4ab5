"""Strategy tables by topic: who talks about what, then who sits with whom.

The rule, as it stands on the screen: the topics with most votes get tables, as many as people
chose them first, each at least one. Everybody gets their first choice as far as its chairs go,
then their second, then their third; two people who would both be better off change places. At
the tables of a topic people are mixed as everywhere. The seed decides what is equal.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from campaign.foundation.errors import Refused
from campaign.meetups.rules.mixing import Guest, Mixed, Pair, mix, part, tables_for, units_of

MOST_TOPICS, VOTES, LONGEST_TOPIC, MOST_PROPOSED = 8, 3, 80, 40
Unit = tuple[Guest, ...]


@dataclass(frozen=True)
class TopicTable:
    """A table that was dealt, and which topic it talks about: its place in the list."""

    topic: int
    table: Mixed


@dataclass
class _Circle:
    """A topic while people are assigned to it: its tables, its chairs, and who is in it."""

    topic: int
    tables: int
    chairs: int
    units: list[Unit] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)

    @property
    def free(self) -> int:
        return self.chairs - len(self.numbers)

    def take(self, unit: Unit) -> None:
        self.units.append(unit)
        self.numbers.update(guest.number for guest in unit)

    def drop(self, unit: Unit) -> None:
        self.units.remove(unit)
        self.numbers.difference_update(guest.number for guest in unit)


def check_topic(text: str) -> str:
    """A topic in a line; Refused for none."""
    if not 3 <= len(text.strip()) <= LONGEST_TOPIC:
        raise Refused(f"Write the topic in a line, at most {LONGEST_TOPIC} letters.", field="topic")
    return text.strip()


def check_ballot(chosen: Sequence[str]) -> list[str]:
    """Up to three different topics, the best first; Refused for a fourth."""
    if len(chosen) != len(set(chosen)):
        raise Refused("Choose each topic once.")
    if len(chosen) > VOTES:
        raise Refused("You have three votes. Take one back, then give it to another.")
    return list(chosen)


def held(votes: Sequence[int], *, tables: int) -> list[int]:
    """Which topics get a table: those with most votes, at most eight, at most one a table.

    Where nobody has voted all stand alike, the first ones first.
    """
    wanted = [at for at, many in enumerate(votes) if many] or list(range(len(votes)))
    best = sorted(wanted, key=lambda at: (-votes[at], at))[: min(MOST_TOPICS, tables)]
    return sorted(best)


def shares(first: Sequence[int], *, tables: int) -> list[int]:
    """How many tables each topic gets: one, and the next always where most wait for a table."""
    given = [1] * len(first)
    for _ in range(tables - len(first)):
        at = max(range(len(first)), key=lambda t: (first[t] / given[t], -t))
        given[at] += 1
    return given


def deal_topics(
    guests: Iterable[Guest],
    *,
    topics: int,
    choices: Mapping[int, Sequence[int]],
    seed: int,
    together: Iterable[Collection[int]] = (),
    apart: Collection[Pair] = (),
) -> list[TopicTable]:
    """Deal the room by topic. ``choices`` are topics by people's numbers, the best first.

    There are as many tables as without topics, and their sizes differ by one at most. ``together``
    and ``apart`` are as in ``mix``; nobody is told that a choice gave way to them.
    """
    dice = random.Random(seed)  # noqa: S311 (the same deal again is the point)
    order = sorted(guests, key=lambda guest: guest.number)
    dice.shuffle(order)
    wishes = [set(wish) for wish in together]
    votes = [sum(at in chosen for chosen in choices.values()) for at in range(topics)]
    tables = tables_for(len(order))
    circles = _circles(order, held(votes, tables=tables), choices, tables)
    _assign(circles, units_of(order, wishes, apart), choices, apart)
    dealt = [
        TopicTable(circle.topic, table)
        for circle in circles
        for table in mix(
            (guest for unit in circle.units for guest in unit),
            seed=seed + circle.topic,
            together=wishes,
            apart=apart,
            many=circle.tables,
        )
    ]
    part([one.table for one in dealt], apart)
    return dealt


def _circles(
    order: Sequence[Guest],
    topics: Sequence[int],
    choices: Mapping[int, Sequence[int]],
    tables: int,
) -> list[_Circle]:
    first = {at: 0 for at in topics}
    for guest in order:
        best = next((at for at in choices.get(guest.number, ()) if at in first), None)
        if best is not None:
            first[best] += 1
    given = shares(list(first.values()), tables=tables)
    circles = [
        _Circle(at, many, many * (len(order) // tables))
        for at, many in zip(first, given, strict=True)
    ]
    # The chairs that are left over: one more at a table where most would like to sit.
    for _ in range(len(order) % tables):
        usual = len(order) // tables
        open_to = [c for c in circles if c.chairs < c.tables * (usual + 1)]
        max(open_to, key=lambda c: (first[c.topic] / c.chairs, -c.topic)).chairs += 1
    return circles


def _assign(
    circles: list[_Circle],
    units: Sequence[Unit],
    choices: Mapping[int, Sequence[int]],
    apart: Collection[Pair],
) -> None:
    """Those together and those who are kept from somebody first; then rank by rank."""
    shuns: dict[int, set[int]] = {}
    for pair in apart:
        for number in pair:
            shuns.setdefault(number, set()).update(pair - {number})
    costs = {unit: _costs(unit, circles, choices) for unit in units}
    careful = [u for u in units if len(u) > 1 or u[0].number in shuns]
    for unit in sorted(careful, key=lambda u: -len(u)):
        _place(unit, circles, costs, shuns)
    alone = [u for u in units if len(u) == 1 and u[0].number not in shuns]
    waiting = _by_rank(alone, circles, costs)
    for unit in waiting:
        _place(unit, circles, costs, shuns)
    _improve(circles, set(alone), costs)


def _by_rank(
    units: Sequence[Unit], circles: Sequence[_Circle], costs: dict[Unit, dict[int, int]]
) -> list[Unit]:
    """First choices, then second, then third; answers who got none of theirs, or had none."""
    waiting = list(units)
    for rank in range(VOTES):
        still = []
        for unit in waiting:
            cost = costs[unit]
            mine = (
                [c for c in circles if cost[c.topic] == rank and c.free]
                if any(cost.values())
                else []
            )
            if mine:
                mine[0].take(unit)
            else:
                still.append(unit)
        waiting = still
    return waiting


def _costs(
    unit: Unit, circles: Sequence[_Circle], choices: Mapping[int, Sequence[int]]
) -> dict[int, int]:
    """How far down a unit's list each topic stands, three where it does not; nought for no wish."""
    topics = [circle.topic for circle in circles]
    costs = dict.fromkeys(topics, 0)
    for guest in unit:
        mine = [at for at in choices.get(guest.number, ()) if at in costs]
        for topic in topics if mine else ():
            costs[topic] += mine.index(topic) if topic in mine else VOTES
    return costs


def _place(
    unit: Unit,
    circles: Sequence[_Circle],
    costs: dict[Unit, dict[int, int]],
    shuns: Mapping[int, set[int]],
) -> None:
    """In the topic they like best that has the chairs; where none has, one by one."""
    room = [circle for circle in circles if circle.free >= len(unit)]
    if not room:
        for guest in unit:
            costs[(guest,)] = costs[unit]
            _place((guest,), circles, costs, shuns)
        return
    kind = [circle for circle in room if _is_kind(unit, circle, shuns)]
    best = min(kind or room, key=lambda c: (costs[unit][c.topic], -c.free, c.topic))
    best.take(unit)


def _is_kind(unit: Unit, circle: _Circle, shuns: Mapping[int, set[int]]) -> bool:
    """Whether everybody there has a table without whom they are kept from."""
    for guest in unit:
        there = shuns.get(guest.number, set()) & circle.numbers
        if len(there) >= circle.tables:
            return False
        if any(len(shuns[other] & circle.numbers) + 1 >= circle.tables for other in there):
            return False
    return True


def _improve(
    circles: Sequence[_Circle], movable: set[Unit], costs: dict[Unit, dict[int, int]]
) -> None:
    """Two people change topics where they are better off together for it, until nobody is."""
    pairs = [(a, b) for at, a in enumerate(circles) for b in circles[at + 1 :]]
    # Each exchange leaves the room with less that was not wished, so this ends.
    while any([_exchanged(one, other, movable, costs) for one, other in pairs]):
        pass


def _exchanged(
    one: _Circle, other: _Circle, movable: set[Unit], costs: dict[Unit, dict[int, int]]
) -> bool:
    def gain(unit: Unit, here: _Circle, there: _Circle) -> int:
        return costs[unit][here.topic] - costs[unit][there.topic]

    mine = [unit for unit in one.units if unit in movable]
    theirs = [unit for unit in other.units if unit in movable]
    if not mine or not theirs:
        return False
    best = max(mine, key=lambda u: gain(u, one, other))
    worst = max(theirs, key=lambda u: gain(u, other, one))
    if gain(best, one, other) + gain(worst, other, one) <= 0:
        return False
    one.drop(best)
    other.drop(worst)
    one.take(worst)
    other.take(best)
    return True
