"""The desk, the screen, the door: who may, how often, and what a stranger gets."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.operations import filling
from campaign.meetups.queries import rooms, tables
from campaign.meetups.routes import here as here_routes
from campaign.meetups.rules.phases import Phase
from tests.cast import Cast, an_event
from tests.meetups.conftest import Room, phone, the_card_is_asked_of_bea, to
from tests.meetups.making import a_meetup, a_participant, accepted, filled, move_to
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


def test_a_count_that_moves_a_little_does_not_make_every_phone_load_its_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        batch = rooms.batch_of(db, meetup := a_meetup(db, cast))
        key = a_participant(db, batch).key
        for number in range(20):
            a_participant(db, batch, f"P{number}")
    bea = phone(client, meetup.code, key)
    before = bea.get(f"/m/{meetup.code}/state").json
    with database.unit_of_work() as db:
        a_participant(db, batch, "Tom")
    after = bea.get(f"/m/{meetup.code}/state").json
    assert (after["counts"]["here"], before["counts"]["here"]) == (22, 21)
    shows = {"v": before["version"], "p": before["page"]}
    assert bea.get(f"/m/{meetup.code}/state", query_string=shows).status_code == 304


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


@pytest.mark.usefixtures("early_in_the_hour")
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


def test_the_desk_brings_in_somebody_without_a_phone_and_their_table_taps_for_them(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    given = {"name": "Winifred", "initial": "k", "where": "BN2 9QA"}
    client.sign_in(cast.supporter)
    assert client.post_form(room.at("/desk/people"), given).status_code == 404
    client.sign_in(cast.organiser)
    refused = client.post_form(room.at("/desk/people"), {"name": ""})
    assert refused.status_code == 422
    assert "Type their first name." in refused.text
    sent = client.post_form(room.at("/desk/people"), given)
    assert "Winifred is number 3." in client.get(sent.headers["Location"]).text
    with database.reading() as db:
        winifred = rooms.present(db, room.batch_id)[-1]
        who = winifred.public_id
        assert winifred.breakout_id is not None
    asked = room.bea.post_form(room.at(f"/cards/{room.card}/host"), {"who": who})
    assert asked.status_code == 422
    assert "on their own phone" in asked.text
    said = room.bea.post_form(room.at(f"/cards/{room.card}/coming"), {"who": who})
    assert said.status_code == 303
    assert "No. 3" in room.tom.get(room.at("/table")).text


def test_a_code_that_is_wrong_leads_back_to_typing_it(client: ProofReadingClient) -> None:
    page = client.get("/m/QUXQUX")
    assert page.status_code == 404
    assert 'href="/m"' in page.text
    assert "Type the letters again" in page.text


def test_a_table_of_a_town_says_its_name_once(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        code = a_meetup(db, cast).code
    client.sign_in(cast.organiser)
    several = client.post_form(f"/m/{code}/desk/people", {"name": "Ada", "where": "Newport"})
    assert several.status_code == 422
    assert "There are several" in several.text
    place = {"name": "Winifred", "where": "Newport, Isle of Wight"}
    assert client.post_form(f"/m/{code}/desk/people", place).status_code == 303
    for seen, then in [("doors", "plenary"), ("plenary", "ask"), ("ask", "local")]:
        client.post_form(f"/m/{code}/desk/phase", {"seen": seen, "to": then})
    with database.reading() as db:
        meetup = rooms.meetup_by_code(db, code)
        assert meetup is not None
        names = [table.name for table, _ in rooms.tables(db, rooms.batch_of(db, meetup).id)]
    assert names == ["Newport"]
