"""What every phone shows of the whole room, while people come in and raise their hands."""

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.operations import joining, topics
from campaign.meetups.queries import rooms
from campaign.meetups.rules.counting import coarsely
from tests.cast import Cast
from tests.meetups.conftest import Room, phone
from tests.meetups.making import a_meetup, a_participant, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.fixture
def hall(client: ProofReadingClient, database: Database, cast: Cast) -> Room:
    """A room whose doors are open, with strategy tables to come."""
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        joined = [a_participant(db, batch, name) for name in ("Bea", "Tom")]
    bea, tom = (phone(client, meetup.code, one.key) for one in joined)
    return Room(meetup.code, batch.id, "", bea, tom)


def is_as_before(hall: Room, told: dict[str, str]) -> bool:
    """Whether a phone with this page hears that nothing has changed."""
    seen = f"/state?v={told['version']}&p={told['page']}"
    answer = hall.bea.get(hall.at(seen), most_queries=20)
    return answer.status_code == 304


def test_a_phone_hears_of_who_comes_in_while_the_doors_are_open(
    hall: Room, database: Database
) -> None:
    before = hall.bea.get(hall.at("/state")).json
    assert is_as_before(hall, before)
    with database.unit_of_work() as db:
        a_participant(db, db.get_one(Batch, hall.batch_id), "Stef")
    assert not is_as_before(hall, before)
    assert "<b>3</b> are here" in hall.bea.get(hall.at()).text


def test_a_phone_hears_of_topics_that_are_set_and_proposed_after_it_came_in(
    hall: Room, database: Database, cast: Cast
) -> None:
    seen = [hall.bea.get(hall.at("/state")).json]
    assert "Choose what your table talks about" not in hall.bea.get(hall.at()).text
    for phase in ("doors", "plenary"):
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, hall.batch_id)
            move_to(db, batch, phase, cast.organiser.id, preset="meetup")
            topics.choose_topics(db, batch=batch, kind="propose", actor_id=cast.organiser.id)
        assert not is_as_before(hall, seen[-1])
        assert "Choose what your table talks about" in hall.bea.get(hall.at()).text
        seen.append(hall.bea.get(hall.at("/state")).json)
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, hall.batch_id)
            topics.set_topic(db, batch=batch, text=f"Rents at the {phase}", now=clock.now())
        assert not is_as_before(hall, seen[-1])
        assert f"Rents at the {phase}" in hall.bea.get(hall.at("/topics")).text
        seen.append(hall.bea.get(hall.at("/state")).json)


def test_a_phone_hears_of_the_hands_of_others_during_the_ask(
    hall: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        move_to(db, db.get_one(Batch, hall.batch_id), "ask", cast.organiser.id, preset="meetup")
    before = hall.bea.get(hall.at("/state")).json
    assert is_as_before(hall, before)
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, hall.batch_id)
        tom = rooms.present(db, batch.id)[1]
        joining.raise_hand(db, batch=batch, person=tom, willing="host")
    assert not is_as_before(hall, before)
    assert "<b>1</b> hand is up" in hall.bea.get(hall.at()).text


def test_a_count_is_told_in_steps_that_grow_with_it() -> None:
    assert [coarsely(count) for count in (0, 1, 19, 20)] == [0, 1, 19, 20]
    assert [coarsely(count) for count in (24, 25, 99)] == [20, 25, 95]
    assert [coarsely(count) for count in (119, 220, 499)] == [110, 220, 490]
    assert [coarsely(count) for count in (549, 1_003)] == [500, 1_000]
    told = {coarsely(count) for count in range(221)}
    assert len(told) < 55, "so many pages at most, while 220 people come in"
    assert all(count - coarsely(count) <= max(4, count / 10) for count in range(20, 2_000))
