"""From "Announce an event" to its public page: twelve taps and fields at the most, on a phone."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from campaign.events.models import Event
from campaign.foundation import clock
from tests.cast import call_the_cast
from tests.journeys.conftest import Site, Walker, complaints_of_axe
from tests.journeys.test_sign_in import sign_in
from tests.journeys.test_signing_up import Thumb

pytestmark = pytest.mark.journey
MOST = 12


class Host(Thumb):
    """A host who counts: a day that is tapped is one, and so is each field and each button."""

    def ticks(self, what: Locator) -> None:
        self.count += 1
        what.check(force=True)


def fine(page: Page) -> None:
    """Nothing for axe to say, and nothing scrolls sideways."""
    assert complaints_of_axe(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def the_day_after_tomorrow() -> str:
    return (clock.now() + timedelta(days=2)).date().isoformat()


def answer_the_six(page: Page, host: Host) -> None:
    """The answers nobody can give for a host; the rest is proposed."""
    host.ticks(page.locator(f"input[name=date][value='{the_day_after_tomorrow()}']"))
    host.ticks(page.locator("input[name=start]").first)
    host.fills(page.get_by_label("Name of the place, the street, or the link"), "Trinity Hall")
    host.fills(page.get_by_label("Postcode or town"), "BN1 1AA")
    host.ticks(page.locator("input[name=capacity]").first)


@pytest.mark.parametrize("script", [True, False])
def test_who_runs_a_group_is_on_the_public_page_in_twelve(
    site: Site, somebody: Walker, script: bool
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        email = cast.organiser.email
    page, host = somebody(script=script), Host()
    sign_in(page, site, email or "", name="Olive Orchard")
    page.goto("/events")
    host.taps(page.get_by_role("link", name="Announce an event").first)
    expect(page.get_by_role("heading", level=1, name="Announce an event")).to_be_visible()
    if script:
        fine(page)
    answer_the_six(page, host)
    host.taps(page.get_by_role("button", name="Publish event"))
    expect(page.get_by_text("Your event is on the map.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Phonebank at Trinity Hall")
    assert host.count <= MOST
    if script:
        fine(page)
    stranger = somebody()
    stranger.goto(page.url)
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Phonebank at Trinity Hall")
    stranger.goto("/events?near=BN1+1AA")
    expect(stranger.get_by_role("link", name="Phonebank at Trinity Hall").first).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_without_an_account_it_is_check_your_mail_in_twelve_and_the_mail_makes_it_live(
    site: Site, somebody: Walker, script: bool
) -> None:
    with site.house.database.unit_of_work() as db:
        call_the_cast(db)
    page, host = somebody(script=script), Host()
    page.goto("/events")
    host.taps(page.get_by_role("link", name="Announce an event").first)
    if script:
        fine(page)
    answer_the_six(page, host)
    host.fills(page.get_by_label("Your name"), "Ada Warren")
    host.fills(page.get_by_label("Your email"), "ada@people.example")
    host.taps(page.get_by_role("button", name="Publish event"))
    expect(
        page.get_by_role("heading", level=1, name=re.compile("mail", re.IGNORECASE))
    ).to_be_visible()
    assert host.count <= MOST
    if script:
        fine(page)
    mailed = re.search(r"/events/confirm/\S+", site.letters[-1].text)
    assert mailed
    page.goto(mailed[0])
    if script:
        fine(page)
    page.get_by_role("button", name="Publish event").click()
    stranger = somebody()
    stranger.goto(f"/events/{public_id_of(site, 'Phonebank at Trinity Hall')}")
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Phonebank at Trinity Hall")


def public_id_of(site: Site, title: str) -> str:
    with site.house.database.reading() as db:
        return db.scalars(select(Event.public_id).where(Event.title == title)).one()
