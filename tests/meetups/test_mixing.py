"""Strategy tables: mixed, led, small enough to talk across, and kept apart where that is due."""

import random
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.meetups.rules.mixed import Guest
from campaign.meetups.rules.mixing import (
    MOST,
    mix,
    tables_for,
)
from campaign.meetups.rules.parting import FEWEST_APART, still_together


def a_room(people: int, seed: int, *, leads: float = 0.12, branches: int = 12) -> list[Guest]:
    dice = random.Random(seed)
    return [
        Guest(
            number,
            dice.choice(["", *(f"BN{part}" for part in range(1, branches + 1))]),
            leads=dice.random() < leads,
            is_new=dice.random() < 0.3,
        )
        for number in range(1, people + 1)
    ]


def numbers(tables) -> list[int]:  # type: ignore[no-untyped-def]
    return sorted(number for table in tables for number in table.numbers)


@pytest.mark.parametrize(
    ("people", "tables"),
    [(0, 0), (1, 1), (7, 1), (10, 1), (11, 2), (220, 28), (250, 31), (1003, 125)],
)
def test_a_table_has_about_eight_chairs(people: int, tables: int) -> None:
    assert tables_for(people) == tables
    assert len(mix(a_room(people, 1), seed=1)) == tables


@pytest.mark.parametrize("seed", range(20))
def test_two_hundred_and_fifty_sit_at_31_tables_of_eight_or_nine(seed: int) -> None:
    guests = a_room(250, seed)
    tables = mix(guests, seed=seed)
    assert {len(table.guests) for table in tables} == {8, 9}
    assert numbers(tables) == list(range(1, 251))
    assert all(len(table.branches) >= 3 for table in tables)
    led = sum(bool(table.leaders) for table in tables)
    assert led >= min(len(tables), sum(guest.leads for guest in guests)) * 0.95


def test_the_same_seed_deals_the_same_and_another_seed_another() -> None:
    def shape(seed: int) -> list[set[int]]:
        return [table.numbers for table in mix(a_room(220, 5), seed=seed)]

    assert shape(4417) == shape(4417)
    assert shape(4417) != shape(4418)


def test_the_order_in_which_people_came_decides_nothing() -> None:
    guests = a_room(60, 3)
    assert [t.numbers for t in mix(guests, seed=9)] == [
        t.numbers for t in mix(guests[::-1], seed=9)
    ]


def test_newcomers_are_spread() -> None:
    guests = [Guest(n, f"BN{n % 9}", is_new=n <= 10) for n in range(1, 81)]
    assert max(table.newcomers for table in mix(guests, seed=2)) <= 2


def test_who_asked_to_stay_together_does_up_to_three() -> None:
    wishes = [{1, 2}, {3, 4, 5}, {6, 7, 8, 9}]
    tables = mix(a_room(100, 4), seed=4, together=wishes)
    at = {number: index for index, table in enumerate(tables) for number in table.numbers}
    assert at[1] == at[2]
    assert at[3] == at[4] == at[5]
    assert at[6] == at[7] == at[8]


def test_kept_apart_wins_over_staying_together() -> None:
    tables = mix(a_room(30, 4), seed=4, together=[{1, 2, 3}], apart={frozenset({1, 3})})
    at = {number: index for index, table in enumerate(tables) for number in table.numbers}
    assert at[1] != at[3]
    assert at[1] == at[2]


@pytest.mark.parametrize("people", [8, 9, 10])
def test_a_room_with_one_table_becomes_two_for_a_pair(people: int) -> None:
    pair = frozenset({1, 2})
    tables = mix(a_room(people, 1), seed=1, apart={pair})
    assert [len(table.guests) for table in tables] == [people - people // 2, people // 2]
    assert not [table for table in tables if pair <= table.numbers]


def test_in_a_room_too_small_for_two_tables_the_pair_is_named_for_whoever_looks_after_people() -> (
    None
):
    pair = frozenset({1, 2})
    assert still_together([t.numbers for t in mix(a_room(6, 1), seed=1, apart={pair})], {pair}) == [
        pair
    ]


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[Guest], list[set[int]], set[frozenset[int]], int]:
    people = draw(st.sampled_from([1, 2, 5, 9, 10, 11, 12, 19, 21, 40, 61]) | st.integers(1, 120))
    kind = draw(st.sampled_from(["usual", "one branch", "no branch", "all lead", "nobody leads"]))
    dice = random.Random(draw(st.integers(0, 10_000)))
    guests = [
        Guest(
            number,
            {"one branch": "BN1", "no branch": ""}.get(kind, f"BN{dice.randint(1, 6)}"),
            leads={"all lead": True, "nobody leads": False}.get(kind, dice.random() < 0.2),
            is_new=dice.random() < 0.4,
        )
        for number in dice.sample(range(1, 500), people)
    ]
    seats = [guest.number for guest in guests]
    some = st.sets(st.sampled_from(seats), min_size=1, max_size=4)
    wishes = draw(st.lists(some, max_size=6))
    pairs = draw(st.lists(st.sets(st.sampled_from(seats), min_size=2, max_size=2), max_size=4)
                 if people > 1 else st.just([]))  # fmt: skip
    return guests, wishes, {frozenset(pair) for pair in pairs}, draw(st.integers(0, 9999))


def three_of_them(apart: set[frozenset[int]]) -> bool:
    """Whether three people are kept from one another, all three: two tables cannot do that."""
    people = set().union(*apart)
    return any(
        {frozenset(pair) for pair in combinations(three, 2)} <= apart
        for three in combinations(sorted(people), 3)
    )


def can_be_parted(people: int, apart: set[frozenset[int]]) -> bool:
    """Whether so many people have the tables for it, with at most four pairs."""
    return people >= 12 or (people >= 8 and not three_of_them(apart))


@settings(max_examples=1000, deadline=None)
@given(rooms())
def test_in_any_room_everybody_sits_once_and_nobody_with_whom_they_are_kept_from(
    room: tuple[list[Guest], list[set[int]], set[frozenset[int]], int],
) -> None:
    guests, wishes, apart, seed = room
    tables = mix(guests, seed=seed, together=wishes, apart=apart)
    sizes = [len(table.guests) for table in tables]
    assert numbers(tables) == sorted(guest.number for guest in guests)
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= MOST
    assert len(tables) == 1 or min(sizes) >= (FEWEST_APART if apart else 5)
    if can_be_parted(len(guests), apart):
        assert still_together([table.numbers for table in tables], apart) == []
    if sum(guest.leads for guest in guests) == len(guests):
        assert all(table.leaders for table in tables)
