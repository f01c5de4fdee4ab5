"""The desk on another device: by a link that opens once, and until it ends, for whatever reason."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from campaign.app import create_app
from campaign.foundation import clock, limits
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.groups.models import Membership
from campaign.meetups.models import Batch, DeskDevice
from campaign.meetups.operations import closing, emptying, forgetting
from campaign.meetups.queries import rooms
from campaign.meetups.routes import devices as routes
from campaign.meetups.rules.devices import MOST
from campaign.people.models import Person
from campaign.people.operations import erase
from tests.cast import Cast, a_member, a_person
from tests.meetups.conftest import Room
from tests.meetups.holding import LAPTOP, LINK, a_link, fresh, held_by, log_of, the_device
from tests.meetups.making import a_meetup, move_to
from tests.proof_reader import ProofReadingClient, token_in

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.fixture
def desk(client: ProofReadingClient, cast: Cast) -> ProofReadingClient:
    client.sign_in(cast.organiser)
    return client


@pytest.fixture
def laptop(desk: ProofReadingClient, room: Room) -> ProofReadingClient:
    """A browser that nobody is signed in on, and that holds the desk."""
    return held_by(desk, room.code)


def test_a_link_opens_the_desk_once_and_looking_at_it_opens_nothing(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    link = a_link(desk, room.code)
    looked = fresh(desk)
    assert "Open the desk here?" in looked.get(link).text
    assert looked.get(room.at("/desk")).status_code == 303, "still nobody"
    refused = looked.post_form(link, {"name": ""}, page=link)
    assert refused.status_code == 422
    assert "Say which device it is" in refused.text
    opened = looked.post_form(link, {"name": LAPTOP}, page=link)
    (cookie,) = [one for one in opened.headers.getlist("Set-Cookie") if one.startswith("device=")]
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    other = fresh(desk)
    assert other.get(link).status_code == 410
    again = other.post_form(link, {"name": "Mine"})
    assert again.status_code == 410
    assert "This link has done its work" in again.text
    assert other.get(room.at("/desk")).status_code == 303
    # The other tab of the same browser is led to the desk that it holds.
    assert looked.get(link).headers["Location"] == room.at("/desk")
    assert looked.post_form(link, {"name": "Twice"}).headers["Location"] == room.at("/desk")
    assert the_device(database).name == LAPTOP


@pytest.mark.storm
def test_of_tabs_that_open_a_link_at_once_one_holds_the_desk(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    link, told = a_link(desk, room.code), list[int]()
    tabs = [fresh(desk) for _ in range(4)]
    tokens = [tab.token(link) for tab in tabs]
    ready = threading.Barrier(len(tabs))

    def press(tab: ProofReadingClient, token: str) -> None:
        ready.wait()
        told.append(tab.post(link, data={"csrf_token": token, "name": LAPTOP}).status_code)

    threads = [threading.Thread(target=press, args=one) for one in zip(tabs, tokens, strict=True)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(told) == [303, 410, 410, 410]
    the_device(database)
    assert [tab.get(room.at("/desk")).status_code for tab in tabs].count(200) == 1


def test_a_link_lasts_five_minutes_and_a_device_twelve_hours(
    desk: ProofReadingClient, room: Room
) -> None:
    late, soon = a_link(desk, room.code), fresh(desk)
    clock.set_offset(5 * 60 + 1)
    assert soon.get(late).status_code == 410
    laptop = held_by(desk, room.code)
    clock.set_offset(5 * 60 + 12 * 3600 - 60)
    assert laptop.get(room.at("/desk")).status_code == 200
    clock.set_offset(5 * 60 + 12 * 3600 + 60)
    ended = laptop.get(room.at("/desk"))
    assert ended.status_code == 410
    assert "The desk is closed on this device" in ended.text


def test_a_new_link_ends_the_one_before(desk: ProofReadingClient, room: Room) -> None:
    first, second = a_link(desk, room.code), a_link(desk, room.code)
    assert fresh(desk).get(first).status_code == 410
    assert fresh(desk).get(second).status_code == 200


def test_the_key_of_another_meetup_opens_nothing_here(
    desk: ProofReadingClient, laptop: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        other = a_meetup(db, cast).code
    for path in ("/desk", "/door", "/desk/moves"):
        answer = laptop.get(f"/m/{other}{path}")
        assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (303, True)
    assert laptop.post_form(f"/m/{other}/desk/word", {"word": "Hello"}).status_code == 303
    with database.reading() as db:
        found = rooms.meetup_by_code(db, other)
        assert found is not None
        assert rooms.batch_of(db, found).word == ""
    link = a_link(desk, room.code).replace(room.code, other)
    assert fresh(desk).get(link).status_code == 410


@pytest.mark.parametrize("how", ["desk", "itself", "forgotten"])
def test_the_end_of_the_meetup_ends_it_for_good(
    desk: ProofReadingClient, room: Room, database: Database, cast: Cast, how: str
) -> None:
    laptop, link = held_by(desk, room.code), a_link(desk, room.code)
    if how == "forgotten":
        later = clock.now() + timedelta(hours=7)
        with database.unit_of_work() as db:
            assert closing.end_forgotten(db, now=later) == 1
    else:
        with database.unit_of_work() as db:
            move_to(db, db.get_one(Batch, room.batch_id), "commit", cast.organiser.id)
        who = laptop if how == "itself" else desk
        sent = who.post_form(room.at("/desk/phase"), {"seen": "commit", "to": "over"})
        assert sent.status_code == 303
    assert laptop.get(room.at("/desk")).status_code == 410
    assert laptop.post_form(room.at("/desk/word"), {"word": "x"}).status_code == 410
    assert fresh(desk).get(link).status_code == 410
    assert desk.post_form(room.at("/desk/devices")).status_code == 422, "it is over"
    with database.unit_of_work() as db:
        db.get_one(Batch, room.batch_id).phase = "commit"
    assert laptop.get(room.at("/desk")).status_code == 410, "also where the evening goes back"


def test_it_is_taken_back_at_the_desk_and_closed_on_the_device(
    desk: ProofReadingClient, room: Room, database: Database
) -> None:
    one, other = held_by(desk, room.code), held_by(desk, room.code, "Tablet")
    page = desk.get(room.at("/desk")).text
    assert LAPTOP in page
    back = re.search(r'action="([^"]*/desk/devices/\w+/back)"', page)
    assert back
    assert other.post_form(back[1]).status_code == 303, "to a device this is a stranger's page"
    assert one.get(room.at("/desk")).status_code == 200
    assert desk.post_form(back[1]).headers["Location"] == room.at("/desk")
    assert one.get(room.at("/desk")).status_code == 410
    assert LAPTOP not in desk.get(room.at("/desk/devices")).text.partition("</ul>")[0][-400:]
    left = other.post_form(room.at("/desk/leave"))
    assert left.headers["Location"] == "/m"
    assert other.get(room.at("/desk")).status_code == 303, "a stranger again"
    with database.reading() as db:
        ends = db.scalars(select(AuditRow).where(AuditRow.action == "desk closed on a device"))
        assert len(ends.all()) == 2
        assert not db.scalars(select(DeskDevice).where(DeskDevice.ended_at.is_(None))).all()


@pytest.mark.parametrize("how", ["right", "disabled", "erased"])
def test_it_goes_with_the_right_of_whoever_let_it_in(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast, how: str
) -> None:
    with database.unit_of_work() as db:
        giver = a_person(db, "Gia Giver")
        a_member(db, cast.group, giver, "organiser")
    client.sign_in(giver)
    laptop, link = held_by(client, room.code), a_link(client, room.code)
    assert laptop.get(room.at("/desk")).status_code == 200
    with database.unit_of_work() as db:
        if how == "right":
            db.execute(delete(Membership).where(Membership.person_id == giver.id))
        elif how == "disabled":
            db.get_one(Person, giver.id).disabled_at = clock.now()
        else:
            erase(db, person=db.get_one(Person, giver.id))
    gone = 303 if how == "erased" else 410
    assert laptop.get(room.at("/desk")).status_code == gone
    assert laptop.post_form(room.at("/desk/word"), {"word": "x"}).status_code == gone
    assert fresh(client).get(link).status_code == 410


def test_whoever_is_signed_in_acts_as_themselves(
    desk: ProofReadingClient, laptop: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    laptop.sign_in(cast.supporter)
    assert laptop.get(room.at("/desk")).status_code == 200, "the device goes on"
    assert laptop.get(room.at("/desk/people")).status_code == 404
    laptop.sign_in(cast.organiser)
    assert "Helpers’ devices" in laptop.get(room.at("/desk")).text
    laptop.post_form(room.at("/desk/word"), {"word": "Hello"})
    assert log_of(database, "word to the room").details == []
    link = a_link(desk, room.code)
    told = desk.get(link).text
    assert "You are signed in here" in told
    assert 'name="name"' not in told
    assert desk.post_form(link, {"name": "Mine"}).status_code == 422


@pytest.mark.usefixtures("early_in_the_hour")
def test_opening_links_is_counted_and_so_is_making_them(
    desk: ProofReadingClient, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PER_ADDRESS", 1)
    monkeypatch.setattr(routes, "OPENINGS", limits.Limit("desk link opened", 2, 3600))
    tries = [fresh(desk).post_form(room.at("/desk/open/a-guess")).status_code for _ in range(3)]
    assert tries == [410, 410, 429]
    monkeypatch.setattr(routes, "LINKS", limits.Limit("desk link", 1, 3600))
    made = [desk.post_form(room.at("/desk/devices")).status_code for _ in range(2)]
    assert made == [303, 429]


def test_a_desk_has_so_many_devices_and_no_more(desk: ProofReadingClient, room: Room) -> None:
    for number in range(MOST):
        held_by(desk, room.code, f"Laptop {number}")
    refused = desk.post_form(room.at("/desk/devices"))
    assert refused.status_code == 422
    assert "Take one of them back first" in refused.text


def test_what_was_let_in_is_shown_to_who_let_it_in_and_goes_with_the_room(
    laptop: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        told: dict[str, list[dict[str, object]]] = {}
        forgetting.export_person(db, person_id=cast.organiser.id, into=told)
        assert [one["device"] for one in told["Desks opened on other devices"]] == [LAPTOP]
        emptying.forget_the_room(db, ended_before=clock.now() + timedelta(days=2))
        assert db.scalar(select(DeskDevice.id)) is None


def test_its_cookie_stays_with_an_https_host_and_over_a_hall_it_opens_nothing(
    room: Room, settings: Settings, database: Database, cast: Cast
) -> None:
    site, over = "https://rents.example", "http://127.0.0.2:8000"
    app = create_app(replace(settings, base_url=site, hall_network="127.0.0.2/32"), database)
    app.test_client_class = ProofReadingClient
    desk, laptop = app.test_client(), app.test_client()
    assert isinstance(desk, ProofReadingClient)
    desk.sign_in(cast.organiser)
    assert desk.post_form(room.at("/desk/devices")).status_code == 303
    page = desk.get(room.at("/desk/devices")).text
    assert "In this hall the desk stays on this laptop" in page
    assert "The link as a code" not in page, "a phone cannot open it here"
    found = LINK.search(page)
    assert found
    assert f"http://localhost{found[1]}" in page
    for method in ("GET", "POST"):
        answer = laptop.open(found[1], method=method, base_url=over, headers={"Origin": over})
        assert answer.status_code == 403
    typed = {"csrf_token": token_in(laptop.get(found[1], base_url=site).text), "name": LAPTOP}
    opened = laptop.post(found[1], data=typed, base_url=site)
    assert opened.status_code == 303, opened.text
    (cookie,) = [one for one in opened.headers.getlist("Set-Cookie") if "device=" in one]
    assert cookie.startswith("__Host-device=")
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert laptop.get(room.at("/desk"), base_url=site).status_code == 200
    heard = {"Cookie": cookie.partition(";")[0]}
    assert laptop.get(room.at("/desk"), base_url=over, headers=heard).status_code == 403
