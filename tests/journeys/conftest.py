"""A site that really serves, and a real browser that complains of what a person would not see."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request
from werkzeug.serving import make_server

from campaign.app import create_app
from campaign.foundation.carriers import Letter, MemoryCarrier
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.foundation.web import House

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}


@dataclass
class Site:
    """A running site."""

    address: str
    house: House

    @property
    def letters(self) -> list[Letter]:
        """Every letter sent so far, newest last: the worker's work is done first."""
        self.house.queue.tick()
        assert isinstance(self.house.carrier, MemoryCarrier)
        return self.house.carrier.letters


@pytest.fixture
def site(settings: Settings, database: Database, places_dir: Path) -> Iterator[Site]:
    """The site on a free port, on each database in turn."""
    shutil.copy(places_dir / "places.sqlite", settings.data_dir)
    yield from serve(settings, database)


def serve(settings: Settings, database: Database, *, host: str = "127.0.0.1") -> Iterator[Site]:
    """Serve in a thread until the test is over."""
    server = make_server(host, 0, _late, threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    app: Flask = create_app(replace(settings, base_url=address), database)
    server.app = app
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Site(address, app.extensions["campaign"])
    server.shutdown()
    thread.join(timeout=10)
    server.server_close()


def _late(*_: object) -> list[bytes]:
    raise RuntimeError("the application is not there yet")


Walker = Callable[..., Page]


@pytest.fixture
def somebody(browser: Browser, site: Site) -> Iterator[Walker]:
    """Call it for a page in a browser of its own; trouble in any of them fails the test."""
    contexts: list[BrowserContext] = []
    trouble: list[str] = []

    def open_browser(*, viewport: dict[str, int] = PHONE, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=site.address,
            viewport=viewport,  # type: ignore[arg-type]
            java_script_enabled=script,
        )
        contexts.append(context)
        page = context.new_page()
        watch(page, site.address, trouble)
        page.set_default_timeout(8000)
        return page

    yield open_browser
    for context in contexts:
        context.close()
    assert trouble == []


def watch(page: Page, address: str, trouble: list[str]) -> None:
    """Note what must not happen: complaints in the console, requests to other hosts."""

    def asked(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")):
            trouble.append(f"request to {request.url}")

    page.on("request", asked)
    page.on("pageerror", lambda error: trouble.append(f"script error: {error}"))
    page.on(
        "console",
        lambda message: (
            trouble.append(f"console: {message.text}")
            if message.type == "error" and "status of 4" not in message.text
            else None
        ),
    )


def complaints_of_axe(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
