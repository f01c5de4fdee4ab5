"""What was chosen when the room was opened can be chosen again, until people sit at tables."""

import re

import pytest

from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.operations import topics
from campaign.meetups.queries import rooms
from tests.cast import Cast
from tests.meetups.conftest import Room, phone, to
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
SHORT = {"preset": "short", "publishes": "at once", "phonebank": "", "steward": "", "question": ""}


def begun(database: Database, cast: Cast, phase: str) -> tuple[str, int]:
    """An evening with strategy tables that stands at this part of it, with eight people."""
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        for number in range(8):
            a_participant(db, batch, f"Guest{number}")
        topics.choose_topics(db, batch=batch, kind="propose", actor_id=cast.organiser.id)
        move_to(db, batch, phase, cast.organiser.id, preset="meetup")
        return meetup.code, batch.id


def test_an_evening_that_runs_late_leaves_the_strategy_tables_out(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code, batch_id = begun(database, cast, "plenary")
    client.sign_in(cast.organiser)
    page = client.get(f"/m/{code}/desk/evening").text
    assert re.search(r'<input checked[^>]* value="meetup"', page), "as it stands"
    answer = client.post_form(f"/m/{code}/desk/evening", SHORT | {"preset": "barnstorm"})
    assert answer.status_code == 303
    desk = client.get(f"/m/{code}/desk").text
    assert "Go to the ask" in desk
    assert "Strategy tables" not in desk
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, batch_id)
        meetup = db.get_one(Meetup, batch.meetup_id)
        assert (batch.phase, meetup.preset) == ("plenary", "barnstorm")
        assert meetup.topics == "none", "phones choose no topic of tables that do not come"


@pytest.mark.parametrize("phase", ["strategy", "ask", "local"])
def test_once_people_sit_at_tables_the_parts_stay_and_the_rest_can_change(
    client: ProofReadingClient, database: Database, cast: Cast, phase: str
) -> None:
    code, batch_id = begun(database, cast, phase)
    client.sign_in(cast.organiser)
    refused = client.post_form(f"/m/{code}/desk/evening", SHORT | {"steward": "Ines, by the tea"})
    assert refused.status_code == 422
    assert "The tables have begun" in refused.text
    assert "Ines, by the tea" in refused.text, "what was typed stays"
    kept = client.post_form(
        f"/m/{code}/desk/evening",
        SHORT | {"preset": "meetup", "publishes": "desk", "steward": "Ines, by the tea"},
    )
    assert kept.status_code == 303
    with database.unit_of_work() as db:
        meetup = db.get_one(Meetup, db.get_one(Batch, batch_id).meetup_id)
        assert (meetup.preset, meetup.publishes) == ("meetup", "desk")
        assert meetup.steward == "Ines, by the tea"
        assert meetup.topics == "propose"


def test_phones_that_show_the_question_hear_that_it_is_another(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code, batch_id = begun(database, cast, "strategy")
    with database.unit_of_work() as db:
        key = a_participant(db, db.get_one(Batch, batch_id), "Bea").key
    bea = phone(client, code, key)
    shown = bea.get(f"/m/{code}/state").json["page"]
    client.sign_in(cast.organiser)
    given = SHORT | {"preset": "meetup", "question": "Who rings whom?"}
    assert client.post_form(f"/m/{code}/desk/evening", given).status_code == 303
    assert "Who rings whom?" in bea.get(f"/m/{code}").text
    assert bea.get(f"/m/{code}/state").json["page"] != shown


def test_back_at_the_welcome_after_strategy_tables_they_are_not_left_out(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    code, _ = begun(database, cast, "strategy")
    client.sign_in(cast.organiser)
    back = client.post_form(f"/m/{code}/desk/phase", {"seen": "strategy", "to": "plenary"})
    assert back.status_code == 303
    assert client.post_form(f"/m/{code}/desk/evening", SHORT).status_code == 422


def test_an_evening_that_is_over_stays_as_it_was(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    to(database, cast, room, "over")
    client.sign_in(cast.organiser)
    assert room.at("/desk/evening") not in client.get(room.at("/desk")).text
    assert client.post_form(room.at("/desk/evening"), SHORT).status_code == 422


def test_it_is_for_who_runs_the_meetup(client: ProofReadingClient, room: Room, cast: Cast) -> None:
    assert room.bea.get(room.at("/desk/evening")).status_code in {302, 303}
    client.sign_in(cast.supporter)
    assert client.get(room.at("/desk/evening")).status_code == 404
    assert client.post_form(room.at("/desk/evening"), SHORT).status_code == 404
