"""At the door fingers are quick and the line is bad: nothing moves under them, nothing is lost."""

import re

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect
from sqlalchemy import func, select

from campaign.events.models import Event, Rsvp
from campaign.foundation.database import Database
from campaign.meetups.models import Participant
from campaign.meetups.queries import rooms
from campaign.people import operations as people
from tests.cast import call_the_cast
from tests.events.makers import signed_up
from tests.journeys.conftest import (
    Site,
    Walker,
    complaints_of_axe,
    has_its_scripts,
    offline,
    stands_still,
)
from tests.meetups.expecting import an_evening, bring

pytestmark = pytest.mark.journey
FIRST = ("Ann", "Bob", "Cai", "Dee", "Eve", "Flo", "Gus", "Hal", "Ida", "Jan", "Kit", "Lee")
MANY = tuple(f"{first} Weir" for first in FIRST)
TOP = "(id) => document.getElementById(id).getBoundingClientRect().top"


class Evening:
    """A meetup with who signed up, and a way to its list."""

    def __init__(self, database: Database, *names: str) -> None:
        self.database = database
        with database.unit_of_work() as db:
            self.cast = call_the_cast(db)
            meetup, rsvps = an_evening(db, self.cast)
            event = db.get_one(Event, meetup.event_id)
            rsvps = [
                signed_up(db, event, name, email=f"p{at}@people.example").rsvp
                for at, name in enumerate(names)
            ]
            self.code = meetup.code
            self.ids = [rsvp.public_id for rsvp in rsvps]
            self.rsvps = [rsvp.id for rsvp in rsvps]
            self.key = people.write_link(
                db, email=self.cast.organiser.email, next_path=f"/m/{meetup.code}/door/list"
            )

    def opened_by(self, page: Page) -> Page:
        page.goto(f"/sign-in/{self.key}")
        page.get_by_role("button", name="Yes, sign me in").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Who signed up")
        has_its_scripts(page)
        return page

    def others_bring(self, at: int) -> None:
        """At the other door."""
        with self.database.unit_of_work() as db:
            meetup = rooms.meetup_by_code(db, self.code)
            assert meetup is not None
            bring(db, self.cast, meetup, db.get_one(Rsvp, self.rsvps[at]))

    def present(self) -> int:
        with self.database.reading() as db:
            return db.scalar(select(func.count(Participant.id))) or 0

    def cancel(self, at: int) -> None:
        """They cannot come after all: the list in front of the door does not know yet."""
        with self.database.unit_of_work() as db:
            db.get_one(Rsvp, self.rsvps[at]).status = "cancelled"

    def button(self, page: Page, at: int) -> Locator:
        return page.locator(f'#door-list button[value="{self.ids[at]}"]')


def top_of(page: Page, line: str) -> float:
    stands_still(page)
    return float(page.evaluate(TOP, f"r-{line}"))


@pytest.mark.parametrize("names", [MANY, MANY[:2]])
def test_the_list_stays_under_the_finger_when_the_number_comes_above_it(
    site: Site, database: Database, somebody: Walker, names: tuple[str, ...]
) -> None:
    evening = Evening(database, *names)
    door = evening.opened_by(somebody())
    first, second = evening.ids[0], evening.ids[1]
    before = top_of(door, first), top_of(door, second)
    evening.button(door, 0).click()
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    after = top_of(door, first), top_of(door, second)
    assert after[0] == pytest.approx(before[0], abs=2)
    assert after[1] == pytest.approx(before[1], abs=6)
    door.mouse.click(300, before[1] + 30)
    expect(door.get_by_text("Bob W. is number")).to_be_visible()
    assert top_of(door, first) == pytest.approx(before[0], abs=2)


def test_a_press_is_heard_though_the_list_comes_anew_meanwhile(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(somebody())
    evening.button(door, 0).hover()
    door.mouse.down()
    with door.expect_response(lambda answer: answer.url.endswith("/door/list")):
        evening.others_bring(3)
    stands_still(door)
    expect(door.get_by_text("here, number")).to_have_count(0)
    door.mouse.up()
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    expect(door.get_by_text("2 of 4 who signed up are here")).to_be_visible()
    assert evening.present() == 2


def test_enter_pressed_once_too_often_brings_in_nobody_of_the_same_name(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, "Petra Frey", "Petra Frey")
    door = evening.opened_by(somebody())
    field = door.get_by_role("searchbox")
    field.fill("petra")
    field.press("Enter")
    expect(evening.button(door, 0)).to_be_focused()
    door.keyboard.press("Enter")
    expect(door.get_by_text("Petra F. is number")).to_be_visible()
    expect(field).to_be_focused()
    door.keyboard.press("Enter")
    # Who came to the button without typing a name keeps the line.
    field.fill("")
    evening.button(door, 1).focus()
    assert evening.present() == 1
    door.keyboard.press("Enter")
    expect(evening.button(door, 1)).to_have_text("Undo")
    expect(evening.button(door, 1)).to_be_focused()
    assert evening.present() == 2


def test_a_refusal_leaves_the_field_free_and_goes_with_the_next_name(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY)
    door = evening.opened_by(somebody())
    evening.cancel(2)
    before = top_of(door, evening.ids[1])
    evening.button(door, 2).click()
    said = door.get_by_role("alert")
    expect(said).to_contain_text("Cai W.: They have cancelled")
    assert top_of(door, evening.ids[1]) == pytest.approx(before, abs=2)
    field = door.get_by_role("searchbox")
    stands_still(door)
    box, words = field.bounding_box(), said.bounding_box()
    assert box is not None
    assert words is not None
    assert words["y"] >= box["y"] + box["height"]
    assert complaints_of_axe(door) == []
    field.click()
    field.press_sequentially("b")
    expect(said).to_have_count(0)


def test_a_refusal_is_there_until_it_was_read_whatever_else_is_answered(
    site: Site, database: Database, bad_line: Page
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(bad_line)
    offline(door)
    for at in (2, 3, 0):
        evening.button(door, at).click()
    expect(door.get_by_text("No connection. What you tapped")).to_be_visible()
    evening.cancel(2)
    evening.cancel(3)
    door.get_by_role("searchbox").click()
    offline(door, False)
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    door.keyboard.type("b")  # who is in the middle of a name has read nothing yet
    said = door.locator(".room-said")
    expect(said).to_have_text([re.compile("^Cai W.: They have"), re.compile("^Dee W.: They have")])
    said.first.get_by_role("button", name="Close").click()
    expect(said).to_have_text([re.compile("^Dee W.")])


def test_that_there_is_no_connection_is_not_said_over_the_line_that_was_tapped(
    site: Site, database: Database, bad_line: Page
) -> None:
    evening = Evening(database, *MANY)
    door = evening.opened_by(bad_line)
    finder, line = door.locator("[data-finder]"), door.locator(f"#r-{evening.ids[2]}")
    below = """(line) => Math.round(line.getBoundingClientRect().top
      - document.querySelector("[data-finder]").getBoundingClientRect().bottom)"""
    # The line stands right below the field, which keeps its place at the top.
    door.evaluate("scrollTo(0, 9999)")
    line.evaluate(f"(line) => scrollBy({{ top: ({below})(line), behavior: 'instant' }})")
    stands_still(door)
    assert line.evaluate(below) == pytest.approx(0, abs=2)
    offline(door)
    evening.button(door, 2).click()
    expect(finder.get_by_text("No connection. What you tapped")).to_be_visible()
    stands_still(door)
    assert line.evaluate(below) == pytest.approx(0, abs=2)
    offline(door, False)
    expect(door.get_by_text(f"{FIRST[2]} W. is number")).to_be_visible()


def test_what_waits_for_a_connection_is_asked_about_before_the_page_is_left(
    site: Site, database: Database, bad_line: Page
) -> None:
    evening = Evening(database, *MANY[:2])
    door = evening.opened_by(bad_line)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    door.on("dialog", stay)
    offline(door)
    evening.button(door, 0).click()
    expect(door.get_by_text("No connection. What you tapped")).to_be_visible()
    with door.expect_event("dialog"):
        door.get_by_role("link", name="Somebody who did not sign up").click()
    offline(door, False)
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    assert asked == ["beforeunload"]
    door.get_by_role("link", name="Somebody who did not sign up").click()
    expect(door.get_by_role("heading", level=1)).to_have_text("Bring somebody in")
    assert asked == ["beforeunload"]


def test_the_list_follows_the_other_door_while_the_cursor_is_in_the_field(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY[:4])
    door = evening.opened_by(somebody())
    field = door.get_by_role("searchbox")
    field.fill("dee")
    evening.others_bring(3)
    expect(door.get_by_text("1 of 4 who signed up is here")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("dee")
    expect(door.locator("#door-list li:visible")).to_have_count(1)


def test_whoever_is_found_first_does_not_lie_behind_the_finder(
    site: Site, database: Database, somebody: Walker
) -> None:
    evening = Evening(database, *MANY, *(f"Moss {first}" for first in FIRST))
    door = evening.opened_by(somebody())
    evening.button(door, len(MANY)).scroll_into_view_if_needed()
    door.evaluate("() => scrollTo(0, document.body.scrollHeight)")  # a wheel would turn on later
    door.get_by_role("searchbox").fill("moss")
    top = top_of(door, evening.ids[len(MANY)])
    assert top >= door.evaluate(
        "() => document.querySelector('[data-finder]').getBoundingClientRect().bottom - 1"
    )


@pytest.mark.parametrize("width", [320, 360])
def test_letters_twice_as_large_leave_the_list_in_the_screen(
    site: Site, database: Database, somebody: Walker, width: int
) -> None:
    evening = Evening(database, *MANY[:4])
    evening.others_bring(1)
    door = evening.opened_by(somebody(viewport={"width": width, "height": 780}))
    evening.cancel(2)
    evening.button(door, 2).click()
    expect(door.get_by_role("alert")).to_be_visible()
    evening.button(door, 0).click()
    expect(door.get_by_text("Ann W. is number")).to_be_visible()
    door.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    stands_still(door)
    wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert door.evaluate(wide) == 0
