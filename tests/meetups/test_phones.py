"""The pages of a phone, of the projector and of the desk: each moment, and each refusal."""

from datetime import timedelta

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.operations import filling, joining
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms, tables
from campaign.meetups.rules.phases import Phase
from tests.cast import Cast, an_event
from tests.meetups.conftest import Room, phone, the_card_is_asked_of_bea, to
from tests.meetups.making import HOME, a_meetup, a_participant, accepted, card_of, move_to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")

NASTY = "<img src=x>${7*7}{{7*7}}"
HEADINGS = {
    Phase.DOORS: "You’re in, Bea.",
    Phase.PLENARY: "",
    Phase.ASK: "",
    Phase.LOCAL: "Table",
    Phase.COMMIT: "Nothing on the wall yet",
    Phase.OVER: "Thank you, Bea.",
}


def test_a_phone_has_a_page_for_each_moment_of_the_evening(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        joined = a_participant(db, batch)
        joining.add_practice(db, batch=batch, now=clock.now(), actor_id=cast.organiser.id)
    bea = phone(client, meetup.code, joined.key)
    room = Room(meetup.code, batch.id, "", bea, bea)
    client.sign_in(cast.organiser)
    for phase, heading in HEADINGS.items():
        to(database, cast, room, phase)
        page = bea.get(room.at())
        assert page.status_code == 200, phase
        assert heading in page.text, phase
        assert page.headers["Cache-Control"] == "no-store"
        for path in ("/screen", "/talk", "/state"):
            assert bea.get(room.at(path)).status_code == 200, (phase, path)
        assert client.get(room.at("/desk")).status_code == 200, phase


def test_a_phone_that_has_not_joined_is_led_to_the_way_in(
    client: ProofReadingClient, room: Room
) -> None:
    for path in ("/table", f"/cards/{room.card}/accept"):
        answer = client.get(room.at(path))
        assert answer.status_code == 303
        assert answer.headers["Location"].endswith(room.at())
    assert "Come in." in client.get(room.at()).text
    for path in (
        "/willing",
        "/leave",
        "/table/hold",
        "/cards",
        f"/cards/{room.card}",
        f"/cards/{room.card}/host",
        f"/cards/{room.card}/cohost",
        f"/cards/{room.card}/coming",
        f"/cards/{room.card}/accept",
        f"/wall/{room.card}",
    ):
        sent = client.post_form(room.at(path), {"kind": "stall"})
        assert sent.status_code == 403, path
        assert "Come in." in sent.text
        assert "Join the meetup first" in sent.text
        told = client.post_asking_json(room.at(path))
        assert (told.status_code, list(told.json)) == (403, ["error"]), path


def test_a_key_of_another_meetup_opens_nothing_here(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        other = an_event(
            db,
            cast.group,
            cast.organiser,
            kind="agm",
            starts_at=clock.now() + timedelta(hours=2),
        )
        there = open_room(
            db, event=other, preset="short", actor_id=cast.organiser.id, now=clock.now()
        )
        batch = rooms.batch_of(db, there)
        stef = a_participant(db, batch, "Stef")
        move_to(db, batch, "local", cast.organiser.id)
        foreign = card_of(db, stef.participant).card.public_id
    assert phone(client, room.code, stef.key).get(room.at("/table")).status_code == 303
    for path in (f"/cards/{foreign}", f"/cards/{foreign}/coming", f"/cards/{foreign}/host"):
        sent = room.bea.post_form(room.at(path), {"kind": "stall", "who": "me"})
        assert sent.status_code == 404, path
        assert "not on your table" in sent.text
    assert room.bea.get(room.at(f"/cards/{foreign}/accept")).status_code == 404
    assert room.bea.post_form(room.at(f"/wall/{foreign}")).status_code == 404
    client.sign_in(cast.organiser)
    assert client.post_form(room.at(f"/desk/cards/{foreign}")).status_code == 404


@pytest.mark.parametrize("code", ["ZZZZZZ", "zzzzzz", "ABC", "ABCDEFG", "12345é", "<b>abc"])
def test_a_code_that_nobody_has_is_no_page(client: ProofReadingClient, code: str) -> None:
    for path in ("", "/table", "/state", "/state?v=None", "/screen", "/qr.svg", "/talk"):
        assert client.get(f"/m/{code}{path}").status_code == 404, path
    form = {"name": "Bea", "reach": "bea@people.example", "hold": "y"}
    assert client.post_form(f"/m/{code}/join", form).status_code == 404
    typed = client.get("/m", query_string={"code": code})
    assert typed.status_code == 404
    assert "six letters" in typed.text


def test_a_refusal_stays_on_the_table_with_its_sentence(room: Room, database: Database) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        tom = rooms.present(db, batch.id)[1]
        filling.hold_table(db, batch=batch, person=tom)
    taken = room.bea.post_form(room.at("/table/hold"))
    assert taken.status_code == 409
    assert "Somebody else leads this table already." in taken.text
    assert "0 of 6" in taken.text
    blank = room.bea.post_form(room.at("/cards"))
    assert blank.status_code == 422
    assert "There is a blank card" in blank.text
    told = room.bea.post_asking_json(room.at("/table/hold"))
    assert told.json == {"error": "Somebody else leads this table already."}
    assert told.status_code == 409
    stranger = room.bea.post_form(room.at(f"/cards/{room.card}/host"), {"who": "nobody"})
    assert stranger.status_code == 404
    assert "They do not sit at your table." in stranger.text


def test_what_was_half_done_when_it_was_refused_is_not_shown_as_kept(room: Room) -> None:
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    path = room.at(f"/cards/{room.card}")
    sent = room.bea.post_form(path, {"kind": "stall", "day": day, "capacity": "7"})
    assert sent.status_code == 422
    assert "Choose one of those that are shown." in sent.text
    assert "0 of 6" in sent.text
    typed = {"venue": "Hanover Centre", "postcode": "XX99 9XX"}
    sent = room.bea.post_form(path, typed)
    assert sent.status_code == 422
    assert 'value="Hanover Centre"' in sent.text


def test_a_place_that_is_typed_in_full_wins_over_the_chip_before_it(room: Room) -> None:
    path = room.at(f"/cards/{room.card}")
    assert room.bea.post_form(path, {"place": "home"}).status_code == 303
    typed = {"place": "home", "venue": "Hanover Centre", "postcode": "bn2 9qa"}
    assert room.bea.post_form(path, typed).status_code == 303
    assert "Hanover Centre" in room.bea.get(room.at("/table")).text
    half = {"place": "online", "venue": "Hanover Centre"}
    assert room.bea.post_form(path, half).status_code == 303
    assert "Hanover Centre" not in room.bea.get(room.at("/table")).text
    alone = room.bea.post_form(path, {"venue": "Hanover Centre"})
    assert alone.status_code == 422
    assert "Give its postcode" in alone.text


def test_a_hand_and_a_yes_that_cannot_be_stay_on_the_page_of_the_moment(
    room: Room, database: Database, cast: Cast
) -> None:
    sent = room.bea.post_form(room.at("/willing"), {"answer": "maybe"})
    assert sent.status_code == 422
    assert "Choose one of the three answers." in sent.text
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        accepted(db, batch, bea)
        card = filling.begin_card(
            db, batch=batch, breakout_id=bea.breakout_id, now=clock.now()
        ).public_id
        view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card)
        accepted(db, batch, tom, view=view, start="11:30")
    to(database, cast, room, "commit")
    page = room.bea.get(room.at())
    assert "2 events. Take one." in page.text
    clash = room.bea.post_form(room.at(f"/wall/{card}"))
    assert clash.status_code == 422
    assert "Choose one of the two." in clash.text
    assert "Take one." in clash.text
    own = room.bea.post_form(room.at(f"/wall/{room.card}"), {"answer": "no"})
    assert own.status_code == 422
    assert "call it off on its own page" in own.text


def test_the_table_speaks_only_for_itself_and_for_practice_people(
    room: Room, database: Database
) -> None:
    with database.reading() as db:
        tom = rooms.present(db, room.batch_id)[1].public_id
    path = room.at(f"/cards/{room.card}/coming")
    sent = room.bea.post_form(path, {"who": tom})
    assert sent.status_code == 422
    assert "They say so on their own phone." in sent.text
    assert room.bea.post_form(path, {"who": "me"}).status_code == 303


def test_who_is_asked_sees_the_question_and_a_refusal_at_its_field(
    room: Room, database: Database
) -> None:
    the_card_is_asked_of_bea(database, room)
    with database.unit_of_work() as db:
        rooms.present(db, room.batch_id)[0].email = None
    path = room.at(f"/cards/{room.card}/accept")
    assert room.bea.get(room.at()).headers["Location"].endswith(path)
    assert room.tom.get(path).status_code == 404
    assert room.tom.post_form(path, {"answer": "yes"}).status_code == 404
    refused = room.bea.post_form(path, {"answer": "yes"})
    assert refused.status_code == 422
    assert "Type your email address" in refused.text
    assert "Will you host this?" in refused.text
    assert room.bea.post_form(path, {"answer": "no"}).status_code == 303
    gone = room.bea.post_form(path, {"answer": "yes", "email": "bea@people.example"})
    assert gone.status_code == 404
    assert "not any more" in gone.text


def test_a_homes_address_is_on_no_page_that_others_see(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    path = room.at(f"/cards/{room.card}")
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    taps = {"kind": "social", "day": day, "start": "18:00", "place": "home"}
    assert room.bea.post_form(path, taps).status_code == 303
    assert room.bea.post_form(f"{path}/host", {"who": "me"}).status_code == 303
    for given, sentence in (
        ({}, "Give the street"),
        ({"address": HOME.venue}, "Give the postcode"),
        ({"address": HOME.venue, "postcode": "BN2"}, "postcode in full"),
    ):
        refused = room.bea.post_form(f"{path}/accept", {"answer": "yes"} | given)
        assert refused.status_code == 422
        assert sentence in refused.text
    yes = {"answer": "yes", "address": HOME.venue, "postcode": "BN2 9QA"}
    assert room.bea.post_form(f"{path}/accept", yes, most_queries=80).status_code == 303
    with database.reading() as db:
        event = card_of(db, rooms.present(db, room.batch_id)[0]).card.event.public_id
    to(database, cast, room, "commit")
    pages = [
        room.tom.get(room.at()).text,
        room.tom.get(room.at("/table")).text,
        room.tom.get(room.at("/state")).text,
        *(client.get(room.at(part)).text for part in ("", "/screen", "/state")),
        *(client.get(f"/events{part}").text for part in ("", f"/{event}", ".geojson")),
    ]
    assert "Social" in pages[0]
    for page in pages:
        assert "Quince" not in page
        assert "BN2 9QA" not in page


def test_an_online_card_asks_its_host_for_the_link(room: Room) -> None:
    path = room.at(f"/cards/{room.card}")
    day = (clock.now() + timedelta(days=2)).date().isoformat()
    taps = {"kind": "phonebank", "day": day, "start": "18:00", "place": "online"}
    assert room.bea.post_form(path, taps).status_code == 303
    room.bea.post_form(f"{path}/host", {"who": "me"})
    for link in ("", "javascript:alert(1)", "http//talk"):
        refused = room.bea.post_form(f"{path}/accept", {"answer": "yes", "link": link})
        assert refused.status_code == 422, link
    yes = {"answer": "yes", "link": "https://talk.example/rents"}
    assert room.bea.post_form(f"{path}/accept", yes, most_queries=80).status_code == 303
    assert "talk.example" not in room.tom.get(room.at("/table")).text


def test_every_page_of_the_room_leads_to_a_report_about_its_event(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.reading() as db:
        about = db.get_one(Batch, room.batch_id).meetup_id
        event = rooms.meetup_by_code(db, room.code).event.public_id
    assert about
    stranger = client.application.test_client()
    for phone_of, path in (
        (room.bea, ""),
        (room.bea, "/table"),
        (stranger, ""),
        (stranger, "/talk"),
    ):
        assert f"/report?about=event:{event}" in phone_of.get(room.at(path)).text, path
    page = stranger.get(f"/report?about=event:{event}")
    assert page.status_code == 200
    assert "Sussex campaign meetup" in page.text


def test_without_scripts_a_refusal_leads_back_to_a_page_that_is_there(room: Room) -> None:
    refused = room.tom.post_form(room.at("/willing"), {"answer": "perhaps"}, page=room.at())
    assert refused.status_code == 422
    assert f'http-equiv="refresh" content="60; url={room.at()}"' in refused.text
    assert 'http-equiv="refresh" content="15"' in room.tom.get(room.at()).text
    page = room.at("/table")
    refused = room.tom.post_form(room.at(f"/cards/{room.card}"), {"kind": "parade"}, page=page)
    assert refused.status_code == 422
    assert f'http-equiv="refresh" content="60; url={page}"' in refused.text
    assert room.tom.get(page).status_code == 200
