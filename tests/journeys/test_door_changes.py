"""The list at the door follows what changes, line by line: under the finger, and from elsewhere."""

import re

import pytest
from playwright.sync_api import Page, Response, expect

from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Participant
from campaign.meetups.operations import joining
from campaign.meetups.queries import rooms
from tests.events.makers import signed_up
from tests.journeys.conftest import Site, Walker
from tests.journeys.test_door_hands import MANY, Evening, top_of
from tests.meetups.making import a_participant

pytestmark = pytest.mark.journey
NAMES = "() => [...document.querySelectorAll('#seated p b')].map((one) => one.textContent)"


def answers_of(page: Page) -> list[str]:
    """What the list is answered from now on."""
    heard: list[str] = []

    def hear(answer: Response) -> None:
        if "/door/list" in answer.url and answer.status == 200:
            heard.append(answer.text())

    page.on("response", hear)
    return heard


def asks(page: Page) -> None:
    """As when somebody comes back to the page: it asks at once, and does not wait its seconds."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def names_are(page: Page, *names: str) -> None:
    page.wait_for_function(f"(names) => String(({NAMES})()) === String(names)", arg=list(names))


def test_taps_and_the_other_door_send_lines_and_no_page(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY)
    door = evening.opened_by(somebody())
    heard = answers_of(door)
    evening.button(door, 0).click()
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    evening.others_bring(5)
    asks(door)
    expect(door.get_by_text("2 of 12 who signed up are here")).to_be_visible()
    door.get_by_role("button", name="That was a mistake").click()
    expect(door.get_by_text("Ann W. is not in the hall.")).to_be_visible()
    assert heard
    assert all("<html" not in text and len(text) < 5_000 for text in heard)
    names_are(door, *(f"{name[:3]} W." for name in MANY))


def test_who_signs_up_and_who_cancels_in_mid_evening_is_seen_though_the_room_has_not_moved(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(somebody())
    evening.button(door, 3).focus()
    before = top_of(door, evening.ids[3])
    heard = answers_of(door)
    with database.unit_of_work() as db:
        event = db.get_one(Event, db.get_one(Rsvp, evening.rsvps[0]).event_id)
        signed_up(db, event, "Bea Moss", email="bea@people.example")
        db.get_one(Rsvp, evening.rsvps[0]).status = "cancelled"
    for _ in range(5):
        with door.expect_response(re.compile("/state")):
            asks(door)
    names_are(door, "Bea M.", "Bob W.", "Cai W.", "Dee W.")
    expect(evening.button(door, 3)).to_be_focused()
    assert top_of(door, evening.ids[3]) == pytest.approx(before, abs=2)
    assert all("<html" not in text for text in heard)


def test_the_line_under_the_cursor_that_is_gone_gives_the_cursor_to_the_finder(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(somebody())
    field = door.get_by_role("searchbox")
    field.fill("cai")
    field.press("Enter")
    expect(evening.button(door, 2)).to_be_focused()
    evening.cancel(2)
    evening.others_bring(0)
    asks(door)
    expect(evening.button(door, 2)).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("cai")
    expect(door.get_by_text("Nobody on the list.")).to_be_visible()


def test_a_page_that_cannot_place_a_line_loads_itself_anew(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(somebody())
    door.evaluate("(id) => document.getElementById(id).remove()", f"r-{evening.ids[1]}")
    evening.others_bring(2)
    asks(door)
    names_are(door, "Ann W.", "Bob W.", "Cai W.", "Dee W.")
    expect(door.get_by_text("1 of 4 who signed up is here")).to_be_visible()


def test_whoever_had_left_and_was_brought_back_is_put_back_by_one_tap(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    with database.unit_of_work() as db:
        meetup = rooms.meetup_by_code(db, evening.code)
        assert meetup is not None
        batch = rooms.batch_of(db, meetup)
        ann = a_participant(db, batch, "Ann", email="p0@people.example").participant
        joining.leave(db, batch=batch, person=ann, now=clock.now())
        left_at, key = ann.left_at, ann.id
    door = evening.opened_by(somebody())
    evening.button(door, 0).click()
    expect(door.get_by_text("They had left, and are here again.")).to_be_visible()
    expect(evening.button(door, 0)).to_have_text("Undo")
    evening.button(door, 0).click()
    expect(door.get_by_text("Ann W. is not in the hall.")).to_be_visible()
    expect(evening.button(door, 0)).to_have_text("They are here")
    with database.reading() as db:
        assert db.get_one(Participant, key).left_at == left_at
