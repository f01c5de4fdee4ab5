"""What a device that holds the desk of one meetup may do there, and that it may nothing else."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from campaign.foundation import limits, web
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Card, Incident
from campaign.meetups.queries import rooms
from campaign.meetups.rules.devices import OPEN_DOORS, SHUT_DOORS
from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.meetups.holding import LAPTOP, fresh, held_by, log_of, the_device
from tests.meetups.making import accepted
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


@pytest.fixture
def laptop(desk: ProofReadingClient, room: Room) -> ProofReadingClient:
    """A browser that nobody is signed in on, and that holds the desk."""
    return held_by(desk, room.code)


def test_a_device_publishes_a_card_moves_people_and_the_evening_without_a_sign_in(
    laptop: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, card = rooms.meetup_by_code(db, room.code), room.card
        assert meetup is not None
        meetup.publishes = "desk"
        batch = rooms.batch_of(db, meetup)
        accepted(db, batch, rooms.present(db, batch.id)[0])
    page = laptop.get(room.at("/desk"))
    assert page.headers["Cache-Control"] == "no-store"
    assert "Nobody is signed in here" in page.text
    assert laptop.post_form(room.at(f"/desk/cards/{card}")).status_code == 303
    seen = re.search(r'action="[^"]*/desk/extend">.*?name="seen" value="([^"]*)"', page.text)
    assert seen
    assert laptop.post_form(room.at("/desk/extend"), {"seen": seen[1]}).status_code == 303
    assert laptop.post_form(room.at("/desk/word"), {"word": "Tea is here"}).status_code == 303
    moved = laptop.post_form(room.at("/desk/moves"), {"number": "1", "stay": "1"})
    assert moved.status_code == 303
    on = laptop.post_form(room.at("/desk/phase"), {"seen": "local", "to": "commit"})
    assert on.status_code == 303
    with database.reading() as db:
        held = db.scalars(select(Card).where(Card.public_id == card)).one()
        assert held.published_at is not None
        batch = db.get_one(Batch, room.batch_id)
        assert batch.phase == "commit"
    device = the_device(database)
    for action in ("meetup extended", "word to the room"):
        row = log_of(database, action)
        assert row.actor_id == cast.organiser.id, "whoever let it in answers for it"
        assert row.details[-2:] == [f"device:{device.id}", LAPTOP]
    assert log_of(database, "desk opened on a device").details == [f"device:{device.id}", LAPTOP]


def test_what_the_organiser_does_themselves_names_no_device(
    desk: ProofReadingClient, laptop: ProofReadingClient, room: Room, database: Database
) -> None:
    desk.post_form(room.at("/desk/word"), {"word": "Sit down"})
    assert log_of(database, "word to the room").details == []


def test_a_device_brings_people_in_and_prints_their_slips(
    laptop: ProofReadingClient, room: Room
) -> None:
    fields = {"name": "Ola", "reach": "ola@people.example", "access_needs": "A chair", "hold": "y"}
    assert laptop.post_form(room.at("/door"), fields).status_code == 303
    page = laptop.get(room.at("/door")).text
    assert "Ola" in page
    assert "ola@people.example" not in page
    assert "Tap for them" not in page
    assert "Ola" in laptop.get(room.at("/door/slips")).text
    for path in ("/desk/moves", "/desk/paper", "/desk/paper/print", "/desk/script"):
        assert laptop.get(room.at(path)).status_code == 200, path


def test_its_desk_says_nothing_of_what_people_need_and_leads_nowhere_else(
    desk: ProofReadingClient, laptop: ProofReadingClient, room: Room, database: Database
) -> None:
    with database.unit_of_work() as db:
        rooms.present(db, room.batch_id)[0].access_needs = "A ramp"
    assert "1 needs something" in desk.get(room.at("/desk")).text
    page = laptop.get(room.at("/desk")).text
    assert "needs something" not in page
    shut = ("/desk/people", "/incidents", "/desk/floor", "/desk/devices", "/desk/topics")
    assert [path for path in shut if f'href="{room.at(path)}"' in page] == []
    assert [path for path in ("practice", "devices") if f"/desk/{path}" in page] == []
    assert room.at("/desk/script/words") not in laptop.get(room.at("/desk/script")).text


def test_every_door_of_a_room_that_wants_a_sign_in_is_decided_for_devices(app: Flask) -> None:
    doors = {
        rule.endpoint.partition(".")[2]: web.standing_of(app, rule.endpoint)
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/m/") and web.PUBLIC not in web.standing_of(app, rule.endpoint)
    }
    opened = {name for name, standings in doors.items() if web.DEVICE in standings}
    assert opened == set(OPEN_DOORS)
    assert set(doors) - opened == set(SHUT_DOORS)
    assert not [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if web.DEVICE in web.standing_of(app, rule.endpoint) and not rule.rule.startswith("/m/")
    ]


def test_to_every_other_door_of_the_site_a_device_is_a_stranger(
    laptop: ProofReadingClient, room: Room, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits.Limits, "hit", lambda *_: None)
    app, stranger, tried = laptop.application, fresh(laptop), 0
    named = {"code": room.code, "public_id": cast.event.public_id, "slug": cast.group.slug}
    tokens = {one: {"csrf_token": one.token()} for one in (laptop, stranger)}
    for rule in app.url_map.iter_rules():
        wanted = web.standing_of(app, rule.endpoint)
        if web.PUBLIC in wanted or web.DEVICE in wanted:
            continue
        parts = {name: named.get(name, "nothing00000") for name in rule.arguments}
        built = rule.build(parts, append_unknown=False)
        if built is None:  # a number in the address
            continue
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answers = [
                one.open(built[1], method=method, data=typed if method == "POST" else None)
                for one, typed in tokens.items()
            ]
            told = [(one.status_code, one.headers.get("Location")) for one in answers]
            assert told[0] == told[1], f"{method} {built[1]}"
            assert told[0][0] in (303, 401)
            tried += 1
    assert tried > 100


def test_a_steward_hears_that_somebody_comes_where_nobody_knows_who(
    desk: ProofReadingClient, laptop: ProofReadingClient, room: Room, database: Database
) -> None:
    assert desk.post_form(room.at("/incidents/help"), {"where": "Stage"}).status_code == 303
    with database.reading() as db:
        line = db.scalars(select(Incident.public_id)).one()
    assert "asks for help: Stage" in laptop.get(room.at("/desk")).text
    assert laptop.post_form(room.at(f"/incidents/{line}/going")).status_code == 303
    with database.reading() as db:
        gone = db.scalars(select(Incident)).one()
        assert (gone.taken_at is not None, gone.taken_by) == (True, None)
    assert LAPTOP in log_of(database, "help answered").details


def test_a_form_without_its_token_is_refused_on_a_device(
    laptop: ProofReadingClient, room: Room, database: Database
) -> None:
    assert laptop.post(room.at("/desk/word"), data={"word": "Hello"}).status_code == 400
    crossed = {"Sec-Fetch-Site": "cross-site"}
    sent = laptop.post_form(room.at("/desk/word"), {"word": "Hello"}, headers=crossed)
    assert sent.status_code == 403
    with database.reading() as db:
        assert db.get_one(Batch, room.batch_id).word == ""
