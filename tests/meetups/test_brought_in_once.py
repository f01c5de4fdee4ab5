"""A form at the door or the desk that is sent again, because nothing came back, is one person."""

import re
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations import joining
from campaign.meetups.queries import rooms
from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.meetups.making import at_once
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
WINIFRED = {"name": "Winifred", "initial": "k", "where": "BN2 9QA", "hold": "y"}
FORM = re.compile(r'name="client_uuid"[^>]*value="([0-9a-f-]{36})"')


def brought(database: Database) -> int:
    with database.reading() as db:
        said = select(func.count()).where(AuditRow.action == "brought in at the desk")
        return db.scalar(said) or 0


@pytest.mark.parametrize(("page", "path"), [("/door", "/door"), ("/desk", "/desk/people")])
def test_the_same_form_sent_again_is_the_same_number_and_another_answer_is_somebody_else(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room, page: str, path: str
) -> None:
    client.sign_in(cast.organiser)
    found = FORM.search(client.get(room.at(page)).text)
    assert found, "the page gives its form an id"
    given = WINIFRED | {"client_uuid": found[1]}
    sent = [client.post_form(room.at(path), given) for _ in range(3)]
    assert [one.status_code for one in sent] == [303] * 3
    assert "number 3" in client.get(sent[-1].headers["Location"]).text or page == "/door"
    assert client.post_form(room.at(path), given | {"name": "Otis"}).status_code == 303
    with database.reading() as db:
        there = [(one.number, one.name) for one in rooms.present(db, room.batch_id)]
    assert there[2:] == [(3, "Winifred"), (4, "Otis")]
    assert brought(database) == 2


def test_a_form_sent_again_brings_nobody_back_who_went_home_and_gives_no_way_in(
    database: Database, cast: Cast, room: Room
) -> None:
    form = {"client_uuid": str(uuid4()), "actor_id": cast.organiser.id, "now": clock.now()}
    for leaves in (True, False):
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, room.batch_id)
            person = joining.bring_in(db, batch=batch, name="Winifred", **form)
            assert (person.number, person.fingerprint, person.words) == (3, None, None)
            if leaves:
                joining.leave(db, batch=batch, person=person, now=clock.now())
    with database.reading() as db:
        assert [one.number for one in rooms.present(db, room.batch_id)] == [1, 2]


@pytest.mark.storm
def test_the_same_form_on_many_connections_at_once_is_one_person(
    database: Database, cast: Cast, room: Room
) -> None:
    form = {"client_uuid": str(uuid4()), "actor_id": cast.organiser.id, "now": clock.now()}

    def send(_: int) -> int:
        with database.unit_of_work() as db:
            batch = db.get_one(Batch, room.batch_id)
            return joining.bring_in(db, batch=batch, name="Winifred", **form).number

    assert at_once(6, send) == [3] * 6
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Participant)) == 3
