"""Dealing: neighbours together, no table too small or too large, the same seed the same deal."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.meetups.rules.dealing import (
    FEWEST,
    MOST,
    NEAR_KM,
    Seat,
    Standing,
    Table,
    deal,
    table_for_latecomer,
)
from campaign.meetups.rules.parting import FEWEST_APART
from campaign.places.rules import distance_km

BRANCHES = {
    "BN1": (50.8290, -0.1410),
    "BN2": (50.8295, -0.1242),
    "BN3": (50.8279, -0.1688),
    "BN41": (50.8400, -0.2130),
    "BN7": (50.8739, 0.0088),
    "BN25": (50.7710, 0.1010),
    "RH16": (51.0000, -0.1050),
}


def a_room(people: int, seed: int, *, anywhere: float = 0.1) -> list[Seat]:
    dice = random.Random(seed)
    seats = []
    for number in range(1, people + 1):
        if dice.random() < anywhere:
            seats.append(Seat(number))
            continue
        branch = dice.choices(list(BRANCHES), weights=[30, 25, 20, 3, 8, 2, 1])[0]
        lat, lng = BRANCHES[branch]
        seats.append(Seat(number, branch, lat + dice.gauss(0, 0.006), lng + dice.gauss(0, 0.008)))
    return seats


@pytest.mark.parametrize("seed", range(40))
@pytest.mark.parametrize("people", [1, 3, 5, 11, 13, 36, 61, 110, 220, 250])
def test_everybody_sits_once_at_a_table_one_can_talk_across(people: int, seed: int) -> None:
    tables = deal(a_room(people, seed), seed=seed)
    numbers = [seat.number for table in tables for seat in table.seats]
    assert sorted(numbers) == list(range(1, people + 1))
    assert max(len(table.seats) for table in tables) <= MOST
    if people >= FEWEST:
        assert min(len(table.seats) for table in tables) >= FEWEST


def test_the_same_seed_deals_the_same_and_another_seed_another() -> None:
    def shape(seed: int) -> list[list[int]]:
        return [sorted(s.number for s in table.seats) for table in deal(a_room(220, 5), seed=seed)]

    assert shape(4417) == shape(4417)
    assert shape(4417) != shape(4418)


def test_neighbours_sit_together_and_a_small_branch_joins_the_nearest() -> None:
    hove = [Seat(n, "BN3", 50.8279, -0.1688) for n in range(1, 6)]
    portslade = [Seat(n, "BN41", 50.8400, -0.2130) for n in range(6, 8)]
    lewes = [Seat(n, "BN7", 50.8739, 0.0088) for n in range(8, 13)]
    tables = deal([*hove, *portslade, *lewes], seed=1)
    together = [{seat.number for seat in table.seats} for table in tables]
    assert {1, 2, 3, 4, 5, 6, 7} in together
    assert {8, 9, 10, 11, 12} in together


def test_two_from_far_away_stay_together() -> None:
    hove = [Seat(n, "BN3", 50.8279, -0.1688) for n in range(1, 8)]
    tables = deal([*hove, Seat(8, "LS1", 53.80, -1.54), Seat(9, "LS1", 53.80, -1.54)], seed=3)
    assert [{8, 9} <= {seat.number for seat in table.seats} for table in tables].count(True) == 1
    alone = deal(
        [Seat(1, "BN2", 50.8, -0.1), Seat(2, "BN2", 50.8, -0.1)] + [Seat(n) for n in range(3, 14)],
        seed=3,
    )
    assert [{1, 2} <= {seat.number for seat in table.seats} for table in alone].count(True) == 1


def test_a_large_branch_is_cut_into_neighbourhoods() -> None:
    north = [Seat(n, "BN1", 50.86 + n / 10_000, -0.14) for n in range(1, 8)]
    south = [Seat(n, "BN1", 50.82 + n / 10_000, -0.14) for n in range(8, 15)]
    tables = deal([*north, *south], seed=9)
    assert {frozenset(seat.number for seat in table.seats) for table in tables} == {
        frozenset(range(1, 8)),
        frozenset(range(8, 15)),
    }


def test_nobody_of_a_large_branch_sits_far_from_the_middle_of_their_table() -> None:
    for table in deal(a_room(220, 8, anywhere=0.0), seed=2):
        branches = {seat.branch for seat in table.seats}
        if len(branches) == 1:
            assert table.farthest_km <= 3.0


def test_who_comes_late_gets_the_smallest_near_table_with_a_chair() -> None:
    hove = Standing(1, 9, 50.8279, -0.1688)
    small_hove = Standing(2, 5, 50.8300, -0.1700)
    leeds = Standing(3, 4, 53.80, -1.54)
    here = {"lat": 50.8285, "lng": -0.1690}
    assert table_for_latecomer([hove, small_hove, leeds], **here) == 2
    assert table_for_latecomer([hove, small_hove, leeds], lat=None, lng=None) == 3
    full = Standing(4, MOST, 50.8285, -0.1690)
    assert table_for_latecomer([full, leeds], **here) == 3
    assert table_for_latecomer([full], **here) == 4
    assert table_for_latecomer([], **here) is None
    assert distance_km(50.8285, -0.1690, 53.80, -1.54) > NEAR_KM


def test_a_table_of_people_who_say_nothing_has_no_middle() -> None:
    table = Table([Seat(1), Seat(2)])
    assert table.middle is None
    assert table.branch == ""
    assert table.farthest_km == 0.0


@settings(max_examples=300, deadline=None)
@given(
    people=st.integers(5, 90),
    seed=st.integers(0, 9999),
    dice=st.integers(0, 9999),
    anywhere=st.sampled_from([0.0, 0.1, 1.0]),
    many=st.integers(1, 4),
)
def test_who_is_kept_apart_shares_no_table_where_there_are_two(
    people: int, seed: int, dice: int, anywhere: float, many: int
) -> None:
    chooser = random.Random(dice)
    chosen = chooser.sample(range(1, people + 1), min(2 * many, people - people % 2))
    apart = {frozenset(pair) for pair in zip(chosen[::2], chosen[1::2], strict=True)}
    tables = deal(a_room(people, dice, anywhere=anywhere), seed=seed, apart=apart)
    seated = [{seat.number for seat in table.seats} for table in tables]
    assert sorted(n for numbers in seated for n in numbers) == list(range(1, people + 1))
    assert max(map(len, seated)) <= MOST
    assert min(map(len, seated)) >= FEWEST
    if len(tables) > 1 or people >= 2 * FEWEST_APART:
        assert not [pair for pair in apart for numbers in seated if pair <= numbers]
