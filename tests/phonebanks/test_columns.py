"""Columns: what the headings of other people's files mean."""

import re

import pytest

from campaign.phonebanks.rules.columns import (
    ALIASES,
    PHONE_RANKS,
    map_headings,
    normalise,
    phone_ranks,
    unmapped,
)
from campaign.phonebanks.rules.lists import RowReader, find_columns


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


# What each system's own export is headed with, and what the headings must be taken for.
IN_THE_WILD = {
    "VAN": (
        "Voter File VANID\tLastName\tFirstName\tMiddleName\tSuffix\tSex\tParty\tAge\tvAddress\t"
        "City\tState\tZip5\tPreferredEmail\tPref Phone \tCell Phone\tHome Phone\tPrecinctName",
        "external_id=Voter File VANID last_name=LastName first_name=FirstName town=City"
        " postcode=Zip5 email=PreferredEmail phone=Cell Phone,Pref Phone ,Home Phone"
        " address=vAddress region=State",
    ),
    "Action Network": (
        "uuid,first_name,last_name,email,zip_code,Phone,can2_phone,can2_user_address,"
        "can2_user_city,can2_user_state,can2_user_tags,can2_subscription_status",
        "external_id=uuid first_name=first_name last_name=last_name email=email postcode=zip_code"
        " phone=can2_phone,Phone address=can2_user_address town=can2_user_city"
        " region=can2_user_state tags=can2_user_tags",
    ),
    "NationBuilder": (
        "nationbuilder_id,external_id,first_name,last_name,email1,phone_number,work_phone_number,"
        "mobile_number,mobile_opt_in,language,support_level,federal_donotcall,do_not_call,"
        "do_not_contact,tag_list,note,born_at,address_address1,address_city,address_zip",
        "external_id=nationbuilder_id,external_id first_name=first_name last_name=last_name"
        " email=email1 phone=mobile_number,phone_number,work_phone_number may_call=mobile_opt_in"
        " language=language support=support_level"
        " do_not_call=do_not_call,do_not_contact,federal_donotcall tags=tag_list notes=note"
        " date_of_birth=born_at address=address_address1 town=address_city postcode=address_zip",
    ),
    "Zetkin": (
        "id,ext_id,first_name,last_name,email,phone,alt_phone,street_address,co_address,zip_code,"
        "city,country,gender",
        "external_id=ext_id,id first_name=first_name last_name=last_name email=email"
        " phone=phone,alt_phone address=street_address postcode=zip_code town=city"
        " country=country",
    ),
    "CallHub": (
        "ContactNumber,CountryCode,LastName,FirstName,Email",
        "phone=ContactNumber last_name=LastName first_name=FirstName email=Email",
    ),
    "Spoke": (
        "f_name,familyname,mobilenumber,postalnumber,external_id",
        "first_name=f_name last_name=familyname phone=mobilenumber postcode=postalnumber"
        " external_id=external_id",
    ),
    "Twilio phonebank": (
        "external_id,first_name,last_name,email,phone_number",
        "external_id=external_id first_name=first_name last_name=last_name email=email"
        " phone=phone_number",
    ),
    "RumbleUp": (
        "phone,name,email,url,source,notes,custom1,custom2",
        "phone=phone full_name=name email=email notes=notes",
    ),
    "PDI and ThruTalk": (
        "Voter ID,Voter ID Type,first,last,phone,Date Called,Time Called (EST),Caller Login,Result",
        "external_id=Voter ID first_name=first last_name=last phone=phone",
    ),
    "ActionKit": (
        "akid,email,first_name,last_name,address1,address2,city,zip,phone",
        "external_id=akid email=email first_name=first_name last_name=last_name"
        " address=address1,address2 town=city postcode=zip phone=phone",
    ),
    "UK electoral register": (
        "Elector Number Prefix,Elector Number,Elector Number Suffix,Elector Markers,Elector DOB,"
        "Elector Surname,Elector Forename,PostCode,Address1,Address2,Telephone",
        "external_id=Elector Number date_of_birth=Elector DOB last_name=Elector Surname"
        " first_name=Elector Forename postcode=PostCode address=Address1,Address2"
        " phone=Telephone",
    ),
    "UK register's monthly update": (
        "ElectorNumber,Elector Name,PropertyAddress1,PropertyAddress2,PropertyPostCode,Tel",
        "external_id=ElectorNumber full_name=Elector Name"
        " address=PropertyAddress1,PropertyAddress2 postcode=PropertyPostCode phone=Tel",
    ),
    "Google": (
        "Given Name,Family Name,E-mail 1 - Value,Phone 1 - Value,Phone 2 - Value",
        "first_name=Given Name last_name=Family Name email=E-mail 1 - Value"
        " phone=Phone 1 - Value,Phone 2 - Value",
    ),
    "Outlook": (
        "First Name,Last Name,E-mail Address,Mobile Phone,Home Phone,Business Phone",
        "first_name=First Name last_name=Last Name email=E-mail Address"
        " phone=Mobile Phone,Home Phone,Business Phone",
    ),
}


@pytest.mark.parametrize("system", list(IN_THE_WILD))
def test_the_columns_of_each_system_are_found_without_a_word(system: str) -> None:
    line, meant = IN_THE_WILD[system]
    headings = line.split("\t" if "\t" in line else ",")
    said = {
        field: [headings[at] for at in columns] for field, columns in map_headings(headings).items()
    }
    wanted = dict(part.split("=") for part in re.split(r" (?=[a-z_]+=)", meant))
    assert said == {field: names.split(",") for field, names in wanted.items()}


@pytest.mark.parametrize("system", list(IN_THE_WILD))
def test_a_file_of_each_system_gives_somebody_to_ring(system: str) -> None:
    line, _ = IN_THE_WILD[system]
    headings = line.split("\t" if "\t" in line else ",")
    columns = find_columns(headings)
    cells = [""] * len(headings)
    cells[columns.phones[0]] = "07700 900101"
    for name, text in (("first_name", "Amina"), ("full_name", "Amina Kay")):
        for at in columns.fields.get(name, ())[:1]:
            cells[at] = text
    reader = RowReader(headings, columns, basis="all_agreed", allow_unassigned=False)
    listed = reader.read(cells)
    assert (listed.first_name, listed.number.e164) == ("Amina", "+447700900101")
