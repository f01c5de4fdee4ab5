"""Phones in the room on a slow line: what was typed and tapped stands, however late."""

import re

import pytest
from playwright.sync_api import Page, expect

from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Proposal
from campaign.meetups.operations.running import tell_everybody
from campaign.meetups.queries import rooms
from tests.cast import call_the_cast
from tests.journeys.conftest import Site, Walker, has_its_scripts, stands_still
from tests.journeys.test_door_changes import asks
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey
# Whether the sign of a host goes from now on, however short.
SEES = """() => new MutationObserver(() => (window.gone ||= !document.querySelector(".host-sign")))
  .observe(document.body, {childList: true, subtree: true})"""


class Hall:
    """A room in one part of its evening, with Bea and Tom at a table."""

    def __init__(self, site: Site, phase: str, preset: str = "short") -> None:
        self.site = site
        self.database: Database = site.house.database
        self.preset = preset
        with self.database.unit_of_work() as db:
            cast = call_the_cast(db)
            meetup = a_meetup(db, cast, preset=preset)
            batch = rooms.batch_of(db, meetup)
            self.key, _ = (a_participant(db, batch, name).key for name in ("Bea", "Tom"))
            move_to(db, batch, phase, cast.organiser.id, preset=preset)
            self.code, self.batch_id, self.organiser_id = meetup.code, batch.id, cast.organiser.id

    def opened_by(self, page: Page, path: str = "") -> Page:
        """Bea's phone."""
        url = f"{self.site.address}/m/{self.code}"
        page.context.add_cookies([{"name": "meetup", "value": self.key, "url": url}])
        page.goto(url + path)
        has_its_scripts(page)
        return page

    def desk_says(self, word: str) -> None:
        with self.database.unit_of_work() as db:
            batch = db.get_one(Batch, self.batch_id)
            tell_everybody(db, batch=batch, word=word, actor_id=self.organiser_id)

    def willing_of_bea(self) -> str | None:
        with self.database.reading() as db:
            people = rooms.present(db, self.batch_id)
            return next(one.willing for one in people if one.name.startswith("Bea"))

    def ideas(self) -> list[tuple[str, int]]:
        with self.database.reading() as db:
            return [(one.text, one.agree) for one in db.query(Proposal).order_by(Proposal.position)]


# The first request that is so waits for `letGo()`: on its way there, or its answer on the way back.
HOLD = """([method, keeps, there]) => {
  const ask = window.fetch;
  window.fetch = async (url, how = {}) => {
    const [is, json] = [how.method ?? "GET", how.headers?.Accept === "application/json"];
    if (is !== method || json !== keeps) return ask(url, how);
    window.fetch = ask;
    const answer = there ? await ask(url, how) : undefined;
    await new Promise((go) => (window.letGo = go));
    return answer ?? ask(url, how);
  };
}"""
HELD = "() => window.letGo !== undefined"


def test_what_was_typed_stays_where_a_tap_beside_it_is_answered(
    site: Site, somebody: Walker
) -> None:
    hall = Hall(site, "local")
    phone = hall.opened_by(somebody(), "/table")
    phone.get_by_text("Another place, another time").click()
    phone.get_by_label("Name of the place").fill("Hanover Centre")
    phone.locator("label.chip", has_text=re.compile("^Phonebank$")).click()
    expect(phone.get_by_text("1 of 6 done")).to_be_visible()
    expect(phone.get_by_label("Name of the place")).to_have_value("Hanover Centre")
    phone.get_by_label("Its postcode").fill("BN2 9QA")
    phone.get_by_role("button", name="Save").click()
    expect(phone.get_by_text("2 of 6 done")).to_be_visible()


def test_a_line_that_was_kept_late_does_not_come_after_the_one_that_was_sent(
    site: Site, somebody: Walker
) -> None:
    hall = Hall(site, "strategy", "meetup")
    phone = hall.opened_by(somebody(), "/sheet")
    phone.get_by_role("button", name="I’ll write").click()
    line = phone.locator("#text")
    expect(line).to_be_visible()
    has_its_scripts(phone)
    phone.evaluate(HOLD, ["POST", True, False])
    line.press_sequentially("Ring both")
    phone.wait_for_function(HELD)
    line.press_sequentially(" blocks")
    phone.get_by_role("button", name="One more: Agree").click()
    with phone.expect_response(lambda one: "json" in one.request.headers.get("accept", "")):
        phone.evaluate("() => letGo()")
    expect(phone.locator("output").first).to_have_text("1")
    phone.reload()
    expect(phone.get_by_text("Ring both blocks")).to_be_visible()
    assert hall.ideas() == [("Ring both blocks", 1)]
    phone.goto(f"/m/{hall.code}/sheet?step=1")
    has_its_scripts(phone)
    phone.get_by_role("button", name="Next: idea 2").click()
    expect(phone.get_by_role("button", name="Next: idea 3")).to_be_visible()
    assert hall.ideas() == [("Ring both blocks", 1)]


def test_a_page_that_was_asked_for_before_a_tap_does_not_undo_it(
    site: Site, somebody: Walker
) -> None:
    hall = Hall(site, "ask")
    phone = hall.opened_by(somebody())
    hall.desk_says("Hosts come to the front.")
    phone.evaluate(HOLD, ["GET", False, True])
    asks(phone)
    phone.wait_for_function(HELD)
    phone.get_by_role("button", name="I can host").click()
    expect(phone.get_by_text("You are a host.")).to_be_visible()
    phone.evaluate(SEES)
    phone.evaluate("() => letGo()")
    with phone.expect_response(re.compile("/state")):
        asks(phone)
    stands_still(phone)
    assert not phone.evaluate("() => window.gone")
    assert hall.willing_of_bea() == "host"


def test_a_phone_stays_on_its_page_while_the_server_starts_again(
    site: Site, bad_line: Page
) -> None:
    hall = Hall(site, "doors")
    phone = hall.opened_by(bad_line)
    page = re.compile(rf"/m/{hall.code}$")
    phone.route(page, lambda route: route.fulfill(status=503, body="<h1>Bad gateway</h1>"))
    hall.desk_says("Hosts come to the front.")
    asks(phone)
    expect(phone.get_by_text("No connection. What you tapped")).to_be_visible()
    phone.unroute(page)
    asks(phone)
    expect(phone.locator("#word")).to_have_text("Hosts come to the front.")
