"""Postcodes, distances and the cell that stands for a home."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.places.grid import british_to_wgs84, irish_to_wgs84, wgs84_to_british
from campaign.places.rules import (
    PlaceUnknown,
    bounding_box,
    cell_centre,
    clean_search,
    distance_km,
    fold_name,
    normalise_outcode,
    normalise_postcode,
    normalise_sector,
    outcode_of,
    sector_of,
)

LATS = st.floats(49.9, 60.9)
LNGS = st.floats(-8.2, 1.8)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bn11aa", "BN1 1AA"),
        ("  Bn1  1aA ", "BN1 1AA"),
        ("sw1a 1aa", "SW1A 1AA"),
        ("m11ae", "M1 1AE"),
        ("ＢＮ１ １ＡＡ", "BN1 1AA"),
        ("bn1\u00a01aa", "BN1 1AA"),
    ],
)
def test_a_postcode_is_known_however_it_is_typed(typed: str, meant: str) -> None:
    assert normalise_postcode(typed) == meant


@pytest.mark.parametrize(
    "typed", ["", "BN1", "BN1 1", "BN1 1A", "BN1 1AAA", "BN1 1AC", "BN1-1AA", "1BN 1AA", "BN1 1ÄA"]
)
def test_what_is_no_postcode_is_not_made_into_one(typed: str) -> None:
    assert normalise_postcode(typed) is None


def test_a_postcode_splits_into_sector_and_outcode() -> None:
    assert sector_of("BN1 1AA") == "BN1 1"
    assert outcode_of("BN1 1AA") == "BN1"
    assert outcode_of("BN1 1") == "BN1"


def test_an_outcode_is_not_taken_for_a_sector() -> None:
    assert normalise_sector("bn1 1") == "BN1 1"
    assert normalise_sector("bn11") is None
    assert normalise_outcode(" bn11 ") == "BN11"
    assert normalise_outcode("Hove") is None


def test_place_names_compare_without_case_dots_hyphens_and_accents() -> None:
    assert fold_name("Stoke-on-Trent") == fold_name("STOKE ON TRENT")
    assert fold_name("St. Ives, Cornwall") == fold_name("saint ives cornwall")
    assert fold_name("King’s Lynn") == fold_name("kings lynn")
    assert fold_name("Tŷ Croes") == fold_name("ty croes")


@pytest.mark.parametrize("text", ["", "   ", "a\0b", "a\nb\x1b", "a\u202eb", "a" * 101])
def test_text_that_nobody_types_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(PlaceUnknown, match=r"^[A-Z].*\.$") as refusal:
        clean_search(text)
    assert "\0" not in refusal.value.message


def test_the_projection_agrees_with_the_ordnance_survey_s_worked_example() -> None:
    # A guide to coordinate systems in Great Britain, appendix C: this grid reference is
    # 52°39'27.2531"N 1°43'4.5177"E on Airy's ellipsoid, and 52°39'28.72"N 1°42'57.79"E on WGS84.
    point = british_to_wgs84(651409.903, 313177.270)
    there = (52 + 39 / 60 + 28.72 / 3600, 1 + 42 / 60 + 57.79 / 3600)
    assert distance_km(*point, *there) < 0.006


def test_a_point_in_belfast_comes_from_the_irish_grid() -> None:
    # Belfast City Hall, J 338 740.
    assert distance_km(*irish_to_wgs84(333800, 374000), 54.5965, -5.9301) < 0.15
    assert distance_km(*british_to_wgs84(333800, 374000), 54.5965, -5.9301) > 100


@given(st.floats(0, 650_000), st.floats(0, 1_200_000))
def test_the_grid_is_walked_there_and_back_within_two_centimetres(
    east: float, north: float
) -> None:
    back = wgs84_to_british(*british_to_wgs84(east, north))
    assert math.dist(back, (east, north)) < 0.02


def test_distance_is_the_great_circle() -> None:
    brighton, london = (50.82838, -0.13947), (51.50853, -0.12574)
    assert distance_km(*brighton, *london) == pytest.approx(75.6, abs=0.1)
    assert distance_km(*brighton, *brighton) == 0
    assert distance_km(0, 0, 0, 180) == pytest.approx(math.pi * 6371.0088)


@given(LATS, LNGS, st.floats(0.1, 200), st.floats(0, 2 * math.pi))
def test_nothing_within_reach_lies_outside_the_bounding_box(
    lat: float, lng: float, km: float, bearing: float
) -> None:
    reach = km * 0.999 / 6371.0088
    phi, lam = math.radians(lat), math.radians(lng)
    there = math.asin(
        math.sin(phi) * math.cos(reach) + math.cos(phi) * math.sin(reach) * math.cos(bearing)
    )
    turn = math.atan2(
        math.sin(bearing) * math.sin(reach) * math.cos(phi),
        math.cos(reach) - math.sin(phi) * math.sin(there),
    )
    box = bounding_box(lat, lng, km)
    assert box.south <= math.degrees(there) <= box.north
    assert box.west <= math.degrees(lam + turn) <= box.east


def test_the_bounding_box_is_no_larger_than_it_must_be() -> None:
    box = bounding_box(50.8, -0.1, 10)
    assert distance_km(50.8, -0.1, box.north, -0.1) == pytest.approx(10)
    assert distance_km(50.8, -0.1, 50.8, box.east) == pytest.approx(10, rel=0.001)


@given(LATS, LNGS)
def test_a_cell_s_centre_is_never_far_and_stands_for_itself(lat: float, lng: float) -> None:
    centre = cell_centre(lat, lng)
    assert distance_km(lat, lng, *centre) <= 0.715
    assert cell_centre(*centre) == centre


@given(
    st.integers(-30, 655),
    st.integers(5, 1220),
    st.tuples(st.floats(0.1, 999.9), st.floats(0.1, 999.9)),
    st.tuples(st.floats(0.1, 999.9), st.floats(0.1, 999.9)),
)
def test_every_home_in_a_square_shows_the_same_pin(
    column: int, row: int, one: tuple[float, float], other: tuple[float, float]
) -> None:
    pins = {
        cell_centre(*british_to_wgs84(column * 1000 + east, row * 1000 + north))
        for east, north in (one, other)
    }
    assert len(pins) == 1


def test_homes_in_neighbouring_squares_show_different_pins() -> None:
    here = cell_centre(*british_to_wgs84(531_500, 104_500))
    there = cell_centre(*british_to_wgs84(532_500, 104_500))
    assert distance_km(*here, *there) == pytest.approx(1, abs=0.01)
