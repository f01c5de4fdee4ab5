"""The sample pages in a real browser: nothing for axe, nothing sideways, the policy holds."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import complaints_of_axe, has_its_scripts, leave, stands_still
from tests.look.site import PAGES

SIDEWAYS = "() => document.documentElement.scrollWidth - innerWidth"

pytestmark = pytest.mark.journey


def open_page(browser: Browser, address: str, scheme: str, width: int) -> tuple[Page, list[str]]:
    page = browser.new_page(
        viewport={"width": width, "height": 800},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    has_its_scripts(page)
    stands_still(page)
    return page, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_reads_well_for_everybody(
    browser: Browser, sample_address: str, name: str, width: int, scheme: str
) -> None:
    page, said = open_page(browser, f"{sample_address}/{name}", scheme, width)
    assert said == []
    assert page.evaluate(SIDEWAYS) <= 0
    assert complaints_of_axe(page) == []
    leave(page.context)


@pytest.mark.parametrize(
    ("status", "swapped"), [(200, True), (422, True), (404, True), (500, False)]
)
def test_a_refusal_is_swapped_in_and_our_own_failure_is_not(
    browser: Browser, sample_address: str, status: int, swapped: bool
) -> None:
    page, _ = open_page(browser, f"{sample_address}/wrong", "light", 360)
    page.evaluate(
        """async (status) => {
            document.querySelector("h1").id = "place";
            await htmx.ajax("GET", `/answer/${status}`, {target: "#place", swap: "innerHTML"});
        }""",
        status,
    )
    place, answer = expect(page.locator("#place")), f"Answer {status}"
    if swapped:
        place.to_contain_text(answer)
    else:
        place.not_to_contain_text(answer)
    leave(page.context)


def test_a_toast_leaves_when_its_seconds_are_over(browser: Browser, sample_address: str) -> None:
    page, _ = open_page(browser, f"{sample_address}/wrong", "light", 360)
    page.clock.install(time=datetime(2026, 1, 1, 12, tzinfo=UTC))
    page.clock.pause_at(datetime(2026, 1, 1, 13, tzinfo=UTC))
    page.evaluate(
        """() => {
            const toast = document.createElement("p");
            Object.assign(toast.dataset, {behaviour: "toast", seconds: "2"});
            toast.className = "toast";
            toast.textContent = "Saved";
            toast.append(document.createElement("b"));
            toast.lastChild.dataset.countdown = "";
            document.querySelector("main").append(toast);
        }"""
    )
    toast = page.locator(".toast")
    expect(toast).to_contain_text("2 s")
    page.clock.run_for(1000)
    expect(toast).to_contain_text("1 s")
    page.clock.run_for(1300)
    expect(toast).to_have_count(0)
    leave(page.context)


def test_escape_shuts_the_menu_and_gives_focus_back(browser: Browser, sample_address: str) -> None:
    page, _ = open_page(browser, f"{sample_address}/wrong", "light", 360)
    page.locator(".menu > summary").click()
    page.locator(".menu a").first.focus()
    page.keyboard.press("Escape")
    expect(page.locator(".menu[open]")).to_have_count(0)
    expect(page.locator(".menu > summary")).to_be_focused()
    leave(page.context)
