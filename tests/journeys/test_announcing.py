"""From "Announce an event" to its page: twelve taps and fields at most, on a small telephone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from campaign.foundation import clock
from tests.cast import an_event, call_the_cast
from tests.journeys.conftest import Site, Walker, complaints_of_axe
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey
MOST = 12
SMALL = {"width": 360, "height": 640}
DOORS = ("/", "/events")


class Thumb:
    """Who counts: a tap, a tick, a date, a choice and a field filled are one each."""

    def __init__(self) -> None:
        self.count = 0

    def _one(self) -> None:
        self.count += 1
        assert self.count <= MOST, f"more than {MOST} taps and fields"

    def taps(self, what: Locator) -> None:
        self._one()
        what.click()

    def ticks(self, what: Locator) -> None:
        self._one()
        what.check()

    def fills(self, what: Locator, text: str) -> None:
        self._one()
        what.fill(text)


@pytest.fixture
def busy(site: Site) -> Site:
    """A site that stands for a while: a group, its people, an event of theirs."""
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        an_event(db, cast.group, cast.host, "Doors in Hanover")
    return site


def looks_right(page: Page, *, script: bool) -> None:
    """axe has nothing to say, and nothing is wider than the telephone."""
    if script:
        assert complaints_of_axe(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def to_the_questions(page: Page, thumb: Thumb, door: str, *, script: bool) -> None:
    page.goto(door)
    looks_right(page, script=script)
    thumb.taps(page.get_by_role("link", name="Announce an event").first)
    expect(page.get_by_role("heading", level=1, name="Announce an event")).to_be_visible()
    looks_right(page, script=script)


def answer_the_six(page: Page, thumb: Thumb, *, account: bool) -> None:
    """Every question is answered, nothing is left to what was proposed."""
    thumb.ticks(page.get_by_role("radio", name="Canvass", exact=True))
    day = (clock.now() + timedelta(days=9)).date()
    thumb.fills(page.get_by_label("or another day"), day.isoformat())
    thumb.ticks(page.get_by_role("radio", name="19:00", exact=True))
    thumb.fills(page.get_by_label("Name of the place, the street, or the link"), "Trinity Hall")
    thumb.fills(page.get_by_label("Postcode or town"), "BN2 1TB")
    if not account:
        thumb.fills(page.get_by_label("Your name"), "Wren Selby")
        thumb.fills(page.get_by_label("Your email"), "wren@people.example")
    thumb.ticks(page.get_by_role("radio", name="20", exact=True))


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("door", DOORS)
def test_signed_in_twelve_taps_and_fields_to_the_public_page(
    busy: Site, somebody: Walker, door: str, script: bool
) -> None:
    page, thumb = somebody(viewport=SMALL, script=script), Thumb()
    sign_in(page, busy, "olwen-organiser@people.example", name="Olwen")
    to_the_questions(page, thumb, door, script=script)
    answer_the_six(page, thumb, account=True)
    thumb.taps(page.get_by_role("button", name="Publish event"))
    expect(page.get_by_role("heading", level=1, name="Canvass at Trinity Hall")).to_be_visible()
    expect(page.get_by_text("Your event is on the map.")).to_be_visible()
    looks_right(page, script=script)

    visitor = somebody(viewport=SMALL, script=script)
    visitor.goto(page.url)
    expect(visitor.get_by_role("heading", level=1, name="Canvass at Trinity Hall")).to_be_visible()
    looks_right(visitor, script=script)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("door", DOORS)
def test_without_an_account_twelve_to_check_your_mail_and_its_link_makes_it_live(
    busy: Site, somebody: Walker, door: str, script: bool
) -> None:
    page, thumb = somebody(viewport=SMALL, script=script), Thumb()
    to_the_questions(page, thumb, door, script=script)
    answer_the_six(page, thumb, account=False)
    thumb.taps(page.get_by_role("button", name="Publish event"))
    expect(page.get_by_role("heading", level=1, name="Check your mail")).to_be_visible()
    looks_right(page, script=script)

    letter = next(one for one in busy.letters if one.to == "wren@people.example")
    link = re.search(r"https?://\S+/events/confirm/\S+", letter.text)
    assert link is not None
    page.goto(link[0])
    looks_right(page, script=script)
    page.get_by_role("button", name="Publish event").click()
    expect(page.get_by_role("heading", level=1, name="Canvass at Trinity Hall")).to_be_visible()
    looks_right(page, script=script)

    visitor = somebody(viewport=SMALL, script=script)
    answer = visitor.goto(page.url)
    assert answer is not None
    assert answer.status == 200
    expect(visitor.get_by_role("heading", level=1, name="Canvass at Trinity Hall")).to_be_visible()
    visitor.goto("/events")
    expect(visitor.get_by_role("link", name="Canvass at Trinity Hall")).to_have_count(0)
