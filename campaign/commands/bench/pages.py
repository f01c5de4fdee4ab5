"""How soon markers stand on the page: Chromium against ``campaign serve`` on this machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from statistics import median
from typing import Any

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
    with _served(folder, database_url) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        # The first visit of each process reads every event; people come later.
        return [(name, _visits(browser, address + path)) for name, path in (PAGES[0], *PAGES)][1:]


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


@contextmanager
def _served(folder: Path, database_url: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = os.environ | {
        "CAMPAIGN_ENVIRONMENT": "development",
        "CAMPAIGN_DATA_DIR": str(folder),
        "CAMPAIGN_DATABASE_URL": database_url,
        "CAMPAIGN_BASE_URL": address,
    }
    serve = [sys.executable, "-m", "campaign", "serve", "--no-work", "--port", str(port)]
    server = subprocess.Popen(serve, env=environment)  # noqa: S603 (our own command)
    try:
        _wait(port)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(100):
        with suppress(OSError):
            asked = HTTPConnection("127.0.0.1", port, timeout=2)
            asked.request("GET", "/health/live")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise Refused("The server did not start.")
