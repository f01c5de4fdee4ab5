"""What was saved says so, with its undo, and stands in the way of nothing that comes next."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from campaign.foundation import clock
from campaign.phonebanks.operations import setup
from tests.cast import call_the_cast
from tests.journeys.conftest import DESK, Site, Walker, stands_still, toasts_stay
from tests.journeys.test_calling import turn_to
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.making import fill, make_phonebank

pytestmark = pytest.mark.journey

# A Thursday afternoon, when one may ring.
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
CALL = "/phonebanks/saved/call"
NOTE = "Mornings are bad. Ask for the back door, and say who sent you."
# What can be pressed on the page and is hidden by something else, as far as it is in view.
LOOK = """(toast) => {
const keys = () => [...document.querySelectorAll("main :is(button, summary, a)")];
const covered = () => keys().filter((one) => {
  const box = one.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  if (!one.checkVisibility() || one.disabled || y >= innerHeight) return false;
  const there = document.elementFromPoint(x, y);
  return there && !one.contains(there);
}).map((one) => one.textContent.trim());
const where = () => keys().map((one) => one.getBoundingClientRect().y);
const found = { covered: covered(), before: where() };
toast.remove();
return { ...found, after: where() };
}"""


@pytest.fixture(autouse=True)
def phonebank(site: Site) -> None:
    """An open phonebank with people of whom there is a note, and somebody who may call there."""
    turn_to(NOW)
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        bank = make_phonebank(
            db, cast.group, public_id="saved", reason="Signed the petition for fair rents in May."
        )
        fill(db, bank, range(6), note=NOTE)
        setup.pass_practice(db, person_id=cast.caller.id, now=NOW)
        setup.agree(db, person_id=cast.caller.id, now=NOW)


def ring(page: Page) -> None:
    """Ring whoever is there, and note that nobody answered."""
    page.get_by_role("button", name=re.compile("^Call ")).click()
    no_answer = page.get_by_role("button", name=re.compile("^No answer"))
    expect(no_answer).to_be_visible()
    turn_to(clock.now() + timedelta(minutes=3))
    no_answer.click()
    expect(page.locator(".toast")).to_contain_text("Saved: No answer")


@pytest.mark.parametrize(
    "viewport", [{"width": 360, "height": 640}, {"width": 360, "height": 780}, DESK],
    ids=["small phone", "phone", "desk"],
)  # fmt: skip
def test_the_toast_covers_nothing_and_moves_nothing_when_it_goes(
    site: Site, somebody: Walker, viewport: dict[str, int]
) -> None:
    page = somebody(viewport=viewport)
    toasts_stay(page)
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").click()
    ring(page)
    stands_still(page)
    seen = page.locator(".toast").evaluate(LOOK)
    assert seen["covered"] == []
    # Whoever is not offered the toast any more has the quiet button in the foot.
    assert seen["after"] == seen["before"]
    expect(page.get_by_role("button", name=re.compile("^Undo “No answer”"))).to_be_visible()


def test_the_undo_of_the_toast_opens_the_call_again(site: Site, somebody: Walker) -> None:
    page = somebody(viewport={"width": 360, "height": 640})
    toasts_stay(page)
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").click()
    ring(page)
    page.locator(".toast").get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.get_by_text("is open again.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^No answer"))).to_be_visible()
