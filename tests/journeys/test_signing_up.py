"""From the front page to "you are in": six taps and fields at the most, on a telephone."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.cast import an_event, call_the_cast
from tests.journeys.conftest import Site, Walker, complaints_of_axe

pytestmark = pytest.mark.journey
MOST = 6


class Thumb:
    """A visitor who counts: each tap is one, and each field filled."""

    def __init__(self) -> None:
        self.count = 0

    def taps(self, what: Locator) -> None:
        self.count += 1
        what.click()

    def fills(self, what: Locator, text: str) -> None:
        self.count += 1
        what.fill(text)


def with_an_event(site: Site, **given: object) -> str:
    """The cast, and an event near BN1 1AA in three days; its address."""
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        event = an_event(db, cast.group, cast.host, "Doors in Hanover", **given)
        return event.public_id


def find(page: Page, thumb: Thumb) -> None:
    page.goto("/")
    thumb.fills(page.get_by_label("Postcode or town"), "BN1 1AA")
    thumb.taps(page.get_by_role("button", name="Find events"))
    thumb.taps(page.get_by_role("link", name="Doors in Hanover").first)


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("reached_by", ["email", "phone"])
def test_six_taps_and_fields_from_the_front_page_to_a_place(
    site: Site, somebody: Walker, script: bool, reached_by: str
) -> None:
    with_an_event(site)
    page, thumb = somebody(script=script), Thumb()
    find(page, thumb)
    form = page.locator("#sign-up")
    thumb.fills(form.get_by_label("Your name"), "Ada Warren")
    if reached_by == "email":
        thumb.fills(form.get_by_label("Email", exact=True), "ada@people.example")
    else:
        thumb.fills(form.get_by_label("Phone", exact=False), "07700 900123")
    thumb.taps(form.get_by_role("button", name="Sign up"))
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    assert thumb.count <= MOST
    if reached_by == "phone":
        expect(page.get_by_text("Keep this link")).to_be_visible()
        page.get_by_role("link", name="Change or cancel").click()
        expect(page.get_by_role("heading", level=1, name="Your place")).to_be_visible()
    if script:
        assert complaints_of_axe(page) == []
        wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide


def test_a_double_tap_the_back_button_and_two_tabs_make_one_sign_up(
    site: Site, somebody: Walker
) -> None:
    public_id = with_an_event(site, capacity=5)
    page = somebody()
    page.goto(f"/events/{public_id}")
    form = page.locator("#sign-up")
    form.get_by_label("Your name").fill("Ada Warren")
    form.get_by_label("Phone", exact=False).fill("07700 900123")
    form.get_by_role("button", name="Sign up").dblclick()
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    page.go_back()
    page.goto(f"/events/{public_id}")
    expect(page.get_by_role("heading", name="You are in")).to_be_visible()
    other = page.context.new_page()
    other.goto(f"/events/{public_id}")
    expect(other.get_by_role("heading", name="You are in")).to_be_visible()
    assert taken(site, public_id) == 1


def taken(site: Site, public_id: str) -> int:
    from campaign.events import queries

    with site.house.database.reading() as db:
        event = queries.event_by_public_id(db, public_id)
        assert event is not None
        return event.taken


def test_what_was_typed_survives_a_mistake(site: Site, somebody: Walker) -> None:
    public_id = with_an_event(site)
    page = somebody()
    page.goto(f"/events/{public_id}")
    form = page.locator("#sign-up")
    form.get_by_label("Your name").fill("Ada Warren")
    form.get_by_label("Phone", exact=False).fill("07700 9001")
    form.get_by_text("You bring guests?").click()
    form.get_by_label("Their names").fill("Bea\nCy")
    form.get_by_role("button", name="Sign up").click()
    expect(form.get_by_label("Your name")).to_have_value("Ada Warren")
    expect(form.get_by_label("Phone", exact=False)).to_have_value("07700 9001")
    expect(form.get_by_label("Their names")).to_have_value("Bea\nCy")
    assert taken(site, public_id) == 0
