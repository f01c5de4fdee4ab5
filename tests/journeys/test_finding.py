"""Finding on a map and in its list: each lights the other, and the address holds it all."""

import re
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from campaign.events import operations
from campaign.events.models import Event
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.groups.models import Group
from campaign.people.models import Person
from tests.cast import a_group, a_person
from tests.events.makers import soon
from tests.journeys.conftest import (
    DESK,
    PHONE,
    Site,
    Walker,
    complaints_of_axe,
    has_its_scripts,
    leave,
    stands_still,
)

pytestmark = pytest.mark.journey

PIER = PlaceChoice(PlaceKind.VENUE, "The pier", "BN2 1TW", 50.8169, -0.1367, "Brighton")
LEWES = PlaceChoice(PlaceKind.VENUE, "Lewes Town Hall", "BN7 2QS", 50.8738, 0.0107, "Lewes")


def planned(site: Site) -> dict[str, str]:
    """Two events at one point, a meetup at another, a group; public ids by title."""
    with site.house.database.unit_of_work() as db:
        host, group = a_person(db, "Hari Host"), a_group(db, "Fair Rents Brighton")
        return {
            "Pier calls": put(db, host, group, "Pier calls", PIER),
            "Pier stall": put(db, host, group, "Pier stall", PIER, kind="stall"),
            "Lewes meetup": put(db, host, group, "Lewes meetup", LEWES, kind="meetup"),
        }


def put(db, host: Person, group: Group, title: str, place: PlaceChoice, **given) -> str:  # type: ignore[no-untyped-def]
    event: Event = operations.announce(
        db, group=group, host=host, title=title, place=place, listed=True,
        starts_at=soon(30), ends_at=soon(30) + timedelta(hours=2), **{"kind": "phonebank", **given},
    )  # fmt: skip
    return event.public_id


def card(page: Page, title: str):  # type: ignore[no-untyped-def]
    return page.get_by_role("article").filter(has_text=title)


def test_list_and_map_light_each_other_by_mouse_and_by_key(site: Site, somebody: Walker) -> None:
    planned(site)
    page = somebody(viewport=DESK)
    page.goto("/events?near=BN1+1AA&radius_km=25")
    pin = page.locator(".map .pin", has_text="2")
    expect(pin).to_be_visible()
    card(page, "Pier stall").hover()
    expect(pin).to_have_class(re.compile("is-on"))
    pin.focus()
    expect(card(page, "Pier calls")).to_have_class(re.compile("is-on"))
    expect(card(page, "Pier stall")).to_have_class(re.compile("is-on"))
    expect(card(page, "Lewes meetup")).not_to_have_class(re.compile("is-on"))
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    expect(popup.get_by_role("link", name=re.compile("Pier"))).to_have_count(2)
    expect(popup.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(popup).to_have_count(0)
    expect(page.locator(".map .pin:focus")).to_have_count(1)
    assert complaints_of_axe(page) == []


def test_the_list_follows_the_map_and_the_address_keeps_the_view(
    site: Site, somebody: Walker
) -> None:
    planned(site)
    page = somebody(viewport=DESK)
    page.goto("/events?near=BN1+1AA&radius_km=25&sort=time")
    expect(page.get_by_role("heading", name="3 events near BN1 1AA")).to_be_visible()
    expect(page.locator(".map .pin").first).to_be_visible()
    page.locator("#map_events").focus()
    for _ in range(20):
        with page.expect_response(re.compile(r"/events\?.*bbox=")) as followed:
            page.keyboard.press("ArrowRight")
        followed.value.finished()
        stands_still(page)
        if not card(page, "Pier calls").count():
            break
    expect(page).to_have_url(re.compile(r"bbox=[-\d.,]+&zoom=\d+"))
    expect(page.get_by_role("heading", name=re.compile("in this view|Nothing in"))).to_be_visible()
    expect(card(page, "Pier calls")).to_have_count(0)
    left = page.url
    said = page.locator("#found").inner_text()
    page.reload()
    expect(page.locator("#found")).to_have_text(said)
    page.get_by_role("link", name="Privacy").click()
    page.go_back()
    expect(page).to_have_url(left)
    expect(page.locator("#found")).to_have_text(said)
    page.get_by_role("link", name="Back to BN1 1AA").click()
    expect(page.get_by_role("heading", name="3 events near BN1 1AA")).to_be_visible()


def test_layers_are_switched_and_stand_in_the_address(site: Site, somebody: Walker) -> None:
    planned(site)
    page = somebody(viewport=DESK)
    page.goto("/events?near=BN1+1AA&radius_km=25")
    expect(page.locator(".map .pin")).to_have_count(2)
    page.get_by_label("Groups", exact=True).check(force=True)
    expect(page.locator(".map .group-mark")).to_have_count(1)
    page.get_by_label("Meetups").uncheck(force=True)
    expect(page.locator(".map .pin")).to_have_count(1)
    expect(page).to_have_url(re.compile("layers=events,groups"))
    page.reload()
    expect(page.locator(".map .group-mark")).to_have_count(1)
    expect(page.locator(".map .pin")).to_have_count(1)
    page.locator(".map .group-mark").press("Enter")
    page.locator(".leaflet-popup").get_by_role("link", name="Fair Rents Brighton").click()
    expect(page.get_by_role("heading", level=1, name="Fair Rents Brighton")).to_be_visible()


def test_without_its_pictures_the_map_keeps_its_pins_and_says_so_quietly(
    site: Site, somebody: Walker
) -> None:
    planned(site)
    page = somebody(viewport=PHONE)
    notice = page.get_by_text("pictures do not load")
    page.route("**/tiles/**", lambda route: route.fulfill(status=404))
    page.goto("/events?near=BN1+1AA&radius_km=25")
    expect(notice).to_be_visible()
    expect(page.locator(".map .pin").first).to_be_visible()
    expect(card(page, "Pier calls")).to_be_visible()


def test_whereabouts_leave_the_browser_rounded(site: Site, somebody: Walker) -> None:
    planned(site)
    page = somebody(viewport=PHONE)
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": 50.826331, "longitude": -0.140821})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/events")
    page.get_by_role("button", name="Use my location").click()
    expect(page).to_have_url(re.compile(r"near=50\.83,-0\.14$"))
    expect(page.get_by_role("heading", name="near where you are")).to_be_visible()
    assert not [url for url in asked if "50.826" in url or "0.1408" in url]


def test_signing_up_in_the_row_without_a_script(site: Site, somebody: Walker) -> None:
    planned(site)
    page = somebody(script=False, viewport=PHONE)
    page.goto("/events?near=BN1+1AA")
    row = card(page, "Pier calls")
    row.locator("summary").click()
    row.get_by_label("Your name").fill("Ada Warren")
    row.get_by_label("Email").fill("ada@people.example")
    row.get_by_role("button", name="Sign up").click()
    expect(page).to_have_url(re.compile(r"/events\?near=BN1\+1AA#e-"))
    expect(card(page, "Pier calls").get_by_role("link", name="You are in")).to_be_visible()


AROUND = """<!doctype html><html lang="en"><title>A branch</title><h1>A branch</h1>
<iframe title="Events" src="{address}/embed/list?near=BN1+1AA" width="600"></iframe>
<p id="told"></p><script>addEventListener("message", (event) => {{
  document.getElementById("told").textContent = JSON.stringify(event.data);
}});</script></html>"""


@pytest.fixture
def branch(site: Site) -> Iterator[str]:
    """Somebody else's site: another origin, with our list in a frame."""
    body = AROUND.format(address=site.address).encode()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Answers)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_on_another_site_the_list_shows_and_tells_its_height(
    site: Site, branch: str, browser
) -> None:  # type: ignore[no-untyped-def]
    planned(site)
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.goto(branch)
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", level=1)).to_have_text("Events near BN1 1AA")
    link = frame.get_by_role("link", name="Pier calls")
    expect(link).to_have_attribute("target", "_blank")
    told = page.locator("#told")
    expect(told).to_contain_text('"type":"height"')
    page.wait_for_function(
        "() => JSON.parse(document.getElementById('told').textContent).height > 200"
    )
    assert context.cookies(site.address) == []
    with context.expect_page() as opened:
        link.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Pier calls")
    leave(context)


@pytest.mark.parametrize("width", [360, 390, 600, 768, 1280])
def test_every_filter_is_within_the_screen(somebody: Walker, width: int) -> None:
    page = somebody(viewport={"width": width, "height": 780})
    page.goto("/events")
    has_its_scripts(page)
    page.get_by_text("More", exact=True).click()
    stands_still(page)
    panel = page.locator(".more-filters .panel").bounding_box()
    assert panel
    assert panel["x"] >= 0
    assert panel["x"] + panel["width"] <= width
    for field in ("#q", "#radius", "#from", "#to"):
        box = page.locator(field).bounding_box()
        assert box
        assert box["x"] + box["width"] <= panel["x"] + panel["width"], field
    assert page.evaluate("document.documentElement.scrollWidth") <= width
