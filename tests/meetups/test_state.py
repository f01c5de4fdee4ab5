"""What a phone hears every few seconds: nothing, unless its own page would look different."""

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.app import create_app
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch
from campaign.meetups.operations import committing
from campaign.meetups.queries import glances, rooms, tables
from campaign.meetups.queries.glances import glance_at
from campaign.meetups.routes import looking
from tests.cast import Cast
from tests.meetups.conftest import Room, phone, to
from tests.meetups.making import LEEDS, a_participant, accepted
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places")


def asked(phone: ProofReadingClient, room: Room, told: dict[str, str]) -> int:
    """How a phone is answered that has seen this version, and whose page looks so."""
    seen = f"/state?v={told['version']}&p={told['page']}"
    return phone.get(room.at(seen), most_queries=20).status_code


@pytest.mark.usefixtures("asked_anew")
def test_a_phone_hears_nothing_of_what_its_page_does_not_show(
    room: Room, database: Database
) -> None:
    before = room.bea.get(room.at("/state")).json
    with database.unit_of_work() as db:
        a_participant(db, db.get_one(Batch, room.batch_id), "Stef", LEEDS)
        stef = rooms.present(db, room.batch_id)[-1]
        stef.breakout_id = None  # sits nowhere yet
    assert room.bea.get(room.at("/state")).json["version"] != before["version"]
    assert asked(room.bea, room, before) == 304
    assert room.tom.post_form(room.at(f"/cards/{room.card}"), {"kind": "stall"}).status_code == 303
    assert asked(room.bea, room, before) == 200


@pytest.mark.usefixtures("asked_anew")
def test_a_page_says_what_it_looks_like_and_is_not_fetched_again(
    room: Room, database: Database, cast: Cast
) -> None:
    for phase in ("local", "commit", "over"):
        to(database, cast, room, phase)
        told = room.bea.get(room.at("/state")).json
        page = room.bea.get(room.at()).text
        assert f'data-page="{told["page"]}"' in page
        assert f'data-version="{told["version"]}"' in page


def test_a_process_that_knows_only_an_older_version_gives_no_key_to_a_newer_page(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "KEPT_S", 60.0)
    room.bea.get(room.at("/state"))
    assert room.tom.post_form(room.at(f"/cards/{room.card}"), {"kind": "stall"}).status_code == 303
    assert 'data-page=""' in room.bea.get(room.at()).text


def test_what_a_phone_wrote_through_another_process_it_hears_at_its_next_question(
    room: Room, database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "KEPT_S", 60.0)
    monkeypatch.setattr(looking, "READ_AGAIN_S", 60.0)
    before = room.bea.get(room.at("/state")).json
    # Another process of the same site: it has its own memory, and the same database.
    url = database.url.render_as_string(hide_password=False)
    elsewhere = create_app(settings, other := Database(url))
    try:
        elsewhere.test_client_class = ProofReadingClient
        key = room.bea.get_cookie("meetup", path=f"/m/{room.code}").value
        there = phone(elsewhere.test_client(), room.code, key)
        sent = there.post_form(room.at(f"/cards/{room.card}"), {"kind": "stall"})
        assert sent.status_code == 303
        version = there.get(room.at("/state")).json["version"]
    finally:
        other.dispose()
    # This process has not looked yet; the phone comes with the version of its own page.
    assert asked(room.bea, room, before) == 304
    assert asked(room.bea, room, {**before, "version": version}) == 200


def test_a_version_that_nobody_has_reached_costs_one_look_and_no_more(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "KEPT_S", 60.0)
    told = room.bea.get(room.at("/state")).json
    ahead = room.at(f"/state?v=999999999&p={told['page']}")
    assert room.bea.get(ahead, most_queries=1).json["version"] == told["version"]


@pytest.mark.usefixtures("asked_anew")
def test_a_sign_up_that_ends_on_its_own_page_is_heard_although_nobody_wrote_in_the_room(
    room: Room, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        event = accepted(db, batch, bea)
        view = tables.cards_of_table(db, bea.breakout_id)[0]
        committing.take(db, batch=batch, view=view, person=tom, now=clock.now())
        event_id = event.id
    to(database, cast, room, "commit")
    before = room.tom.get(room.at("/state")).json
    with database.unit_of_work() as db:
        db.execute(update(Rsvp).where(Rsvp.event_id == event_id).values(status="cancelled"))
    assert asked(room.tom, room, before) == 304
    monkeypatch.setattr(looking, "READ_AGAIN_S", 0.0)
    assert asked(room.tom, room, before) == 200


def test_a_room_that_was_written_in_while_it_was_read_is_read_again(
    room: Room, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, wrote = rooms.version_of, []

    def version_of(db: Session, code: str) -> int | None:
        if not wrote:
            with database.unit_of_work() as other:
                a_participant(other, other.get_one(Batch, room.batch_id), "Stef")
            wrote.append(True)
            db.rollback()  # SQLite reads on in what it saw first
        return real(db, code)

    monkeypatch.setattr(rooms, "version_of", version_of)
    with database.reading() as db:
        found = glance_at(db, room.code)
        assert glance_at(db, "ZZZZZZ") is None
        assert found is not None
        assert (found.counts.here, found.version) == (3, real(db, room.code))


@pytest.mark.usefixtures("asked_anew")
def test_what_everybody_shows_is_loaded_over_some_seconds_and_ones_own_at_once(
    room: Room, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert room.tom.get(room.at("/state")).json["spread"] == 0
    to(database, cast, room, "commit")
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        accepted(db, batch, rooms.present(db, batch.id)[0])
    own, *shared = room.tom.get(room.at("/state")).json["page"].split("-")
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).order_by(Event.id.desc())).first()
        assert event is not None
        event.title = "Phonebank at the other library"
    monkeypatch.setattr(looking, "READ_AGAIN_S", 0.0)
    after = room.tom.get(room.at("/state")).json["page"].split("-")
    assert after[0] == own
    assert after[1:] != shared
    # Two phones, a page in ten seconds.
    monkeypatch.setattr(glances, "PAGES_A_SECOND", 0.1)
    assert room.tom.get(room.at("/state")).json["spread"] == 20
