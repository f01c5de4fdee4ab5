"""Where the tables stand, and how far apart their people live."""

import re

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.meetups.operations.filling import begin_card
from campaign.meetups.queries import rooms
from campaign.meetups.routes.screen import FINDING
from campaign.meetups.rules.floor import Area, area_of, areas_of
from campaign.meetups.rules.joining import Consents
from tests.cast import Cast
from tests.meetups.conftest import Room, phone, to
from tests.meetups.making import HANOVER, HOVE, a_meetup, a_participant, accepted, move_to, seated
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


def test_a_hall_is_written_in_a_line() -> None:
    found = areas_of("1-8 By the stage; 9 – 16: At the windows; 17 Balcony")
    assert found == [
        Area("By the stage", 1, 8),
        Area("At the windows", 9, 16),
        Area("Balcony", 17, 17),
    ]
    assert [area_of(found, table) for table in (8, 9, 17, 18)] == [
        "By the stage", "At the windows", "Balcony", "",
    ]  # fmt: skip
    assert areas_of("") == []


@pytest.mark.parametrize("wrong", ["By the stage", "8-1 Stage", "1-5 Stage; 5 Window", "1"])
def test_what_is_written_otherwise_is_refused(wrong: str) -> None:
    with pytest.raises(Refused):
        areas_of(wrong)


def test_phones_and_the_screen_say_where_a_table_stands(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.stranger)
    assert client.post_form(room.at("/desk/floor"), {"floor": "1 Stage"}).status_code == 404
    client.sign_in(cast.organiser)
    assert client.post_form(room.at("/desk/floor"), {"floor": "nonsense"}).status_code == 422
    kept = client.post_form(room.at("/desk/floor"), {"floor": "1-4 By the stage"})
    assert kept.status_code == 303
    assert "By the stage" in room.bea.get(room.at()).text
    assert "By the stage" in client.get(room.at("/screen")).text


def test_the_table_finder_has_numbers_and_no_name_whatever_people_agreed_to(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    page = client.get(room.at("/screen")).text
    assert '<li><b>1</b><span class="tno t-teal">1</span></li>' in page
    for name in ("Bea", "Tom"):
        assert not says(page, name)
    to(database, cast, room, "commit")
    assert not says(client.get(room.at("/screen")).text, "Bea")


def test_once_everybody_sits_the_wall_counts_what_the_tables_put_on_the_map(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, batch, (bea, *_) = seated(db, cast, "Bea", "Cem", "Dora", "Eli", "Fay")
        accepted(db, batch, bea)
        at = f"/m/{meetup.code}/screen"
        table = rooms.tables(db, batch.id)[0][0].id
        begin_card(db, batch=batch, breakout_id=table, now=clock.now())
    assert "Find your number" in client.get(at).text
    with clock.at(clock.now() + FINDING):
        page = client.get(at).text
        assert "Find your number" not in page
        assert re.search(
            r'data-moves="published">1</b> <span>event on the map,<br>we want 1<', page
        )
        assert re.search(r'aria-hidden="true"><i class="on"></i><i></i></span>', page)
        assert "1 on the map</span></li>" in page
        assert not says(page, "Bea")


def test_a_table_s_sign_names_those_who_agreed_to_who_agreed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        keys = [
            a_participant(db, batch, name, consents=Consents(names=names)).key
            for name, names in (("Bea", True), ("Tom", True), ("Sian", False))
        ]
        move_to(db, batch, "local", cast.organiser.id)
    bea, _, sian = (phone(client, meetup.code, key) for key in keys)
    assert "With Tom" in bea.get(f"/m/{meetup.code}").text
    assert "Sian" not in bea.get(f"/m/{meetup.code}").text
    assert "With" not in sian.get(f"/m/{meetup.code}").text


def test_how_far_apart_a_table_lives_is_reported(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        for n in range(8):
            a_participant(db, batch, f"P{n}", HANOVER if n < 6 else HOVE)
        move_to(db, batch, "local", cast.organiser.id)
        [(_, many, far)] = rooms.spans(db, batch.id)
        assert many == 8
        assert 2.0 < far < 3.2
    client.sign_in(cast.organiser)
    assert f"{far:.1f} km from its middle" in client.get(f"/m/{meetup.code}/desk/floor").text
    assert "Nobody lives farther than 3 km" in client.get(f"/m/{meetup.code}/screen").text


@pytest.mark.usefixtures("asked_anew")
def test_phones_that_are_open_fetch_where_their_table_stands(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    told = room.bea.get(room.at("/state")).json
    client.sign_in(cast.organiser)
    client.post_form(room.at("/desk/floor"), {"floor": "1-4 By the stage"})
    seen = room.at(f"/state?v={told['version']}&p={told['page']}")
    assert room.bea.get(seen).status_code == 200
