"""The pages of a room, through the client that reads every page."""

import re
from datetime import timedelta

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.queries import rooms
from tests.cast import Cast
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


def opened(database: Database, cast: Cast, **given: object) -> str:
    with database.unit_of_work() as db:
        return a_meetup(db, cast, **given).code


JOINING = {"name": "Bea", "initial": "m", "where": "BN2 9QA", "reach": "bea@people.example"}


def test_a_phone_joins_and_gets_a_number(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code = opened(database, cast)
    assert client.get(f"/m?code={code.lower()}").headers["Location"].endswith(f"/m/{code}")
    assert "Come in." in client.get(f"/m/{code}").text
    refused = client.post_form(f"/m/{code}/join", JOINING)
    assert refused.status_code == 422
    assert "Tick this" in refused.text
    sent = client.post_form(f"/m/{code}/join", JOINING | {"hold": "y"})
    assert sent.status_code == 303
    page = client.get(f"/m/{code}")
    assert "You’re in, Bea." in page.text
    with database.reading() as db:
        meetup = rooms.meetup_by_code(db, code)
        there = rooms.present(db, rooms.batch_of(db, meetup).id)
        seen = [(one.number, one.branch, one.initial) for one in there]
    assert seen == [(1, "BN2", "M")]


def phone(client: ProofReadingClient, code: str, key: str) -> ProofReadingClient:
    """A phone that has joined."""
    made = client.application.test_client()
    made.set_cookie("meetup", key, path=f"/m/{code}")
    assert isinstance(made, ProofReadingClient)
    return made


def test_a_table_fills_its_card_with_taps_and_the_host_says_yes_on_their_own_phone(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast)
        code, batch = meetup.code, rooms.batch_of(db, meetup)
        keys = [a_participant(db, batch, name).key for name in ("Bea", "Tom", "Sian", "Yusuf")]
        move_to(db, batch, "local", cast.organiser.id)
    bea, tom = phone(client, code, keys[0]), phone(client, code, keys[1])
    assert "Table 1" in bea.get(f"/m/{code}").text
    page = bea.get(f"/m/{code}/table")
    card = re.search(rf"/m/{code}/cards/(\w+)", page.text)[1]
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    for taps in ({"kind": "phonebank"}, {"day": day, "start": "11:00"}):
        assert bea.post_form(f"/m/{code}/cards/{card}", taps).status_code == 303
    place = {"venue": "Hanover Centre", "postcode": "BN2 9QA"}
    assert tom.post_form(f"/m/{code}/cards/{card}", place).status_code == 303
    assert "4 of 6" in bea.get(f"/m/{code}/table").text
    assert tom.post_form(f"/m/{code}/cards/{card}/cohost", {}).status_code == 303
    asked = bea.post_form(f"/m/{code}/cards/{card}/host", {"who": "me"})
    assert asked.headers["Location"].endswith(f"/cards/{card}/accept")
    question = bea.get(asked.headers["Location"]).text
    assert "Will you host this?" in question
    assert "Bea stands on its page as the host." in question, "said before the yes, not after"
    assert tom.get(asked.headers["Location"]).status_code == 404
    # An event, its session, a sign-up and a letter for each at the table: once a card.
    done = bea.post_form(asked.headers["Location"], {"answer": "yes"}, most_queries=80)
    assert done.status_code == 303
    assert "You are hosting." in bea.get(asked.headers["Location"]).text
    assert "On the map" in bea.get(f"/m/{code}/table").text
    listed = client.get("/events.geojson").json
    titles = [feature["properties"]["title"] for feature in listed["features"]]
    assert "Phonebank at Hanover Centre" in titles
