"""A volunteer in Tokyo rings people at home: both clocks stand side by side, theirs goes first."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from campaign.foundation import clock
from campaign.phonebanks.models import Contact
from campaign.phonebanks.operations import setup
from tests.cast import call_the_cast
from tests.journeys.conftest import PATIENCE_MS, PHONE, Site, leave, watch
from tests.journeys.test_calling import turn_to
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.making import fill, make_phonebank

pytestmark = pytest.mark.journey

# A Thursday: 10:40 in Hove, 19:40 in Tokyo.
NOW = datetime(2026, 11, 26, 10, 40, tzinfo=UTC)
CALL = "/phonebanks/from-afar/call"


@pytest.fixture(autouse=True)
def phonebank(site: Site) -> None:
    """An open phonebank, and a caller who has practised and agreed."""
    turn_to(NOW)
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        bank = make_phonebank(db, cast.group, public_id="from-afar", reason="Signed.")
        fill(db, bank, range(4))
        setup.pass_practice(db, person_id=cast.caller.id, now=NOW)
        setup.agree(db, person_id=cast.caller.id, now=NOW)


def from_tokyo(browser: Browser, site: Site, trouble: list[str], *, script: bool = True) -> Page:
    context = browser.new_context(
        base_url=site.address,
        viewport=PHONE,  # type: ignore[arg-type]
        timezone_id="Asia/Tokyo",
        java_script_enabled=script,
    )
    page = context.new_page()
    watch(page, site.address, trouble)
    page.set_default_timeout(PATIENCE_MS)
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")
    return page


def test_both_hours_stand_on_the_screen_and_a_promise_is_in_their_day(
    site: Site, browser: Browser
) -> None:
    trouble: list[str] = []
    page = from_tokyo(browser, site, trouble)
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").click()
    place = page.locator(".who-place")
    expect(place).to_contain_text(re.compile(r"10:(4\d) there \(your 19:\1\)"))
    page.get_by_role("button", name=re.compile("^Call ")).click()
    chips = page.locator(".callback .chips")
    expect(chips).to_contain_text("In an hour: Thu 26 Nov, 11:45 (your 20:45)")
    expect(chips).to_contain_text("This evening: Thu 26 Nov, 18:00 (your Fri 27 Nov 03:00)")
    page.get_by_role("button", name=re.compile("^This evening")).click()
    expect(page.get_by_text("Saved: ")).to_be_visible()
    with site.house.database.reading() as db:
        promised = db.scalars(select(Contact).where(Contact.state == "callback")).one()
        assert promised.promised_at == datetime(2026, 11, 26, 18, 0, tzinfo=UTC)

    # After hours: when it goes on, on both clocks.
    turn_to(datetime(2026, 11, 26, 21, 0, tzinfo=UTC))
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")
    page.goto(CALL)
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Closed until Fri 27 Nov, 10:00 (your 19:00)"
    )
    expect(page.locator(".lede")).to_contain_text(
        "We ring again Fri 27 Nov, 10:00 their time (your 19:00)."
    )
    leave(page.context)
    assert trouble == []


def test_without_scripts_the_hours_are_plainly_theirs(site: Site, browser: Browser) -> None:
    trouble: list[str] = []
    page = from_tokyo(browser, site, trouble, script=False)
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").click()
    expect(page.locator(".who-place")).to_contain_text(re.compile(r"10:4\d there"))
    page.get_by_role("button", name=re.compile("^Call ")).click()
    expect(page.get_by_text("Their time, and only when we may ring.")).to_be_visible()
    page.get_by_text("Another time").click()
    page.get_by_label("On their clock").fill("2026-11-26T20:45")
    page.get_by_role("button", name="Call again then").click()
    expect(page.get_by_text("The nearest time is Thu 26 Nov, 20:15.")).to_be_visible()
    page.get_by_role("button", name="Thu 26 Nov, 20:15").click()
    expect(page.get_by_text("Saved: ")).to_be_visible()
    turn_to(clock.now() + timedelta(hours=11))
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")
    page.goto(CALL)
    expect(page.locator(".lede")).to_contain_text("We ring again Fri 27 Nov, 10:00 their time.")
    assert "(your" not in page.content()
    leave(page.context)
    assert trouble == []
