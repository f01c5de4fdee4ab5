"""The local deal in any room: usual ones, and the ugly ones."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.meetups.rules.dealing import FEWEST, MOST, NEAR_KM, Seat, deal
from campaign.places.rules import distance_km
from tests.meetups.test_dealing import a_room


@st.composite
def rooms(draw: st.DrawFn) -> tuple[list[Seat], int]:
    """So many people, from so many places within a county or a country."""
    people = draw(st.sampled_from([1, 2, 3, 4, 11, 12, 21, 22]) | st.integers(1, 120))
    places = draw(st.integers(1, 25))
    wide = draw(st.sampled_from([0.01, 0.1, 0.5, 3.0]))
    silent = draw(st.sampled_from([0.0, 0.1, 0.5, 1.0]))
    dice = random.Random(draw(st.integers(0, 10_000)))
    towns = [
        (f"T{n}", 52 + dice.uniform(-wide, wide), -1 + dice.uniform(-wide, wide))
        for n in range(places)
    ]
    seats = []
    for number in dice.sample(range(1, 999), people):
        if dice.random() < silent:
            seats.append(Seat(number))
            continue
        name, lat, lng = dice.choice(towns)
        seats.append(Seat(number, name, lat + dice.gauss(0, 0.004), lng + dice.gauss(0, 0.004)))
    return seats, draw(st.integers(0, 9999))


def check(seats: list[Seat], seed: int) -> None:
    tables = deal(seats, seed=seed)
    found = sorted(seat.number for table in tables for seat in table.seats)
    assert found == sorted(seat.number for seat in seats)
    sizes = [len(table.seats) for table in tables]
    assert max(sizes, default=0) <= MOST
    for table in tables:
        if len(table.seats) >= FEWEST:
            continue
        # A table that small has none near that it could have joined.
        middle = table.middle
        near = [
            other
            for other in tables
            if other is not table
            and middle
            and other.middle
            and distance_km(*middle, *other.middle) <= NEAR_KM
        ]
        assert near == []
        assert len(tables) == 1, "whoever is from afar sits with others"
    assert all(table.farthest_km >= 0 for table in tables)
    again = [[seat.number for seat in table.seats] for table in deal(seats[::-1], seed=seed)]
    assert again == [[seat.number for seat in table.seats] for table in tables]


@settings(max_examples=2000, deadline=None)
@given(rooms())
def test_in_any_room_everybody_sits_once_at_a_table_of_four_to_ten(
    room: tuple[list[Seat], int],
) -> None:
    check(*room)


@pytest.mark.parametrize("people", [0, 1, 3, 11, 220, 1003])
@pytest.mark.parametrize("silent", [0.0, 1.0])
def test_the_ugly_rooms(people: int, silent: float) -> None:
    check(a_room(people, people, anywhere=silent), seed=7)


@pytest.mark.parametrize("people", [11, 220, 1003])
def test_everybody_from_one_branch(people: int) -> None:
    seats = [Seat(n, "BN1", 50.83 + n / 1e5, -0.14) for n in range(1, people + 1)]
    check(seats, seed=3)
    check([Seat(n, "BN1", 50.83, -0.14) for n in range(1, people + 1)], seed=3)
