"""The list at the door as it is looked at and tapped: by whom, how often, how heavy."""

import re
from html import unescape

import pytest
from sqlalchemy import func, select, update

from campaign.events.models import Event, EventTeam, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import DeskDevice, Participant
from campaign.meetups.queries import rooms
from campaign.people.models import Person
from tests.cast import Cast, a_person, an_event, an_rsvp
from tests.meetups.expecting import ANN, an_evening
from tests.meetups.holding import held_by
from tests.meetups.making import a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")

NAMES = ("Ann Barnes", "Bob Carr", "Zoe Young")


@pytest.fixture
def evening(database: Database, cast: Cast) -> str:
    """Three have signed up; the address of the list."""
    with database.unit_of_work() as db:
        meetup, _ = an_evening(
            db, cast, *NAMES, phone="+447700900123", postcode="BN2 9QA", guests=1
        )
        return f"/m/{meetup.code}/door/list"


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


def id_of(database: Database, name: str) -> str:
    with database.reading() as db:
        return db.scalars(select(Rsvp.public_id).where(Rsvp.name == name)).one()


def listed(page: str) -> list[str]:
    """The lines, in their words."""
    lines = re.findall(r"<li id=\"r-.*?</li>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in lines]


def people_in(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count(Participant.id))) or 0


def test_the_list_shows_first_names_and_initials_and_no_way_to_reach_anybody(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    page = desk.get(evening)
    assert page.headers["Cache-Control"] == "no-store"
    assert [line.split(" ticket")[0] for line in listed(page.text)] == [
        "Ann B.",
        "Bob C.",
        "Zoe Y.",
    ]
    assert "0 of 3 who signed up are here" in re.sub(r"<[^>]+>", "", page.text)
    for secret in ("Barnes", "people.example", "7700", "900123", "BN2"):
        assert secret not in page.text
    assert evening in desk.get(evening.removesuffix("/list")).text


def test_one_tap_brings_them_in_says_the_number_and_can_be_taken_back(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    ann = id_of(database, "Ann Barnes")
    sent = desk.post_form(evening, {"came": ann}, page=evening)
    assert sent.headers["Location"] == f"{evening}?last={ann}"
    page = desk.get(sent.headers["Location"]).text
    assert "Ann B. is number" in page
    assert "door/slips?number=1" in page
    assert "here, number 1" in listed(page)[0]
    assert "1 of 3 who signed up is here" in re.sub(r"<[^>]+>", "", page)
    slip = desk.get(evening.replace("list", "slips?number=1")).text
    assert "Ann B." in slip
    with database.reading() as db:
        made = db.scalars(select(Participant)).one()
        assert (made.branch, made.lat is not None) == ("BN2", True)
    back = desk.post_form(evening, {"back": ann}, page=evening)
    assert "Ann B. is not in the hall." in desk.get(back.headers["Location"]).text
    assert people_in(database) == 0


def test_the_same_form_or_the_same_tap_again_changes_nothing(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    ann, bob = id_of(database, "Ann Barnes"), id_of(database, "Bob Carr")
    mark, page = "6b1f9a52-3c1e-4f9b-8a57-0d2f6a1b7c90", "0d2f6a1b-3c1e-4f9b-8a57-6b1f9a527c90"
    for who, given in ((ann, {"tap_mark": mark}), (bob, {"page": page})):
        told = {"came": who, **given}
        assert desk.post_form(evening, told).status_code == 303
        desk.post_form(evening, {"back": who})
        assert desk.post_form(evening, told).status_code == 303
    assert people_in(database) == 0
    assert desk.post_form(evening, {"came": ann, "tap_mark": "junk"}).status_code == 303
    assert people_in(database) == 1


@pytest.mark.parametrize("junk", ["", "nobody000000", "a" * 4000, "\x00", "' OR 1=1", "../.."])
def test_a_tap_on_nobody_is_refused_with_a_sentence(
    desk: ProofReadingClient, database: Database, evening: str, junk: str
) -> None:
    sent = desk.post_form(evening, {"came": junk})
    assert 400 <= sent.status_code < 500
    assert people_in(database) == 0


def test_without_a_script_a_name_is_found_by_a_form(desk: ProofReadingClient, evening: str) -> None:
    shown = desk.get(f"{evening}?q=bo").text
    assert [line.split(" ticket")[0] for line in listed(shown)] == ["Bob C."]
    assert "1 found for “bo”" in shown
    assert "0 found" in desk.get(f"{evening}?q=barnes").text, "a surname is not looked for"
    for junk in ("%25", "<b>", "x" * 500, "%F0%9F%98%80"):
        assert desk.get(f"{evening}?q={junk}").status_code == 200
    assert desk.get(f"{evening}?q=%00").status_code == 400
    assert desk.get(f"{evening}?last=nobody").status_code == 200


def test_a_phone_that_joined_is_here_and_has_no_button(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.split("/")[2])
        assert meetup is not None
        a_participant(db, rooms.batch_of(db, meetup), "Ann", email=ANN)
    page = desk.get(evening).text
    assert listed(page)[0].endswith("Not them? Bring in at the door here, number 1")
    ann = id_of(database, "Ann Barnes")
    assert f'value="{ann}"' not in page
    refused = desk.post_form(evening, {"back": ann})
    assert refused.status_code == 422
    assert "on a phone of their own" in refused.text
    assert evening in refused.text


def test_whose_line_somebody_else_sits_for_comes_in_at_the_door(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.split("/")[2])
        assert meetup is not None
        a_participant(db, rooms.batch_of(db, meetup), "Ann", email=ANN)
    door = evening.removesuffix("/list")
    way_on = f'href="{door}" aria-label="Not them? Bring in at the door: Ann B., ticket 1"'
    assert desk.get(evening).text.count(way_on) == 1
    sent = desk.post_form(evening, {"came": id_of(database, "Ann Barnes")})
    said = desk.get(sent.headers["Location"]).text.partition("on their phone.")[2]
    assert f'href="{door}">Not them? Bring in at the door' in said.partition("</section>")[0]
    came = desk.post_form(door, {"name": "Ann", "reach": ANN, "hold": "y"}, page=door)
    assert came.headers["Location"].endswith("number=2")
    assert listed(desk.get(evening).text)[0].endswith("here, number 1")


def test_no_two_buttons_of_the_list_are_called_alike(
    desk: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast)
        event = db.get_one(Event, meetup.event_id)
        for ticket, name in enumerate(("Fern Barnes", "Fern Barnet", "Fern Bolt"), 1):
            an_rsvp(db, event, a_person(db, name), name=name, place_in_line=ticket)
    address = f"/m/{meetup.code}/door/list"
    desk.post_form(address, {"came": id_of(database, "Fern Bolt")})
    page = desk.get(address).text
    assert re.findall(r"<b>(Fern .*?)</b>", page) == ["Fern Ba.", "Fern Ba.", "Fern Bo."]
    buttons = re.findall(r'name="(came|back)" value="(\w+)" aria-label="(.*?)">(.*?)</b', page)
    labels = [label for _, _, label, _ in buttons]
    assert labels == [
        "They are here: Fern Ba., ticket 1",
        "They are here: Fern Ba., ticket 2",
        "Undo: Fern Bo., ticket 3, is not here",
    ]
    assert all(label.startswith(words) for _, _, label, words in buttons)
    assert [who for _, who, _, _ in buttons] == [
        id_of(database, name) for name in ("Fern Barnes", "Fern Barnet", "Fern Bolt")
    ]


def test_the_phone_of_who_was_brought_in_keeps_the_number_of_the_slip(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    desk.post_form(evening, {"came": id_of(database, "Ann Barnes")})
    phone, room = desk.application.test_client(), evening.removesuffix("/door/list")
    joined = phone.post_form(
        f"{room}/join", {"name": "Ann", "reach": ANN, "hold": "y", "where": ""}
    )
    assert joined.status_code == 303
    assert "Your number is</span><b>1</b>" in phone.get(room).text
    own = phone.get(f"{room}/you").text
    assert "900123" not in own, "whoever types an address reads nothing of the sign-up"
    assert people_in(database) == 1


def test_a_stranger_a_caller_and_a_phone_of_the_room_find_no_list(
    client: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    code = evening.split("/")[2]
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, code)
        assert meetup is not None
        key = a_participant(db, rooms.batch_of(db, meetup), "Tom").key
    ann = id_of(database, "Ann Barnes")
    client.set_cookie("meetup", key, path=f"/m/{code}")
    assert client.get(evening).status_code == 303, "to the sign-in"
    assert client.post_form(evening, {"came": ann}, page=f"/m/{code}").status_code == 303
    for person in (cast.stranger, cast.supporter, cast.caller, cast.lead):
        client.sign_in(person)
        assert client.get(evening).status_code == 404, person.name
        assert client.post_form(evening, {"came": ann}).status_code == 404, person.name
    assert people_in(database) == 1


def test_a_steward_of_the_event_brings_people_in(
    client: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    ann = id_of(database, "Ann Barnes")
    with database.unit_of_work() as db:
        event = db.scalars(select(Rsvp.event_id).where(Rsvp.public_id == ann)).one()
        steward = {"person_id": cast.supporter.id, "role": "steward", "since": clock.now()}
        db.add(EventTeam(event_id=event, **steward))
    client.sign_in(cast.supporter)
    assert len(listed(client.get(evening).text)) == 3
    assert client.post_form(evening, {"came": ann}, page=evening).status_code == 303
    assert people_in(database) == 1


def test_who_runs_another_group_s_meetup_brings_nobody_in_here(
    client: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    ann = id_of(database, "Ann Barnes")
    with database.unit_of_work() as db:
        other, _ = an_evening(db, cast)
    client.sign_in(cast.organiser)
    assert client.post_form(f"/m/{other.code}/door/list", {"came": ann}).status_code == 404
    assert people_in(database) == 0


def test_a_device_that_holds_the_desk_brings_in_and_an_ended_one_does_not(
    desk: ProofReadingClient, database: Database, evening: str
) -> None:
    laptop = held_by(desk, evening.split("/")[2])
    assert len(listed(laptop.get(evening).text)) == 3
    ann, bob = id_of(database, "Ann Barnes"), id_of(database, "Bob Carr")
    assert laptop.post_form(evening, {"came": ann}, page=evening).status_code == 303
    token = laptop.token()
    with database.unit_of_work() as db:
        db.execute(update(DeskDevice).values(ended_at=DeskDevice.opened_at))
    assert laptop.get(evening).status_code == 410
    sent = laptop.post(evening, data={"came": bob, "csrf_token": token})
    assert sent.status_code == 410
    assert people_in(database) == 1


def test_the_list_of_a_thousand_asks_no_more_than_that_of_three_and_stays_light(
    desk: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast)
        event = db.get_one(Event, meetup.event_id)
        for number in range(1000):
            person = Person(name=f"Pia {number:04} Quist", made_at=event.starts_at)
            person.email = f"p{number}@people.example"
            db.add(person)
            db.flush()
            an_rsvp(db, event, person, name="Pia Quist")
    address = f"/m/{meetup.code}/door/list"
    page = desk.get(address, most_queries=20)
    assert len(listed(page.text)) == 1000
    assert len(page.data) < 300_000
    assert len(desk.get(f"{address}?q=zz").data) < 20_000


def test_the_list_of_an_evening_that_is_over_is_read_and_not_tapped(
    desk: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    ann = id_of(database, "Ann Barnes")
    desk.post_form(evening, {"came": ann})
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.split("/")[2])
        assert meetup is not None
        move_to(db, rooms.batch_of(db, meetup), "over", cast.organiser.id)
    page = desk.get(evening).text
    assert "This meetup is over." in page
    assert "They are here" not in page
    late = desk.post_form(evening, {"came": id_of(database, "Bob Carr")})
    assert late.status_code == 422
    assert "This meetup is over" in late.text


def test_a_tap_after_the_tables_were_dealt_says_the_table(
    desk: ProofReadingClient, database: Database, cast: Cast, evening: str
) -> None:
    desk.post_form(evening, {"came": id_of(database, "Bob Carr")})
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.split("/")[2])
        assert meetup is not None
        batch = rooms.batch_of(db, meetup)
        for name in ("Tom", "Una", "Vic", "Wes"):
            a_participant(db, batch, name)
        move_to(db, batch, "local", cast.organiser.id)
    sent = desk.post_form(evening, {"came": id_of(database, "Ann Barnes")}, page=evening)
    assert "Table 1, teal" in desk.get(sent.headers["Location"]).text


def test_a_list_of_nobody_says_what_to_do(
    desk: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast)
        an_event(db, cast.group, a_person(db, "Else Where"))
    assert "Nobody has signed up" in desk.get(f"/m/{meetup.code}/door/list").text
