"""Strategy tables by topic: who talks about what, then who sits with whom.

The rule, as it stands on the screen: the topics with most votes get tables, as many as people
chose them first, each at least one. Everybody gets their first choice as far as its chairs go,
then their second, then their third; two people who would both be better off change places. Who
needs a quiet, a step-free or a BSL table is served before that. At the tables of a topic people are
mixed as everywhere. The seed decides what is equal.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from campaign.foundation.errors import Refused
from campaign.meetups.rules.circles import Circle, hand_out_tables
from campaign.meetups.rules.mixed import Guest, Mixed, Unit, part, serve
from campaign.meetups.rules.mixing import mix, tables_for, units_of
from campaign.meetups.rules.needs import NOTHING, Needs
from campaign.meetups.rules.parting import Pair, tables_to_part

MOST_TOPICS, VOTES, LONGEST_TOPIC, MOST_PROPOSED = 8, 3, 80, 40


@dataclass(frozen=True)
class TopicTable:
    """A table that was dealt, and which topic it talks about: its place in the list."""

    topic: int
    table: Mixed


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
    marks: Sequence[Needs] = (),
) -> list[TopicTable]:
    """Deal the room by topic. ``choices`` are topics by people's numbers, the best first.

    There are as many tables as without topics, and their sizes differ by one at most (where they
    are too few for those who are kept apart, there is one more).
    ``together``, ``apart`` and ``marks`` are as in ``mix``; nobody is told that a choice gave way
    to them. A topic gets the marked tables that its people need.
    """
    dice = random.Random(seed)  # noqa: S311 (the same deal again is the point)
    order = sorted(guests, key=lambda guest: guest.number)
    dice.shuffle(order)
    wishes = [set(wish) for wish in together]
    tables = tables_for(len(order))
    while True:
        dealt = _dealt(
            order,
            tables=tables,
            topics=topics,
            choices=choices,
            seed=seed,
            wishes=wishes,
            apart=apart,
            marks=marks,
        )
        more = tables_to_part([one.table.numbers for one in dealt], apart)
        if more is None:
            return dealt
        tables = more


def _dealt(
    order: Sequence[Guest],
    *,
    tables: int,
    topics: int,
    choices: Mapping[int, Sequence[int]],
    seed: int,
    wishes: Sequence[Collection[int]],
    apart: Collection[Pair],
    marks: Sequence[Needs],
) -> list[TopicTable]:
    votes = [sum(at in chosen for chosen in choices.values()) for at in range(topics)]
    circles = _circles(order, held(votes, tables=tables), choices, tables)
    marked = [*marks, *[NOTHING] * tables][:tables]
    hand_out_tables(circles, marked, order, choices)
    _assign(circles, units_of(order, wishes, apart), choices, apart)
    dealt = {
        at: TopicTable(circle.topic, table)
        for circle in circles
        for at, table in zip(
            circle.places,
            mix(
                (guest for unit in circle.units for guest in unit),
                seed=seed + circle.topic,
                together=wishes,
                apart=apart,
                many=circle.tables,
                marks=[marked[at] for at in circle.places],
            ),
            strict=True,
        )
    }
    everything = [dealt[at] for at in range(tables)]
    part([one.table for one in everything], apart)
    serve([one.table for one in everything], apart)
    return everything


def _circles(
    order: Sequence[Guest],
    topics: Sequence[int],
    choices: Mapping[int, Sequence[int]],
    tables: int,
) -> list[Circle]:
    first = {at: 0 for at in topics}
    for guest in order:
        best = next((at for at in choices.get(guest.number, ()) if at in first), None)
        if best is not None:
            first[best] += 1
    given = shares(list(first.values()), tables=tables)
    circles = [
        Circle(at, many, many * (len(order) // tables))
        for at, many in zip(first, given, strict=True)
    ]
    # The chairs that are left over: one more at a table where most would like to sit.
    for _ in range(len(order) % tables):
        usual = len(order) // tables
        open_to = [c for c in circles if c.chairs < c.tables * (usual + 1)]
        max(open_to, key=lambda c: (first[c.topic] / c.chairs, -c.topic)).chairs += 1
    return circles


def _assign(
    circles: list[Circle],
    units: Sequence[Unit],
    choices: Mapping[int, Sequence[int]],
    apart: Collection[Pair],
) -> None:
    """Who needs a marked table, those together and those kept from somebody; then rank by rank."""
    shuns: dict[int, set[int]] = {}
    for pair in apart:
        for number in pair:
            shuns.setdefault(number, set()).update(pair - {number})
    costs = {unit: _costs(unit, circles, choices) for unit in units}
    careful = [u for u in units if len(u) > 1 or u[0].number in shuns or u[0].needs]
    for unit in sorted(careful, key=lambda u: (-sum(len(g.needs) for g in u), -len(u))):
        _place(unit, circles, costs, shuns)
    rest = set(careful)
    alone = [u for u in units if u not in rest]
    waiting = _by_rank(alone, circles, costs)
    for unit in waiting:
        _place(unit, circles, costs, shuns)
    _improve(circles, set(alone), costs)


def _by_rank(
    units: Sequence[Unit], circles: Sequence[Circle], costs: dict[Unit, dict[int, int]]
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
    unit: Unit, circles: Sequence[Circle], choices: Mapping[int, Sequence[int]]
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
    circles: Sequence[Circle],
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
    best = min(kind or room, key=lambda c: (c.lacks(unit), costs[unit][c.topic], -c.free, c.topic))
    best.take(unit)


def _is_kind(unit: Unit, circle: Circle, shuns: Mapping[int, set[int]]) -> bool:
    """Whether everybody there has a table without whom they are kept from."""
    for guest in unit:
        there = shuns.get(guest.number, set()) & circle.numbers
        if len(there) >= circle.tables:
            return False
        if any(len(shuns[other] & circle.numbers) + 1 >= circle.tables for other in there):
            return False
    return True


def _improve(
    circles: Sequence[Circle], movable: set[Unit], costs: dict[Unit, dict[int, int]]
) -> None:
    """Two people change topics where they are better off together for it, until nobody is."""
    pairs = [(a, b) for at, a in enumerate(circles) for b in circles[at + 1 :]]
    # Each exchange leaves the room with less that was not wished, so this ends.
    while any([_exchanged(one, other, movable, costs) for one, other in pairs]):
        pass


def _exchanged(
    one: Circle, other: Circle, movable: set[Unit], costs: dict[Unit, dict[int, int]]
) -> bool:
    def gain(unit: Unit, here: Circle, there: Circle) -> int:
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
