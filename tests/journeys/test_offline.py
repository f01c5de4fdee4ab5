"""A phone in a hall without a connection: it says so where one looks, and sends the tap later."""

import re

import pytest
from playwright.sync_api import Browser, expect

from campaign.meetups.queries import rooms
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey
SOON = 15_000


def test_a_tap_without_a_connection_is_seen_to_wait_and_is_sent_once_it_is_back(
    site: Site, browser: Browser
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast)
        code, batch = meetup.code, rooms.batch_of(db, meetup)
        keys = [a_participant(db, batch, name).key for name in ("Bea", "Tom", "Sian", "Yusuf")]
        move_to(db, batch, "local", cast.organiser.id)
    # A browser of its own: going offline is what the others must never see in their console.
    context = browser.new_context(base_url=site.address, viewport=PHONE)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": "meetup", "value": keys[0], "domain": "127.0.0.1", "path": f"/m/{code}"}]
    )
    bea = context.new_page()
    bea.goto(f"/m/{code}/table")
    start = bea.locator("label.chip", has_text=re.compile("^19:00$"))
    start.scroll_into_view_if_needed()
    bea.mouse.wheel(0, 400)
    context.set_offline(True)
    start.click()
    expect(bea.get_by_text("No connection.")).to_be_in_viewport(timeout=SOON)
    expect(bea.get_by_text("0 of 6 done")).to_be_visible()
    context.set_offline(False)
    expect(bea.get_by_text("1 of 6 done")).to_be_visible(timeout=SOON)
    expect(bea.get_by_text("No connection.")).to_be_hidden(timeout=SOON)
    context.close()
