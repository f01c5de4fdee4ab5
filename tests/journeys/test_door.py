"""The host's evening at the door on a phone whose connection comes and goes."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from campaign.events import operations
from tests.cast import call_the_cast
from tests.events.makers import announced, signed_up, soon
from tests.journeys.conftest import (
    PHONE,
    Site,
    Walker,
    has_its_scripts,
    leave,
    offline,
    toasts_stay,
)

pytestmark = pytest.mark.journey
NAMES = ("Ada Warren", "Bea Long", "Cy Moss", "Di Noon")


@pytest.fixture
def host_page(site: Site) -> str:
    """The host's page by its link, of an event that begins in an hour."""
    with site.house.database.unit_of_work() as db:
        event = announced(db, call_the_cast(db), starts_at=soon(1), capacity=12)
        for name in NAMES:
            signed_up(db, event, name)
        return f"/hosts/{operations.host_link(db, event=event)}"


def a_phone(browser: Browser, site: Site) -> tuple[BrowserContext, Page]:
    """A browser of its own: going offline is what the others must never see in their console. It
    has only what there is in a hall without https."""
    context = browser.new_context(base_url=site.address, viewport=PHONE)  # type: ignore[arg-type]
    context.add_init_script("delete Crypto.prototype.randomUUID")
    return context, context.new_page()


def line(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator("[data-rsvp]", has_text=name)


def stored(page: Page) -> str:
    return str(page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))


def test_a_door_without_a_connection_loses_nothing_and_keeps_no_name(
    site: Site, browser: Browser, host_page: str
) -> None:
    context, door = a_phone(browser, site)
    other_context, other = a_phone(browser, site)
    for page in (door, other):
        page.goto(host_page)
        expect(page.get_by_label("Find a name or a number")).to_be_visible()
        has_its_scripts(page)
    offline(door)
    for name in NAMES[:3]:
        door.get_by_role("button", name=f"{name} is here").click()
    door.get_by_role("button", name=re.compile("^Undo: .*Cy Moss")).click()
    expect(line(door, "Cy Moss")).to_have_attribute("data-attendance", "unknown")
    door.get_by_role("button", name="Cy Moss is here").click()
    door.locator("#door").get_by_label("Name").fill("Zed Walk")
    door.get_by_role("button", name="Add, and here").click()
    for place in ("[data-pending]", ".roster-bar"):
        expect(door.locator(place).get_by_text("6 not sent yet")).to_be_visible()
    expect(door.get_by_text("No connection.")).to_be_visible()
    expect(door.locator(".lead-figs [data-n=here]")).to_have_text("4")
    expect(door.locator(".sheet-head .seats .on")).to_have_count(3)
    assert "Ada" not in stored(door)
    assert "Zed" not in str(door.evaluate("JSON.stringify({...localStorage})"))
    # Loading it anew without a connection shows the browser's own page; the taps outlive that.
    with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
        door.reload()
    context.set_offline(False)
    door.goto(host_page)
    expect(door.locator("[data-pending]")).to_be_hidden()
    expect(line(door, "Zed Walk")).to_have_attribute("data-attendance", "came")
    assert stored(door) == "[{},{}]"
    expect(door.locator(".roster-bar")).to_contain_text("here")
    for name in (*NAMES[:3], "Zed Walk"):
        expect(line(other, name)).to_have_attribute("data-attendance", "came")
    expect(line(other, "Di Noon")).to_have_attribute("data-attendance", "unknown")
    expect(other.locator(".door-no b")).to_have_text("4")
    leave(context)
    leave(other_context)


def test_a_name_is_found_ticked_and_taken_back_and_the_keys_count(
    somebody: Walker, host_page: str
) -> None:
    door = somebody()
    toasts_stay(door)
    door.goto(host_page)
    has_its_scripts(door)
    find = door.get_by_label("Find a name or a number")
    find.fill("lon")
    expect(line(door, "Bea Long")).to_be_visible()
    expect(line(door, "Ada Warren")).to_be_hidden()
    find.press("Enter")
    door.keyboard.press("Enter")
    expect(door.locator(".toast")).to_contain_text("Bea Long is here.")
    expect(door.locator(".door-no b")).to_have_text("1")
    door.locator(".toast").get_by_role("button", name="Undo").click()
    expect(line(door, "Bea Long")).to_have_attribute("data-attendance", "unknown")
    find.fill("Yan Late")
    expect(door.get_by_text("Nobody. Press Enter")).to_be_visible()
    find.press("Enter")
    expect(door.locator("#door").get_by_label("Name")).to_have_value("Yan Late")
    door.get_by_role("button", name="Add, and here").click()
    expect(line(door, "Yan Late")).to_be_visible()
    for _ in range(3):
        door.get_by_role("button", name="In", exact=True).click()
    expect(door.locator(".door-no b")).to_have_text("4")
    door.get_by_role("button", name="Out").click()
    door.get_by_role("button", name=re.compile("^Undo out")).click()
    expect(door.locator(".door-no b")).to_have_text("4")
    expect(door.locator("[data-pending]")).to_be_hidden()
    door.reload()
    expect(door.locator(".door-no b")).to_have_text("4")


@contextmanager
def slow_way(page: Page, path: str) -> Iterator[None]:
    """What is sent first to such an address comes to the server a second late."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(path, hold, times=1)
    yield
    page.evaluate("() => new Promise((done) => setTimeout(done, 1000))")
    held[0].continue_()


def test_what_is_taken_back_at_once_is_taken_back_on_a_slow_way(
    somebody: Walker, host_page: str
) -> None:
    door = somebody()
    toasts_stay(door)
    door.goto(host_page)
    has_its_scripts(door)
    ada = line(door, "Ada Warren").get_attribute("data-rsvp")
    with slow_way(door, f"**/{ada}"):
        with door.expect_request(f"**/{ada}"):
            door.get_by_role("button", name="Ada Warren is here").click()
        door.locator(".toast").get_by_role("button", name="Undo").click()
    expect(door.locator("[data-pending]")).to_be_hidden()
    door.locator("#door").get_by_label("Name").fill("Zed Walk")
    with slow_way(door, "**/walk-in"):
        with door.expect_request("**/walk-in"):
            door.get_by_role("button", name="Add, and here").click()
        door.locator(".toast").get_by_role("button", name="Undo").click()
    door.locator("#door").get_by_label("Name").fill("Yan Late")
    door.get_by_role("button", name="Add, and here").click()
    expect(door.locator("[data-pending]")).to_be_hidden()
    for _ in "ab":
        expect(line(door, "Yan Late")).to_have_attribute("data-attendance", "came")
        for name in ("Ada Warren", "Zed Walk"):
            expect(line(door, name)).to_have_attribute("data-attendance", "unknown")
        expect(door.locator(".door-no b")).to_have_text("1")
        door.reload()


def test_without_a_script_somebody_is_ticked_by_a_plain_form(
    somebody: Walker, host_page: str
) -> None:
    door = somebody(script=False)
    door.goto(host_page)
    door.get_by_role("button", name="Ada Warren is here").click()
    expect(line(door, "Ada Warren")).to_have_attribute("data-attendance", "came")
    door.locator("#door").get_by_label("Name").fill("Zed Walk")
    door.get_by_role("button", name="Add, and here").click()
    expect(line(door, "Zed Walk")).to_be_visible()
    expect(door.locator(".door-no b")).to_have_text("2")
