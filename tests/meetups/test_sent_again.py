"""A tap that a phone sends again, because its answer was lost on the way, is done once."""

import threading

import pytest
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, SentTap
from campaign.meetups.operations import tapping
from campaign.meetups.queries import rooms
from tests.meetups.conftest import Room

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
MARK = "0f8fad5b-d9cb-469f-a165-70867728950e"
OTHER = "7c9e6679-7425-40de-944b-e07fc1f90ae7"


def willing(database: Database, room: Room) -> list[str | None]:
    with database.reading() as db:
        return [one.willing for one in rooms.present(db, room.batch_id)]


def test_the_same_tap_again_is_answered_and_does_nothing(room: Room, database: Database) -> None:
    for answer in ("host", "come", "host", "come"):
        sent = room.bea.post_form(room.at("/willing"), {"answer": answer, "tap_mark": MARK})
        assert sent.status_code == 303
        assert sent.headers["Location"].endswith(room.at())
    assert willing(database, room) == ["host", None]
    # Another finger, another phone: theirs count.
    room.bea.post_form(room.at("/willing"), {"answer": "come", "tap_mark": OTHER})
    room.tom.post_form(room.at("/willing"), {"answer": "cohost", "tap_mark": MARK})
    assert willing(database, room) == ["come", "cohost"]
    taken = {"kind": "stall", "tap_mark": "1b4e28ba-2fa1-11d2-883f-0016d3cca427"}
    for _ in range(2):
        again = room.bea.post_form(room.at(f"/cards/{room.card}"), taken)
        assert again.headers["Location"].partition("?")[0].endswith(room.at("/table"))


def test_a_tap_that_was_refused_leaves_no_mark_and_may_come_again(
    room: Room, database: Database
) -> None:
    for _ in range(2):
        sent = room.bea.post_form(room.at("/willing"), {"answer": "fly", "tap_mark": MARK})
        assert sent.status_code == 422
    sent = room.bea.post_form(room.at("/willing"), {"answer": "host", "tap_mark": MARK})
    assert sent.status_code == 303
    assert willing(database, room) == ["host", None]


@pytest.mark.parametrize("mark", ["", "7", "x" * 36, MARK.upper(), f"{MARK}0"])
def test_a_tap_without_a_good_mark_is_done_as_ever(
    room: Room, database: Database, mark: str
) -> None:
    sent = room.bea.post_form(room.at("/willing"), {"answer": "come", "tap_mark": mark})
    assert sent.status_code == 303
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SentTap)) == 0


@pytest.mark.storm
def test_of_the_same_tap_on_many_connections_at_once_one_is_the_first(
    room: Room, database: Database
) -> None:
    told: list[bool] = []
    ready = threading.Barrier(8)

    def send() -> None:
        ready.wait()
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, room.batch_id)
            (bea, _) = rooms.present(db, batch.id)
            told.append(tapping.note_tap(db, person=bea, mark=MARK, now=clock.now()))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [False] * 7 + [True]


def test_marks_go_with_the_person_who_tapped(room: Room, database: Database) -> None:
    room.bea.post_form(room.at("/willing"), {"answer": "host", "tap_mark": MARK})
    with database.unit_of_work() as db:
        db.delete(rooms.present(db, room.batch_id)[0])
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(SentTap)) == 0
