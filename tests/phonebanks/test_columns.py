"""Columns: what the headings of other people's files mean."""

import pytest

from campaign.phonebanks.rules.columns import (
    ALIASES,
    PHONE_RANKS,
    map_headings,
    normalise,
    phone_ranks,
    unmapped,
)


@pytest.mark.parametrize(
    ("heading", "name"),
    [
        ("Pref Phone ", "prefphone"),
        ("\ufeffVoter File VANID", "voterfilevanid"),
        ("E-mail Address", "emailaddress"),
        ("Förnamn", "frnamn"),
        ("Phone 1 - Value", "phone1value"),
        ("", ""),
    ],
)
def test_a_heading_is_reduced_to_its_letters(heading: str, name: str) -> None:
    assert normalise(heading) == name


def test_a_van_list_is_read() -> None:
    headings = (
        "Voter File VANID,LastName,FirstName,Sex,Party,City,Zip5,PreferredEmail,"
        "Home Phone,Pref Phone ,Cell Phone"
    )
    assert map_headings(headings.split(",")) == {
        "external_id": [0],
        "last_name": [1],
        "first_name": [2],
        "town": [5],
        "postcode": [6],
        "email": [7],
        "phone": [10, 9, 8],
    }


def test_a_nationbuilder_export_is_read() -> None:
    headings = (
        "nationbuilder_id,first_name,last_name,email,phone_number,work_phone_number,mobile_number,"
        "mobile_opt_in,do_not_call,federal_donotcall,support_level,tag_list,note,born_at,"
        "address_city,address_zip,language"
    )
    found = map_headings(headings.split(","))
    assert found["phone"] == [6, 4, 5]
    assert found["do_not_call"] == [8, 9]
    assert found["may_call"] == [7]
    assert found["support"] == [10]
    assert found["date_of_birth"] == [13]
    assert (found["town"], found["postcode"], found["language"]) == ([14], [15], [16])


def test_an_action_network_report_is_read() -> None:
    headings = "uuid,first_name,last_name,email,zip_code,can2_phone,can2_user_city,can2_user_tags"
    found = map_headings(headings.split(","))
    assert (found["external_id"], found["phone"], found["tags"]) == ([0], [5], [7])


def test_a_register_and_an_address_book_are_read() -> None:
    register = map_headings(["Elector Number", "Elector Surname", "Elector Forename", "PostCode"])
    assert list(register) == ["external_id", "last_name", "first_name", "postcode"]
    book = ["Given Name", "Family Name", "Phone 1 - Value", "E-mail 1 - Value", "Business Phone"]
    assert map_headings(book)["phone"] == [2, 4]


def test_phones_are_ranked_mobile_main_home_work() -> None:
    headings = ["Work Phone", "Home", "Telephone", "Mobile", "Alt Phone", "Cell"]
    assert phone_ranks(headings) == [(3, 1), (5, 1), (2, 2), (1, 3), (4, 3), (0, 4)]


def test_within_a_field_the_better_heading_comes_first() -> None:
    assert map_headings(["id", "external_id", "VANID"])["external_id"] == [2, 1, 0]


def test_voter_id_is_a_number_alone_and_a_promise_beside_one() -> None:
    assert map_headings(["Voter ID", "first", "last"])["external_id"] == [0]
    assert "support" not in map_headings(["Voter ID"])
    beside = map_headings(["Voter ID", "Elector Number", "Name"])
    assert (beside["external_id"], beside["support"]) == ([1], [0])


def test_what_is_not_known_is_left_for_the_person_importing() -> None:
    headings = ["Phone", "Shoe size", "", "Name"]
    found = map_headings(headings)
    assert found == {"phone": [0], "full_name": [3]}
    assert unmapped(headings, found.values()) == [1, 2]


def test_no_heading_means_two_things_but_voter_id() -> None:
    names = [name for aliases in (*ALIASES.values(), *PHONE_RANKS) for name in aliases]
    assert [name for name in set(names) if names.count(name) > 1] == ["voterid"]
