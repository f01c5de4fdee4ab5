"""A report is pressed while the scripts of its page have not come and the network is gone."""

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.journeys.conftest import Site, offline
from tests.journeys.test_unsent import (
    NOTE,
    caller_on,
    calls,  # noqa: F401 (a fixture)
    later,
    nothing_stays,
    phone,  # noqa: F401 (a fixture)
    press,
    reported,
    ring,
)

pytestmark = pytest.mark.journey


@pytest.mark.parametrize("knows", [True, False])
def test_a_report_that_is_pressed_before_the_scripts_came_waits_on_its_page(
    site: Site,
    phone: BrowserContext,  # noqa: F811
    knows: bool,
) -> None:
    """Whether the device knows that it is offline, or only that nobody answers."""
    page = caller_on(phone, site)
    page.route("**/js/behaviours/**", lambda route: route.abort())
    name = ring(page, scripts=False)
    page.get_by_label("Note for the next caller").fill(NOTE)
    if knows:
        offline(page)
    else:
        phone.route("**/*", lambda route: route.abort())
    press(page, "No answer")
    expect(page.get_by_text("so this is not sent yet")).to_be_in_viewport()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_label("Note for the next caller")).to_have_value(NOTE)
    assert reported(site) == []
    nothing_stays(page)
    later(seconds=30)
    if knows:
        offline(page, False)
    else:
        phone.unroute("**/*")
    expect(page.get_by_text("Saved: No answer")).to_be_visible()
    assert reported(site) == [("no_answer", NOTE, False)]
