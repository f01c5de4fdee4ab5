"""Finding postcodes and places, and what lies at a point."""

import threading
from pathlib import Path

import pytest

from campaign.places import lookup
from campaign.places.lookup import find, nearest_council, nearest_town, points_of
from campaign.places.rules import (
    PlacesNotLoaded,
    PlaceUnknown,
    Precision,
    Spot,
    cell_centre,
    distance_km,
)

KNOWN = {
    "BN1 1AA": (50.82633, -0.14082, "Brighton and Hove"),
    "BN1 1EE": (50.82186, -0.13833, "Brighton and Hove"),
    "BN3 2LS": (50.82464, -0.16813, "Brighton and Hove"),
    "SW1A 1AA": (51.50101, -0.14159, "Westminster"),
    "M1 1AE": (53.48347, -2.23118, "Manchester"),
    "EH1 1YZ": (55.95033, -3.19302, "City of Edinburgh"),
    "CF10 1EP": (51.47576, -3.17921, "Cardiff"),
    "BT1 5GS": (54.59664, -5.93008, "Belfast"),
}


def the_one(data_dir: Path, text: str) -> Spot:
    (spot,) = find(data_dir, text)
    return spot


@pytest.mark.parametrize("postcode", KNOWN)
def test_a_postcode_is_found_within_ten_metres(places_dir: Path, postcode: str) -> None:
    lat, lng, council = KNOWN[postcode]
    spot = the_one(places_dir, postcode.lower().replace(" ", ""))
    assert distance_km(spot.lat, spot.lng, lat, lng) < 0.010
    assert (spot.name, spot.precision) == (postcode, Precision.POSTCODE)
    assert (spot.council, spot.note) == (council, "")


def test_an_unknown_postcode_gives_the_middle_of_its_sector_and_says_so(places_dir: Path) -> None:
    spot = the_one(places_dir, "bn1 9zz")
    assert (spot.name, spot.precision) == ("BN1 9", Precision.SECTOR)
    assert spot.note == "We do not know BN1 9ZZ, so this is the middle of BN1 9."
    assert spot.council == "Brighton and Hove"


def test_a_postcode_of_an_unknown_sector_gives_the_middle_of_its_outcode(places_dir: Path) -> None:
    spot = the_one(places_dir, "BN1 0ZZ")
    assert (spot.name, spot.precision) == ("BN1", Precision.OUTCODE)
    assert spot.note == "We do not know BN1 0ZZ, so this is the middle of BN1."


def test_a_postcode_of_an_unknown_outcode_is_refused(places_dir: Path) -> None:
    with pytest.raises(PlaceUnknown, match=r"postcode ZZ1 1ZZ\. Check it"):
        find(places_dir, "zz11zz")


def test_an_outcode_and_a_sector_are_found_as_themselves(places_dir: Path) -> None:
    outcode, sector = the_one(places_dir, "bn11"), the_one(places_dir, "bn1 1")
    assert (outcode.name, outcode.precision, outcode.note) == ("BN11", Precision.OUTCODE, "")
    assert (sector.name, sector.precision, sector.note) == ("BN1 1", Precision.SECTOR, "")
    assert outcode.council == "Worthing"
    assert sector.council == "Brighton and Hove"


@pytest.mark.parametrize("typed", ["Brighton", " bRIGHTON ", "brighton, Brighton and Hove"])
def test_a_place_is_found_by_name(places_dir: Path, typed: str) -> None:
    spot = the_one(places_dir, typed)
    assert (spot.name, spot.precision) == ("Brighton", Precision.PLACE)
    assert spot.council == "Brighton and Hove"


def test_a_name_that_repeats_gives_a_choice_biggest_first(places_dir: Path) -> None:
    names = [spot.name for spot in find(places_dir, "newport")]
    assert names[:2] == ["Newport, Newport", "Newport, Isle of Wight"]
    assert len(set(names)) == len(names) == 6


def test_each_name_of_a_choice_finds_that_spot_alone(places_dir: Path) -> None:
    for spot in find(places_dir, "Newport") + find(places_dir, "whitchurch"):
        assert find(places_dir, spot.name) == [spot]


def test_the_first_word_of_a_name_will_do_but_half_a_word_will_not(places_dir: Path) -> None:
    assert [spot.name for spot in find(places_dir, "bexhill")] == ["Bexhill-on-Sea"]
    with pytest.raises(PlaceUnknown):
        find(places_dir, "bexh")


@pytest.mark.parametrize(
    "nonsense", ["qwertyville", "123", "<script>", "%", "_", "'; DROP TABLE units", "!!!", "’"]
)
def test_nonsense_is_refused_with_a_sentence_that_says_what_to_do(
    places_dir: Path, nonsense: str
) -> None:
    with pytest.raises(PlaceUnknown) as refusal:
        find(places_dir, nonsense)
    assert "Check the spelling, or enter a postcode" in refusal.value.message
    assert refusal.value.status == 422


def test_a_long_unknown_name_is_not_repeated_in_full(places_dir: Path) -> None:
    with pytest.raises(PlaceUnknown) as refusal:
        find(places_dir, "z" * 90)
    assert len(refusal.value.message) < 130


def test_before_the_unpacking_the_operator_is_told_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PlacesNotLoaded, match="Run `campaign init` first"):
        find(tmp_path, "BN1 1AA")


def test_many_postcodes_are_located_at_once(places_dir: Path) -> None:
    asked = [*KNOWN, "BN1 9ZZ", *(f"ZZ{number % 10} {number % 9}ZZ" for number in range(900))]
    found = points_of(places_dir, asked)
    assert set(found) == set(KNOWN)
    for postcode, (lat, lng, _) in KNOWN.items():
        assert distance_km(*found[postcode], lat, lng) < 0.010


def test_a_point_is_in_its_council_area(places_dir: Path) -> None:
    for lat, lng, council in KNOWN.values():
        assert nearest_council(places_dir, lat, lng) == council


def test_the_end_of_the_pier_belongs_to_the_town_and_paris_to_nobody(places_dir: Path) -> None:
    assert nearest_council(places_dir, 50.8100, -0.1366) == "Brighton and Hove"
    assert nearest_council(places_dir, 48.8566, 2.3522) is None
    assert nearest_council(places_dir, 52.0, -30.0) is None


def test_the_nearest_town_is_one_of_some_size(places_dir: Path) -> None:
    spot = nearest_town(places_dir, 50.8240, -0.1690)
    assert spot is not None
    assert (spot.name, spot.precision) == ("Hove", Precision.PLACE)
    assert nearest_town(places_dir, 52.0, -30.0) is None


def test_where_two_towns_meet_in_a_square_its_homes_say_the_same_town(places_dir: Path) -> None:
    homes = [(50.821, -0.155), (50.823, -0.155)]
    assert len({cell_centre(*home) for home in homes}) == 1
    assert len({nearest_town(places_dir, *home) for home in homes}) == 1


def test_threads_do_not_share_a_connection(places_dir: Path) -> None:
    failures: list[BaseException] = []

    def look() -> None:
        try:
            for _ in range(50):
                assert the_one(places_dir, "BN1 1AA").name == "BN1 1AA"
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_file_that_was_replaced_is_opened_anew(places_dir: Path, tmp_path: Path) -> None:
    source = places_dir / lookup.FILE
    (tmp_path / lookup.FILE).hardlink_to(source)
    assert the_one(tmp_path, "BN1 1AA").name == "BN1 1AA"
    (tmp_path / lookup.FILE).unlink()
    with pytest.raises(PlacesNotLoaded):
        find(tmp_path, "BN1 1AA")
