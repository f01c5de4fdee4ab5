"""The sample pages in a real browser: nothing for axe, nothing sideways, the policy holds."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.look.site import PAGES

AXE = Path(__file__).parents[1] / "vendor/axe.min.js"
FINDINGS = "async () => (await axe.run()).violations.map(v => v.id + ': ' + v.nodes[0].html)"
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
    page.wait_for_load_state("networkidle")
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
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(FINDINGS) == []
    page.close()


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
    assert (f"Answer {status}" in page.locator("#place").inner_text()) is swapped
    page.close()


def test_a_toast_leaves_when_its_seconds_are_over(browser: Browser, sample_address: str) -> None:
    page, _ = open_page(browser, f"{sample_address}/wrong", "light", 360)
    page.evaluate(
        """() => {
            const toast = document.createElement("p");
            Object.assign(toast.dataset, {behaviour: "toast", seconds: "1"});
            toast.className = "toast";
            toast.textContent = "Saved";
            document.querySelector("main").append(toast);
        }"""
    )
    page.locator(".toast").wait_for(state="detached", timeout=4000)
    page.close()


def test_escape_shuts_the_menu_and_gives_focus_back(browser: Browser, sample_address: str) -> None:
    page, _ = open_page(browser, f"{sample_address}/wrong", "light", 360)
    page.locator(".menu > summary").click()
    page.locator(".menu a").first.focus()
    page.keyboard.press("Escape")
    assert page.locator(".menu[open]").count() == 0
    assert page.evaluate("() => document.activeElement.tagName") == "SUMMARY"
    page.close()
