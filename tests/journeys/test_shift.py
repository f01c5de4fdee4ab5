"""A shift by people: somebody at the door, a lead's line, a cry for help; counted in taps."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from campaign.foundation import clock
from campaign.phonebanks.models import CallingSession
from tests.cast import Cast, an_event
from tests.journeys.conftest import PHONE, Site, Walker, complaints_of_axe
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.conftest import Made, made
from tests.phonebanks.making import NOON

__all__ = ["made"]

pytestmark = pytest.mark.journey
BANK = "/phonebanks/demo-calls"


@pytest.fixture(autouse=True)
def _noon(site: Site) -> None:
    clock.set_offset((NOON - datetime.now(UTC)).total_seconds())


def signed_in(page: Page, site: Site, email: str) -> Page:
    """With a cookie, as somebody has who signed in before."""
    sign_in(page, site, email, name="")
    return page


def test_a_walk_in_is_let_in_with_one_tap_and_reads_the_leads_line(
    site: Site, somebody: Walker, cast: Cast, made: Made
) -> None:
    with site.house.database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.host, starts_at=NOON, capacity=5)
        db.add(CallingSession(event_id=event.id, phonebank_id=made[0].id))
        path = f"{BANK}/shifts/{event.public_id}"
    lead = signed_in(somebody(viewport=PHONE), site, cast.organiser.email or "")
    lead.goto(f"{BANK}/lead")
    lead.get_by_text("Show them the code").click()
    expect(lead.locator(".door-code svg.qr")).to_be_visible()
    assert complaints_of_axe(lead) == []

    walk_in = signed_in(somebody(viewport=PHONE), site, cast.supporter.email or "")
    walk_in.goto(path)
    walk_in.get_by_role("button", name="I am at the door").click()
    expect(walk_in.get_by_role("heading", level=1)).to_have_text("A lead can see you")

    let_in = lead.get_by_role("button", name="Let in Sam Supporter")
    let_in.wait_for()  # it comes by itself
    let_in.click()  # the one tap, and no field
    expect(lead.get_by_text("Sam Supporter is in, and has a place.")).to_be_visible()
    here = walk_in.get_by_role("button", name="I am here: open the calling screen")
    here.click()
    expect(walk_in.get_by_role("heading", level=1)).to_have_text("Practise first")

    caller = signed_in(somebody(viewport=PHONE), site, cast.caller.email or "")
    caller.goto(f"{BANK}/call")
    caller.get_by_role("button", name="Give me the first person").click()
    expect(caller.get_by_role("button", name="Call Amina")).to_be_visible()
    lead.get_by_label("One line on their screens").fill("Tea is ready.")
    lead.get_by_role("button", name="Put it up").click()
    line = caller.get_by_role("status").filter(has_text="Tea is ready.")
    expect(line).to_be_visible()

    caller.get_by_text("Help", exact=True).click()
    caller.get_by_label("What about, in a few words?").fill("They ask who pays us")
    caller.get_by_role("button", name="Ask my lead to come").click()
    expect(caller.get_by_text("Your lead can see it.")).to_be_visible()
    expect(caller.get_by_role("button", name="Call Amina")).to_be_visible()  # still the same page
    assert complaints_of_axe(caller) == []
    lead.get_by_role("button", name="I am coming to Cal Caller").click()
    expect(caller.get_by_text("Olwen is coming.")).to_be_visible()


def test_without_scripts_help_and_the_line_are_there_too(
    site: Site, somebody: Walker, cast: Cast, made: Made
) -> None:
    caller = signed_in(somebody(viewport=PHONE, script=False), site, cast.caller.email or "")
    caller.goto(f"{BANK}/call")
    caller.get_by_text("Help", exact=True).click()
    caller.get_by_role("button", name="Ask my lead to come").click()
    expect(caller.get_by_text("Your lead can see it.").last).to_be_visible()
