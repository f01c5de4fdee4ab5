"""How soon markers stand on the page: Chromium against ``campaign serve`` on this machine."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median
from typing import Any

from campaign.commands.bench.served import served
from campaign.foundation.errors import Refused

VISITS = 7
PAGES = (("the country", "/events"), ("near London", "/events?near=51.51,-0.13&radius_km=25"))
# Noted by the page itself, from the moment the address was entered.
WATCH = """
new MutationObserver(() => {
  if (!window.markersAfter && document.querySelector(".map .pin, .map .cluster"))
    window.markersAfter = performance.now();
}).observe(document, { childList: true, subtree: true });
"""


def markers(folder: Path, database_url: str) -> list[tuple[str, float]]:
    """The median seconds until the first marker, of several fresh visits to each page."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise Refused("--browser needs Playwright: run `make install-tests`.") from None
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise Refused("--browser needs Chromium: sudo apt-get install -y chromium")
    with served(folder, database_url) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        # The first visit of each process reads every event; people come later.
        return [
            (name, _visits(browser, server.address + path)) for name, path in (PAGES[0], *PAGES)
        ][1:]


def _visits(browser: Any, address: str) -> float:
    seconds: list[float] = []
    for _ in range(VISITS):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(address)
        page.locator(".map .pin, .map .cluster").first.wait_for(state="attached")
        seconds.append(page.evaluate("() => window.markersAfter") / 1000)
        context.close()
    return median(seconds)
