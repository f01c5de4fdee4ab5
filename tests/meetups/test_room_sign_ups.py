"""A sign-up that was made in a room belongs to whoever made it: nobody beside them can name it."""

from uuid import NAMESPACE_OID, uuid4, uuid5

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select

from campaign.events.models import Event, Rsvp
from campaign.foundation import schema
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Participant
from campaign.meetups.operations.committing import drop
from tests.cast import Cast
from tests.meetups.making import accepted, card_of, coming, seated, statuses
from tests.proof_reader import ProofReadingClient

STRANGER = {"name": "Nosy Neighbour", "phone": "020 7946 0999"}


@pytest.fixture
def yes(database: Database, cast: Cast) -> dict[str, str]:
    """Tom's yes to what Bea hosts, and what the phones of his table know of it."""
    with database.unit_of_work() as db:
        _, batch, (bea, tom) = seated(db, cast, "Bea", "Tom")
        event = accepted(db, batch, bea)
        coming(db, batch, tom)
        made = db.scalars(select(Rsvp).where(Rsvp.name == "Tom")).one()
        return {"event": event.public_id, "tom": tom.public_id, "mark": made.client_uuid or ""}


def test_no_form_can_name_a_sign_up_of_the_room_and_be_shown_its_link(
    client: ProofReadingClient, database: Database, yes: dict[str, str]
) -> None:
    path = f"/events/{yes['event']}/rsvp"
    assert client.post_asking_json(path, STRANGER | {"client_uuid": yes["mark"]}).status_code == 422
    # A neighbour reads the ids of their table in its page, and the event's in its address.
    guessed = str(uuid5(NAMESPACE_OID, f"{yes['event']}:{yes['tom']}"))
    assert client.post_asking_json(path, STRANGER | {"client_uuid": guessed}).status_code == 200
    with database.reading() as db:
        event = db.scalars(select(Event).where(Event.public_id == yes["event"])).one()
        assert list(statuses(db, event)) == ["Bea", "Tom", STRANGER["name"]], "one of their own"


def test_the_phone_that_said_yes_takes_its_place_back_and_has_it_again(
    database: Database, yes: dict[str, str]
) -> None:
    with database.unit_of_work() as db:
        tom = db.scalars(select(Participant).where(Participant.name == "Tom")).one()
        batch, view = db.get_one(Batch, tom.batch_id), card_of(db, tom)
        event = view.card.event
        drop(db, batch=batch, view=view, person=tom)
        assert statuses(db, event)["Tom"] == "cancelled"
        coming(db, batch, tom)
        assert statuses(db, event)["Tom"] == "accepted"


def test_marks_that_a_form_could_send_are_gone_with_the_way_up(
    database: Database, yes: dict[str, str]
) -> None:
    script = ScriptDirectory.from_config(schema.configuration()).get_revision("20261128_room_marks")
    assert isinstance(script.down_revision, str)
    schema.downgrade(database, script.down_revision)
    guessed = str(uuid5(NAMESPACE_OID, f"{yes['event']}:{yes['tom']}"))
    with database.unit_of_work() as db:
        tom = db.scalars(select(Rsvp).where(Rsvp.name == "Tom")).one()
        assert tom.client_uuid == guessed, "the way down goes back to what was"
        bea = db.scalars(select(Rsvp).where(Rsvp.name == "Bea")).one()
        bea.client_uuid = str(uuid4())  # of somebody who is not in the room any more
    schema.upgrade(database)
    with database.reading() as db:
        marks = {one.name: one.client_uuid for one in db.scalars(select(Rsvp))}
        assert (marks["Tom"], marks["Bea"]) == (yes["mark"], None)
