"""A phone in a hall without a connection: it says so where one looks, and sends the tap later."""

import re

import pytest
from playwright.sync_api import Browser, Error, expect
from sqlalchemy import func, select

from campaign.meetups.models import SentTap
from campaign.meetups.queries import rooms
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site, has_its_scripts, leave, offline
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey


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
    bea.evaluate("() => scrollBy({ top: 400, behavior: 'instant' })")
    has_its_scripts(bea)
    offline(bea)
    start.click()
    expect(bea.get_by_text("No connection.")).to_be_in_viewport()
    expect(bea.get_by_text("0 of 6 done")).to_be_visible()
    offline(bea, False)
    expect(bea.get_by_text("1 of 6 done")).to_be_visible()
    expect(bea.get_by_text("No connection.")).to_be_hidden()
    leave(context)


def test_a_tap_without_a_connection_outlives_its_page_and_is_done_once(
    site: Site, browser: Browser
) -> None:
    with site.house.database.unit_of_work() as db:
        meetup = a_meetup(db, call_the_cast(db))
        code, batch = meetup.code, rooms.batch_of(db, meetup)
        key, batch_id = a_participant(db, batch).key, batch.id
    context = browser.new_context(base_url=site.address, viewport=PHONE)  # type: ignore[arg-type]
    context.add_cookies(
        [{"name": "meetup", "value": key, "domain": "127.0.0.1", "path": f"/m/{code}"}]
    )
    bea = context.new_page()
    bea.goto(f"/m/{code}")
    has_its_scripts(bea)
    offline(bea)
    bea.get_by_role("button", name="Yes, I could host").click()
    expect(bea.get_by_text("No connection.")).to_be_visible()
    kept = bea.evaluate("() => JSON.stringify(localStorage)")
    assert "host" in kept
    assert "Bea" not in kept
    assert "csrf" not in kept
    with pytest.raises(Error, match="ERR_INTERNET_DISCONNECTED"):
        bea.reload()
    context.set_offline(False)
    bea.goto(f"/m/{code}")
    expect(bea.get_by_text("You said you could host.")).to_be_visible()
    expect(bea.get_by_text("No connection.")).to_be_hidden()
    bea.wait_for_function("() => localStorage.length + sessionStorage.length === 0")
    with site.house.database.reading() as db:
        (there,) = rooms.present(db, batch_id)
        assert there.willing == "host"
        assert db.scalar(select(func.count()).select_from(SentTap)) == 1
    leave(context)
