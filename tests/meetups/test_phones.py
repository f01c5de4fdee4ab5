"""The pages of a phone, of the projector and of the desk: each moment, and each refusal."""

import re
import shutil
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch
from campaign.meetups.operations import filling, joining
from campaign.meetups.operations.opening import open_room
from campaign.meetups.queries import rooms, tables
from campaign.meetups.routes import here as here_routes
from campaign.meetups.routes import state as state_routes
from campaign.meetups.rules.phases import Phase
from tests.cast import Cast, an_event
from tests.meetups.making import a_meetup, a_participant, accepted, asked, card_of, filled, move_to
from tests.meetups.test_cards import HOME
from tests.proof_reader import ProofReadingClient

NASTY = "<img src=x>${7*7}{{7*7}}"
HEADINGS = {
    Phase.DOORS: "You’re in, Bea.",
    Phase.PLENARY: "",
    Phase.ASK: "",
    Phase.LOCAL: "Table",
    Phase.COMMIT: "Nothing on the wall yet",
    Phase.OVER: "Thank you, Bea.",
}


@pytest.fixture(autouse=True)
def places(settings: Settings, places_dir: Path) -> None:
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room's version is read each time."""
    monkeypatch.setattr(state_routes, "KEPT_S", 0.0)


@dataclass
class Room:
    """A room with Bea and Tom in it, and their phones."""

    code: str
    batch_id: int
    card: str
    bea: ProofReadingClient
    tom: ProofReadingClient

    def at(self, path: str = "") -> str:
        """A page of the room."""
        return f"/m/{self.code}{path}"


def phone(client: ProofReadingClient, code: str, key: str) -> ProofReadingClient:
    """A phone that has joined."""
    made = client.application.test_client()
    made.set_cookie("meetup", key, path=f"/m/{code}")
    assert isinstance(made, ProofReadingClient)
    return made


@pytest.fixture
def room(client: ProofReadingClient, database: Database, cast: Cast) -> Room:
    """A room at its local tables."""
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, steward="Ines at the desk, in the orange scarf")
        batch = rooms.batch_of(db, meetup)
        joined = [a_participant(db, batch, name) for name in ("Bea", "Tom")]
        move_to(db, batch, "local", cast.organiser.id)
        card = card_of(db, joined[0].participant).card.public_id
    bea, tom = (phone(client, meetup.code, one.key) for one in joined)
    return Room(meetup.code, batch.id, card, bea, tom)


def to(database: Database, cast: Cast, room: Room, phase: str) -> None:
    """The evening goes on."""
    with database.unit_of_work() as db:
        move_to(db, db.get_one(Batch, room.batch_id), phase, cast.organiser.id)


def the_card_is_asked_of_bea(database: Database, room: Room) -> None:
    """A card that waits for Bea's yes."""
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        asked(db, batch, rooms.present(db, batch.id)[0])


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
    assert "Somebody else holds this table already." in taken.text
    assert "0 of 6" in taken.text
    blank = room.bea.post_form(room.at("/cards"))
    assert blank.status_code == 422
    assert "There is a blank card" in blank.text
    told = room.bea.post_asking_json(room.at("/table/hold"))
    assert told.json == {"error": "Somebody else holds this table already."}
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


def test_a_desk_is_there_for_who_runs_the_meetup_and_for_nobody_else(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    posts = ("/phase", "/extend", "/pause", "/practice", f"/cards/{room.card}")
    assert client.get(room.at("/desk")).status_code == 303
    for person in (cast.stranger, cast.supporter, cast.caller, cast.lead):
        client.sign_in(person)
        assert client.get(room.at("/desk")).status_code == 404, person.name
        for path in posts:
            sent = client.post_form(room.at(f"/desk{path}"), {"seen": "local", "to": "commit"})
            assert sent.status_code == 404, (person.name, path)
    client.sign_in(cast.organiser)
    assert client.get(room.at("/desk")).status_code == 200
    moved = client.post_form(room.at("/desk/phase"), {"seen": "local", "to": "commit"})
    assert moved.status_code == 303
    stale = client.post_form(room.at("/desk/phase"), {"seen": "local", "to": "commit"})
    assert stale.status_code == 409
    assert "moved the evening on" in stale.text


def test_the_desk_of_thirty_tables_asks_the_database_no_more_than_that_of_one(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        for number in range(220):
            a_participant(db, batch, f"P{number}")
        batch = move_to(db, batch, "local", cast.organiser.id)
        views = tables.cards_of_batch(db, batch.id)
        assert len(views) >= 30
        people = {one.breakout_id: one for one in rooms.present(db, batch.id)}
        for view in views:
            filled(db, batch, people[view.card.breakout_id], view=view)
    client.sign_in(cast.organiser)
    page = client.get(f"/m/{meetup.code}/desk", most_queries=20)
    assert page.text.count("Part filled") == len(views)
    assert client.get(f"/m/{meetup.code}/screen", most_queries=20).status_code == 200


def test_a_full_table_page_stays_within_its_queries(room: Room, database: Database) -> None:
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        bea, tom = rooms.present(db, batch.id)
        accepted(db, batch, bea)
        for start in ("18:00", "18:30", "19:00"):
            card = filling.begin_card(db, batch=batch, breakout_id=bea.breakout_id, now=clock.now())
            view = tables.card_by_public_id(db, batch_id=batch.id, public_id=card.public_id)
            filled(db, batch, tom, view=view, start=start)
    for path in ("", "/table", f"/table?card={room.card}", "/table?card=nothing"):
        assert room.bea.get(room.at(path), most_queries=15).status_code == 200


def test_a_phone_that_asks_again_hears_nothing_until_something_was_written(
    client: ProofReadingClient, room: Room
) -> None:
    told = room.bea.get(room.at("/state"))
    assert len(told.data) <= 2048
    assert told.json["you"] == {"number": 1, "table": 1, "colour": "teal"}
    same = room.at(f"/state?v={told.json['version']}")
    for asker in (room.bea, room.tom, client):
        answer = asker.get(same, most_queries=1)
        assert (answer.status_code, answer.data) == (304, b"")
    assert room.tom.post_form(room.at(f"/cards/{room.card}"), {"kind": "stall"}).status_code == 303
    after = room.bea.get(same)
    assert after.status_code == 200
    assert after.json["version"] != told.json["version"]
    assert after.json["page"] != told.json["page"]
    stranger = client.get(same).json
    assert stranger["you"] is None
    assert "Bea" not in str(stranger)
    for junk in ("None", "-1", "²", "' OR 1=1", "9" * 400):
        assert client.get(room.at("/state"), query_string={"v": junk}).status_code == 200


def test_a_count_that_moves_does_not_make_every_phone_load_its_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        key = a_participant(db, batch).key
    bea = phone(client, meetup.code, key)
    before = bea.get(f"/m/{meetup.code}/state").json
    with database.unit_of_work() as db:
        a_participant(db, batch, "Tom")
    after = bea.get(f"/m/{meetup.code}/state").json
    assert (after["counts"]["here"], before["counts"]["here"]) == (2, 1)
    assert after["page"] == before["page"]


def test_an_evening_that_is_over_says_so_and_takes_nobody(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    the_card_is_asked_of_bea(database, room)
    to(database, cast, room, "over")
    assert "Thank you, Bea." in room.bea.get(room.at()).text
    for path in ("/table", f"/cards/{room.card}/accept"):
        assert room.bea.get(room.at(path)).headers["Location"].endswith(room.at())
    late = room.bea.post_form(room.at(f"/cards/{room.card}"), {"kind": "stall"})
    assert late.status_code in (303, 422)
    held = room.bea.post_form(room.at("/table/hold"))
    assert held.status_code == 422
    assert "Thank you, Bea." in held.text
    assert "This meetup is over" in held.text
    assert "This meetup is over." in client.get(room.at()).text
    form = {"name": "Late", "reach": "late@people.example", "hold": "y"}
    refused = client.post_form(room.at("/join"), form)
    assert refused.status_code == 422
    assert "This meetup is over." in refused.text


def test_names_and_places_are_text_wherever_they_stand(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, steward=NASTY)
        batch = rooms.batch_of(db, meetup)
        mallory = a_participant(db, batch, email="m@people.example", name=NASTY)
        bea = a_participant(db, batch)
        batch = move_to(db, batch, "local", cast.organiser.id)
        place = filling.CardPlace("venue", NASTY, "BN2 9QA", 50.83, -0.127)
        accepted(db, batch, mallory.participant, place=place)
    mine = phone(client, meetup.code, bea.key)
    client.sign_in(cast.organiser)
    seen = 0
    for phase in ("local", "commit", "over"):
        with database.unit_of_work() as db:
            move_to(db, db.get_one(Batch, batch.id), phase, cast.organiser.id)
        for who, path in (
            (mine, ""),
            (mine, "/table"),
            (mine, "/talk"),
            (mine, "/screen"),
            (client, "/desk"),
        ):
            text = who.get(f"/m/{meetup.code}{path}").text
            assert "<img src=x>" not in text
            assert "49" not in re.findall(r"&gt;\$?\{?\{?(\d+)", text)
            seen += "&lt;img src=x&gt;" in text
    assert seen >= 5


def test_the_code_to_be_photographed_leads_into_the_room(
    client: ProofReadingClient, room: Room
) -> None:
    drawn = client.get(room.at("/qr.svg"))
    assert drawn.mimetype == "image/svg+xml"
    assert drawn.text.lstrip().startswith(("<?xml", "<svg"))
    assert "<script" not in drawn.text


JOINING = {"name": "Ida", "initial": "ß", "where": "", "reach": "ida@people.example", "hold": "y"}


def test_a_double_tap_at_the_door_is_one_number(
    client: ProofReadingClient, room: Room, database: Database
) -> None:
    uuid = str(uuid4())
    for _ in range(2):
        fresh = client.application.test_client()
        sent = fresh.post_form(room.at("/join"), JOINING | {"client_uuid": uuid})
        assert sent.status_code == 303
    # With the cookie it is known who this is, whatever page it comes from.
    again = fresh.post_form(room.at("/join"), JOINING | {"client_uuid": str(uuid4())})
    assert again.headers["Location"].endswith(room.at())
    with database.reading() as db:
        there = rooms.present(db, room.batch_id)
        assert [one.name for one in there] == ["Bea", "Tom", "Ida"]
        assert len(there[2].initial) == 1
    cookie = sent.headers["Set-Cookie"]
    assert f"Path=/m/{room.code}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": ""}, "Type your first name."),
        ({"reach": ""}, "Type a mobile number or an email address."),
        ({"reach": "12"}, ""),
        ({"reach": "ida@"}, ""),
        ({"hold": None}, "Tick this"),
        ({"where": "Nowhere at all"}, ""),
        ({"client_uuid": "mine"}, ""),
    ],
)
def test_what_cannot_be_at_the_door_is_refused_and_what_was_typed_stays(
    client: ProofReadingClient,
    room: Room,
    database: Database,
    given: dict[str, str | None],
    sentence: str,
) -> None:
    form = {name: value for name, value in (JOINING | given).items() if value is not None}
    refused = client.post_form(room.at("/join"), form)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert "Set-Cookie" not in refused.headers or "meetup=" not in refused.headers["Set-Cookie"]
    with database.reading() as db:
        assert len(rooms.present(db, room.batch_id)) == 2


def test_a_hall_lets_in_four_times_its_people_and_then_no_machine(
    client: ProofReadingClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = []

    def counted(what: object, who: str) -> None:
        answers.append((what.name, what.most, who))

    monkeypatch.setattr("campaign.meetups.routes.joining.web.limit", counted)
    client.post_form(room.at("/join"), JOINING)
    assert answers == [("meetup join", 1000, room.code)]


def test_a_phone_sends_so_many_letters_and_then_rests(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = here_routes.Limit("meetup yes", 2, 3600)
    monkeypatch.setattr(here_routes, "YESES", few)
    path = room.at(f"/cards/{room.card}/coming")
    codes = [room.bea.post_form(path).status_code for _ in range(3)]
    assert codes == [303, 303, 429]
    last = room.bea.post_form(path)
    assert int(last.headers["Retry-After"]) > 0
    assert "0 of 6" in last.text
    assert room.tom.post_form(path).status_code == 303


def test_a_form_without_its_token_writes_nothing(room: Room, database: Database) -> None:
    for path in ("/table/hold", f"/cards/{room.card}", "/leave", "/join", "/willing"):
        assert room.bea.post(room.at(path), data={"kind": "stall"}).status_code == 400
    with database.reading() as db:
        assert len(rooms.present(db, room.batch_id)) == 2


def test_going_home_forgets_the_phone(room: Room) -> None:
    gone = room.bea.post_form(room.at("/leave"))
    assert gone.headers["Location"].endswith(room.at())
    assert "Come in." in room.bea.get(room.at()).text


def test_only_who_runs_a_meetup_opens_its_room(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = an_event(
            db,
            cast.group,
            cast.organiser,
            kind="meetup",
            starts_at=clock.now() + timedelta(hours=1),
        ).public_id
    for person in (cast.stranger, cast.supporter, cast.caller):
        client.sign_in(person)
        assert client.get(f"/events/{event}/meetup").status_code in (403, 404)
        assert client.post_form(f"/events/{event}/meetup").status_code in (403, 404)
    client.sign_in(cast.organiser)
    assert client.get(f"/events/{event}/meetup").status_code == 200
    form = {"preset": "short", "publishes": "desk", "phonebank": "nobody-has-this"}
    opened = client.post_form(f"/events/{event}/meetup", form)
    assert re.search(r"/m/[A-Z]{6}/desk$", opened.headers["Location"])
    again = client.get(f"/events/{event}/meetup")
    assert again.headers["Location"] == opened.headers["Location"]
    with database.reading() as db:
        no_room = cast.event.public_id
    assert client.get(f"/events/{no_room}/meetup").status_code == 404
