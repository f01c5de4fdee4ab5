"""From nothing to a roster: an organiser, a visitor without script, on phones."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from campaign.foundation import clock
from tests.journeys.conftest import DESK, Site, Walker, has_its_scripts
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey


def choose(page: Page, words: str) -> None:
    """Tap a choice by its words."""
    page.get_by_role("radio", name=words, exact=True).check()


def found_group(page: Page, name: str, postcode: str) -> None:
    page.goto("/groups/new")
    page.get_by_label("Name of the group").fill(name)
    page.get_by_label("Where is it?").fill(postcode)
    page.get_by_role("button", name="Start the group").click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()


def announce(page: Page, *, kind: str, title: str, venue: str, postcode: str) -> None:
    page.goto("/events/new")
    choose(page, kind)
    tomorrow = clock.now() + timedelta(days=1)
    page.get_by_label("or another day").fill(tomorrow.date().isoformat())
    choose(page, "19:00")
    page.get_by_label("Name of the place, the street, or the link").fill(venue)
    page.get_by_label("Postcode or town").fill(postcode)
    choose(page, "8")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Publish event").click()
    expect(page.get_by_role("heading", level=1, name=title)).to_be_visible()


def test_an_organiser_fills_an_event_and_a_visitor_without_script_finds_it(
    site: Site, somebody: Walker
) -> None:
    nasty = "Calls <img src=x onerror=alert(1)> ${window.pwn=1}"
    organiser = somebody()
    organiser.goto("/")
    expect(organiser.get_by_text("Nothing here yet")).to_be_visible()
    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")
    found_group(organiser, "Fair Rents Kemptown", "BN2 1TL")
    announce(organiser, kind="Phonebank", title=nasty, venue="Trinity Hall", postcode="BN1 1EE")
    event = organiser.url

    visitor = somebody(script=False)
    visitor.goto("/")
    visitor.get_by_label("Postcode or town").fill("bn1 1aa")
    visitor.get_by_role("button", name="Find events").click()
    card = visitor.get_by_role("article").filter(has_text="Trinity Hall")
    card.get_by_role("link").first.click()
    expect(visitor).to_have_url(event.split("?")[0])
    visitor.get_by_label("Your name").fill("Quentin Norbury")
    visitor.get_by_label("Email").fill("quentin@people.example")
    visitor.get_by_role("button", name="Sign up").click()
    expect(visitor.get_by_role("heading", name="You are in")).to_be_visible()
    letter = next(one for one in site.letters if one.to == "quentin@people.example")
    assert "Trinity Hall" in letter.text

    organiser.goto(event)
    organiser.get_by_role("link", name="Who is coming").click()
    expect(organiser.get_by_text("Quentin Norbury")).to_be_visible()

    stranger = somebody()
    sign_in(stranger, site, "fern@people.example", name="Fern Varley")
    answer = stranger.goto(organiser.url)
    assert answer.status == 404
    expect(stranger.get_by_text("Quentin")).to_have_count(0)


def test_the_map_shows_tiles_and_markers_and_runs_no_title(site: Site, somebody: Walker) -> None:
    nasty = "<img src=x onerror=window.pwn=1> ${window.pwn=1}"
    organiser = somebody(viewport=DESK)
    sign_in(organiser, site, "maeve@people.example", name="Maeve ${window.pwn=1}")
    found_group(organiser, "Kemptown <b>${window.pwn=1}</b>", "BN2 1TL")
    announce(organiser, kind="Canvass", title=nasty, venue="Hall <i>x</i>", postcode="BN1 1EE")

    visitor = somebody(viewport=DESK)
    visitor.goto("/events?near=BN1+1AA")
    tile = visitor.locator(".leaflet-tile-loaded").first
    expect(tile).to_be_visible()
    pin = visitor.locator(".map .pin").first
    expect(pin).to_be_visible()
    pin.press("Enter")
    popup = visitor.locator(".leaflet-popup")
    expect(popup).to_contain_text("<img src=x onerror")
    assert visitor.evaluate("() => window.pwn") is None
    popup.get_by_role("link").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_contain_text("${window.pwn=1}")
    assert visitor.evaluate("() => window.pwn") is None


def test_going_back_to_a_search_shows_the_filters_it_answers(somebody: Walker) -> None:
    visitor = somebody()
    visitor.goto("/events")
    has_its_scripts(visitor)
    visitor.get_by_label("Canvasses").check()
    visitor.get_by_role("button", name="Show").click()
    expect(visitor).to_have_url(re.compile("kind=canvass"))
    visitor.go_back()
    expect(visitor).not_to_have_url(re.compile("kind=canvass"))
    expect(visitor.get_by_label("Canvasses")).not_to_be_checked()
