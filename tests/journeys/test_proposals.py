"""What is proposed follows the kind that is tapped, and never writes over somebody's own words."""

import pytest
from playwright.sync_api import expect

from campaign.events.adapters import default_templates
from campaign.events.rules.kinds import Kind
from tests.cast import call_the_cast
from tests.journeys.conftest import Site, Walker
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey


def test_the_proposal_follows_the_kind_until_somebody_writes(site: Site, somebody: Walker) -> None:
    with site.house.database.unit_of_work() as db:
        email = call_the_cast(db).organiser.email
    page = somebody()
    sign_in(page, site, email or "", name="Olive Orchard")
    page.goto("/events/new")
    about, words = page.locator("#about"), default_templates()
    expect(about).to_have_value(words[Kind.PHONEBANK].about)
    page.locator("input[name=kind][value=social]").check(force=True)
    expect(about).to_have_value(words[Kind.SOCIAL].about)
    expect(page.locator("[data-length]")).to_have_text("3 hours")
    about.fill("Bring a cake.")
    page.locator("input[name=kind][value=stall]").check(force=True)
    expect(about).to_have_value("Bring a cake.")
    about.fill("")
    page.locator("input[name=kind][value=canvass]").check(force=True)
    expect(about).to_have_value("")
