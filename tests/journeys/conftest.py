"""A site that really serves, and a real browser that complains of what a person would not see."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect
from werkzeug.serving import make_server

from campaign.app import create_app
from campaign.foundation.carriers import Letter, MemoryCarrier
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.foundation.web import House

AXE = Path(__file__).parent.parent / "vendor" / "axe.min.js"
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1280, "height": 900}
# What is waited for comes at once on a quick machine; a busy one has this long.
PATIENCE_MS = 30_000
expect.set_options(timeout=PATIENCE_MS)


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
        page.set_default_timeout(PATIENCE_MS)
        return page

    yield open_browser
    for context in contexts:
        leave(context)
    assert trouble == []


@pytest.fixture
def bad_line(browser: Browser, site: Site) -> Iterator[Page]:
    """A browser of its own: going offline is what the others must never see in their console."""
    context = browser.new_context(base_url=site.address, viewport=PHONE)  # type: ignore[arg-type]
    yield context.new_page()
    leave(context)


def leave(context: BrowserContext) -> None:
    """Close the pages of somebody's browser. Chromium seldom never answers that it has: then they
    go with it at the end, and the walk, which is over, does not hang on it."""
    with contextlib.suppress(TimeoutError):
        context._sync(asyncio.wait_for(context._impl_obj.close(reason=None), PATIENCE_MS / 1000))


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


# The same modules that the page asks for: each has been given its elements once it answers here.
SCRIPTS = """async () => {
  const index = document.querySelector("script[type=module][src*='/behaviours/index.js']").src;
  await import(index);
  const all = [...document.querySelectorAll("[data-behaviour]")];
  const named = all.map((one) => one.dataset.behaviour).join(" ").split(/\\s+/);
  const names = new Set(named.filter(Boolean));
  await Promise.all([...names].map((name) => import(new URL(`./${name}.js`, index))));
  await new Promise((done) => setTimeout(done));
}"""
# Nothing moves any more but what moves for ever; what was asked for is drawn. Where a browser draws
# nothing for five seconds, there is nothing to wait for.
STILL = """() => {
  const ends = (one) => Number.isFinite(one.effect?.getComputedTiming().endTime);
  const runs = (one) => one.playState === "running" && ends(one);
  const still = async () => {
    await document.fonts.ready;
    await Promise.allSettled(document.getAnimations().filter(runs).map((one) => one.finished));
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  };
  return Promise.race([still(), new Promise((done) => setTimeout(done, 5000))]);
}"""


def has_its_scripts(page: Page) -> None:
    """Wait until every behaviour of the page is there, which a quick hand would not."""
    page.wait_for_load_state("load")
    page.evaluate(SCRIPTS)


def stands_still(page: Page) -> None:
    """Wait until places and colours on the page are what they stay."""
    page.evaluate(STILL)


def toasts_stay(page: Page) -> None:
    """On pages that come from now on: whoever presses what a toast offers is not too late."""
    page.add_init_script("""{
      const every = window.setInterval;
      window.setInterval = (act, ms, ...more) => (ms === 1000 ? 0 : every(act, ms, ...more));
    }""")


def offline(page: Page, gone: bool = True) -> None:
    """Cut the network of the page's browser, or give it back; the page knows."""
    page.context.set_offline(gone)
    page.wait_for_function("(gone) => navigator.onLine !== gone", arg=gone)


def becomes(page: Page, read: Callable[[], object], wanted: object) -> None:
    """Wait until what is read is as wanted: what a page sends may be on its way."""
    until = time.monotonic() + PATIENCE_MS / 1000
    while (found := read()) != wanted and time.monotonic() < until:
        page.wait_for_timeout(50)
    assert found == wanted


def complaints_of_axe(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands."""
    stands_still(page)
    if page.evaluate("() => !window.axe"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {one['help']}: {node['html'][:160]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
