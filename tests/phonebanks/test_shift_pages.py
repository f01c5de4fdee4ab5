"""A shift for who comes to it: before, at its door, and after."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.models import HelpRequest, Phonebank
from campaign.phonebanks.operations import setup
from campaign.phonebanks.rules.overbooking import Shown, more_places
from campaign.phonebanks.rules.shift import Numbers
from campaign.phonebanks.rules.zones import where_we_ring
from tests.cast import Cast, a_person, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.shifting import BANK, ENDS, STARTS, a_session, a_shift_that_was_worked
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

CARD = {"key": "why", "kind": "objection", "title": "Why?", "say": "Only if they ask."}
STEPS: list[dict[str, Any]] = [
    {"key": "opening", "say": "{movement} here. Could you come?", "options": []},
    {"key": "closing", "say": "Bye.", "options": []},
    CARD,
]


def test_before_a_shift_its_page_says_when_the_screen_opens_and_from_then_on_lets_one_in(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    path = f"{BANK}/shifts/{tonight}"
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        setup.write_script(db, phonebank=bank, steps=STEPS, actor_id=cast.organiser.id, now=NOON)
    client.sign_in(cast.stranger)
    page = client.get(path).text
    assert "until the calling screen opens here, at 12:45" in page
    assert "Could you come?" in page, "what one will say"
    assert "Only if they ask" not in page, "cards stand beside the steps, and are none"
    early = client.post_form(f"{path}/here")
    assert early.status_code == 422
    with clock.at(STARTS - timedelta(minutes=14)):
        client.sign_in(cast.stranger)
        assert "I am here: open the calling screen" in client.get(path).text
        answer = client.post_form(f"{path}/here")
        assert answer.headers["Location"].endswith(f"{BANK}/call")
        assert client.get(f"{BANK}/call").status_code == 200
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        assert "Stef Stranger" in board.split("Still to come")[0]
    with database.reading() as db:
        assert db.scalars(select(Rsvp.attendance).where(Rsvp.person_id == cast.stranger.id)).one()
    with clock.at(ENDS + timedelta(minutes=29)):
        client.sign_in(cast.stranger)
        assert client.get(f"{BANK}/call").status_code == 200
    with clock.at(ENDS + timedelta(minutes=31)):
        client.sign_in(cast.stranger)
        assert client.get(f"{BANK}/call").status_code == 403


def test_a_lead_ticks_somebody_with_one_tap(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    with clock.at(STARTS):
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        path = re.findall(rf"{BANK}/shifts/{tonight}/arrived/\w+", board)[0]
        client.post_form(path)
        assert "Still to come" not in client.get(f"{BANK}/lead").text
        client.sign_in(cast.caller)
        assert client.post_form(path).status_code == 403
    with database.reading() as db:
        rsvp = db.scalars(select(Rsvp).where(Rsvp.person_id == cast.stranger.id)).one()
        assert rsvp.attendance == "came"


def test_who_has_no_place_knocks_and_is_let_in_with_one_tap_and_no_field(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    path = f"{BANK}/shifts/{tonight}"
    client.sign_in(cast.supporter)
    assert client.get(path).status_code == 404, "not before it runs"
    with clock.at(STARTS + timedelta(minutes=5)):
        client.sign_in(cast.supporter)
        assert "You have no place yet" in client.get(path).text
        client.post_form(f"{path}/knock")
        client.post_form(f"{path}/knock")
        assert "A lead can see you" in client.get(path).text
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
        assert "<b>Sam Supporter</b> is at the door" in board
        let_in = re.findall(rf"{BANK}/helps/\w+", board)[0]
        assert client.post_form(let_in).status_code == 303
        assert "is at the door" not in client.get(f"{BANK}/lead").text
        client.sign_in(cast.supporter)
        assert client.get(path).status_code == 200
        assert "Practise first" in client.get(f"{BANK}/call").text
        client.sign_in(cast.administrator)
        assert client.get(path).status_code == 404, "they do not call"
    with database.reading() as db:
        rsvp = db.scalars(
            select(Rsvp).where(Rsvp.person_id == cast.supporter.id, Rsvp.source == "door")
        ).one()
        assert (rsvp.status, rsvp.attendance) == ("accepted", "came")
        assert len(db.scalars(select(HelpRequest)).all()) == 1


def test_where_every_place_is_taken_the_lead_hears_how_to_mend_it(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(Event).where(Event.public_id == tonight).values(capacity=1))
    with clock.at(STARTS):
        client.sign_in(cast.supporter)
        client.post_form(f"{BANK}/shifts/{tonight}/knock")
        client.sign_in(cast.organiser)
        let_in = re.findall(rf"{BANK}/helps/\w+", client.get(f"{BANK}/lead").text)[0]
        full = client.post_form(let_in)
    assert full.status_code == 409
    assert "Raise the number of places first" in full.text


def test_another_phonebank_has_no_such_shift(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    client.sign_in(cast.stranger)
    assert client.get(f"/phonebanks/demo-practice/shifts/{tonight}").status_code == 404
    client.sign_in(cast.organiser)
    arrived = f"/phonebanks/demo-practice/shifts/{tonight}/arrived/norsvp000000"
    assert client.post_form(arrived).status_code == 404


def test_the_page_of_a_shift_that_is_over_says_what_it_came_to(
    client: ProofReadingClient, database: Database, cast: Cast, made: Made, tonight: str
) -> None:
    a_shift_that_was_worked(database, cast, tonight)
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        next_id = a_session(db, cast, bank, STARTS + timedelta(days=2)).public_id
    with clock.at(ENDS + timedelta(hours=1)):
        client.sign_in(cast.stranger)
        path = f"{BANK}/shifts/{tonight}"
        page = client.get(path).text
        assert "Thank you, Stef" in page
        assert "You rang 3 people. 1 talked with you." in page
        assert client.post_form(f"{path}/again", {"shift": next_id}).status_code == 303
        assert f"{BANK}/shifts/{next_id}" in client.get(BANK).text, "your shift, on its page"


def test_a_lead_says_in_which_languages_a_session_rings(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    client.sign_in(cast.organiser)
    path = f"{BANK}/shifts/{tonight}/languages"
    assert client.post_form(path, {"languages": "English, Polish"}).status_code == 303
    assert client.post_form(path, {"languages": "x" * 121}).status_code == 422
    assert "Rings in English, Polish" in client.get(BANK).text
    client.sign_in(cast.stranger)
    assert "Rings in English, Polish" in client.get(f"{BANK}/shifts/{tonight}").text
    assert client.post_form(path, {"languages": ""}).status_code == 404


def test_more_places_than_seats_are_a_leads_choice_by_what_is_known(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str, database: Database
) -> None:
    client.sign_in(cast.organiser)
    assert "stayed away" not in client.get(f"{BANK}/sessions").text
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        over = a_session(db, cast, bank, NOON - timedelta(days=7))
        for n in range(20):
            came = "came" if n < 16 else "did_not_come"
            an_rsvp(db, over, a_person(db, f"Past Caller{n}"), attendance=came)
    page = client.get(f"{BANK}/sessions").text
    assert "Of the last 20 with a place at your sessions 16 came: 20 % stayed away." in page
    assert "Make it 6 places" in page
    client.post_form(f"{BANK}/shifts/{tonight}/places")
    with database.reading() as db:
        assert db.scalars(select(Event.capacity).where(Event.public_id == tonight)).one() == 6
    client.sign_in(cast.caller)
    assert client.post_form(f"{BANK}/shifts/{tonight}/places").status_code == 403


@pytest.mark.parametrize(
    ("capacity", "had", "came", "more"),
    [
        (12, 40, 32, 2),  # a fifth stays away: 15 would be right, a fifth more is the most
        (20, 40, 36, 2),
        (12, 19, 10, 0),  # too little is known
        (12, 40, 40, 0),
        (12, 40, 0, 0),
        (None, 40, 30, 0),
    ],
)
def test_how_many_more_by_the_past(capacity: int | None, had: int, came: int, more: int) -> None:
    assert more_places(capacity, Shown(had, came)) == more


def test_a_shift_is_said_in_the_hours_of_those_who_are_rung() -> None:
    class Evening:
        starts_at = datetime(2026, 11, 26, 18, 30, tzinfo=UTC)
        ends_at = datetime(2026, 11, 26, 20, 30, tzinfo=UTC)
        zone = "Europe/London"

    zones = ["Europe/London", "America/New_York"]
    assert where_we_ring(Evening(), zones) == ["Thu 26 Nov, 13:30–15:30 in New York"]


def test_numbers_are_said_as_people_say_them() -> None:
    assert Numbers(1, 0, 1).own_words == "You rang 1 person. Every try counts."
    assert Numbers(23, 7).own_words == "You rang 23 people. 7 talked with you."
    assert Numbers(5, 2, 1).team_words == "You made all 5 calls of this shift."


def test_who_is_on_the_board_and_has_not_rung_yet_has_a_page_and_can_be_taken_off(
    client: ProofReadingClient, cast: Cast, made: Made, tonight: str
) -> None:
    with clock.at(STARTS):
        client.sign_in(cast.stranger)
        assert client.post_form(f"{BANK}/shifts/{tonight}/here").status_code == 303
        client.sign_in(cast.organiser)
        page = f"{BANK}/callers/{cast.stranger.public_id}"
        assert page in client.get(f"{BANK}/lead").text
        assert client.get(page).status_code == 200
        assert client.post_form(f"{page}/remove").status_code == 303
        assert client.get(f"{BANK}/callers/{cast.supporter.public_id}").status_code == 404
