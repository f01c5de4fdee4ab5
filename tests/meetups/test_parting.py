"""Keeping people apart: against a search that tries everything, in rooms full of pairs."""

import random
from collections.abc import Sequence
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.meetups.rules.dealing import deal
from campaign.meetups.rules.mixed import Guest
from campaign.meetups.rules.mixing import mix
from campaign.meetups.rules.neighbours import Seat
from campaign.meetups.rules.parting import FEWEST_APART, Pair, parted, still_together
from campaign.meetups.rules.topics import deal_topics

SIZES = st.lists(st.integers(1, 10), min_size=1, max_size=6)


def can_be(sizes: Sequence[int], apart: set[Pair]) -> bool:
    """Whether tables of these sizes can do it, by trying everything."""
    shy = sorted(set().union(*apart))
    free, at = list(sizes), dict[int, int]()

    def sit(place: int) -> bool:
        if place == len(shy):
            return True
        number = shy[place]
        shunned = {at[other] for pair in apart if number in pair for other in pair & at.keys()}
        for table in range(len(free)):
            if free[table] and table not in shunned:
                free[table] -= 1
                at[number] = table
                if sit(place + 1):
                    return True
                free[table] += 1
                del at[number]
        return False

    return sit(0)


def pairs_among(numbers: Sequence[int], many: int, dice: random.Random) -> set[Pair]:
    """Often many are kept from the same one."""
    star = dice.choice(numbers)
    ends = [
        (star if dice.random() < 0.3 else dice.choice(numbers), dice.choice(numbers))
        for _ in range(many)
    ]
    return {frozenset(pair) for pair in ends if pair[0] != pair[1]}


@settings(max_examples=800, deadline=None)
@given(SIZES, st.integers(0, 14), st.integers(0, 10_000))
def test_where_it_can_be_nobody_sits_with_whom_they_are_kept_from(
    sizes: list[int], many: int, seed: int
) -> None:
    dice = random.Random(seed)
    numbers = dice.sample(range(1, 200), sum(sizes))
    apart = pairs_among(numbers, many, dice)
    left = iter(numbers)
    before = [[next(left) for _ in range(size)] for size in sizes]
    after = parted(before, apart)
    assert sorted(n for there in after for n in there) == sorted(numbers)
    assert [len(there) for there in after] == sizes
    assert (still_together(after, apart) == []) is can_be(sizes, apart)
    if still_together(before, apart) == []:
        assert after == before
    assert len(still_together(after, apart)) <= len(still_together(before, apart))
    assert parted(before, apart) == after


def test_the_nearest_table_is_chosen_and_who_stands_last_makes_room() -> None:
    near = {(0, 1): 5.0, (0, 2): 1.0}
    after = parted(
        [[1, 2, 3], [4, 5], [6, 7]], {frozenset({1, 2})},
        distance=lambda one, other: near.get((min(one, other), max(one, other)), 9.0),
    )  # fmt: skip
    assert after == [[1, 3, 7], [4, 5], [6, 2]]


@pytest.mark.parametrize("people", [24, 1_000])
def test_who_cannot_be_parted_does_not_keep_the_desk_waiting(people: int) -> None:
    tables = [list(range(at, people + 1, people // 8)) for at in range(1, people // 8 + 1)]
    clique = {frozenset(pair) for pair in combinations(range(1, len(tables) + 2), 2)}
    assert parted(tables, clique) == tables


def test_three_for_whom_the_tables_are_too_few_leave_no_others_together() -> None:
    trio = {frozenset(pair) for pair in combinations((1, 2, 3), 2)}
    seats = [Seat(number, "Kemptown", 50.8 + 0.0001 * number, -0.1) for number in range(1, 15)]
    for seed in range(20):
        dealt = deal(seats, seed=seed, apart=trio | {frozenset({4, 5}), frozenset({5, 6})})
        seated = [[seat.number for seat in table.seats] for table in dealt]
        assert [len(there) for there in seated] == [7, 7]
        left = still_together(seated, trio | {frozenset({4, 5}), frozenset({5, 6})})
        assert len(left) == 1, left
        assert left[0] in trio


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([8, 9, 11, 12, 16, 20, 33]), st.integers(1, 12), st.integers(0, 10_000))
def test_no_deal_seats_two_together_where_its_tables_can_part_them(
    people: int, many: int, seed: int
) -> None:
    dice = random.Random(seed)
    numbers = range(1, people + 1)
    apart = pairs_among(numbers, many, dice)
    branches = {n: dice.choice("ABC") for n in numbers}
    couples = [set(dice.sample(numbers, 2)) for _ in range(people // 4)]
    guests = [Guest(n, branches[n], leads=dice.random() < 0.2) for n in numbers]
    seats = [
        Seat(n, branches[n], 50.8 + 0.03 * "ABC".index(branches[n]), -0.1)
        if dice.random() < 0.8
        else Seat(n)
        for n in numbers
    ]
    choices = {n: dice.sample(range(3), dice.randint(1, 3)) for n in numbers}
    by_topic = deal_topics(
        guests, topics=3, choices=choices, seed=seed, together=couples, apart=apart
    )
    for seated in (
        [[seat.number for seat in table.seats] for table in deal(seats, seed=seed, apart=apart)],
        [sorted(t.numbers) for t in mix(guests, seed=seed, together=couples, apart=apart)],
        [sorted(one.table.numbers) for one in by_topic],
    ):
        assert sorted(n for there in seated for n in there) == list(numbers)
        sizes = [len(there) for there in seated]
        assert min(sizes) >= FEWEST_APART
        together = still_together(seated, apart)
        assert (together == []) is can_be(sizes, apart)
        if together:  # and then there are as many tables as the room has people for
            assert sum(sizes) < (len(sizes) + 1) * FEWEST_APART or max(sizes) < 2 * FEWEST_APART
