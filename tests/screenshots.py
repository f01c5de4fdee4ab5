"""Photographs every page into ``screenshots/``: ``make screenshots``.

With the demo and on an empty installation, on a phone, a tablet, a desk (and a projector), light
and dark. Says which pages scroll sideways or answer with an error; exits with 1 where any do.
"""

from __future__ import annotations

import logging
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from campaign import registry  # noqa: F401 (its import makes every table known)
from campaign.app import open_house
from campaign.commands.demo import build
from campaign.foundation import schema
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from campaign.people import operations as people
from campaign.people.rules import Role
from campaign.places.loading import load_places
from tests.conftest import CHROMIUM_ARGUMENTS, KEY
from tests.every_page import PAGES, Page
from tests.house.tree import ROOT
from tests.journeys.conftest import Site, serve
from tests.page_parts import parts, phones

OUT = ROOT / "screenshots"
SCHEMES = ("light", "dark")
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
FIRST = "admin@demo.example"


@contextmanager
def installation(folder: Path, *, demo: bool) -> Iterator[Site]:
    """A site of its own, with the demo or with nothing but one account."""
    settings = load({}, environment="testing", data_dir=folder, secret_key=KEY, suppression_key=KEY)
    database = Database(f"sqlite:///{folder}/{'demo' if demo else 'empty'}.db")
    schema.upgrade(database)
    if demo:
        build(open_house(settings, database), seed=2026)
    else:
        with database.unit_of_work() as db:
            first = people.meet(db, email=FIRST, name="Max Orr")
            people.grant(db, person=first, role=Role.ADMINISTRATOR)
    yield from serve(settings, database)
    database.dispose()


def sign_in(context: BrowserContext, site: Site, email: str) -> None:
    """By a link, as people do: an empty installation has no "sign in as"."""
    with site.house.database.unit_of_work() as db:
        key = people.write_link(db, email=email)
    page = context.new_page()
    page.goto(f"/sign-in/{key}")
    page.locator("main form button").first.click()
    page.wait_for_load_state()
    page.close()


def photograph(browser: Browser, site: Site, pages: list[Page], folder: Path) -> Iterator[str]:
    """Every page at each of its widths, light and dark; answers what is wrong."""
    named = parts(site.house) if any(page.of_demo for page in pages) else {}
    for who in sorted({page.who for page in pages}):
        for scheme in SCHEMES:
            context = browser.new_context(
                base_url=site.address,
                color_scheme=scheme,  # type: ignore[arg-type]
            )
            context.add_cookies(phones(named, "127.0.0.1"))  # type: ignore[arg-type]
            if who:
                sign_in(context, site, f"{who}@demo.example" if named else FIRST)
            for page in (page for page in pages if page.who == who):
                yield from _shoot(context, page, page.address.format(**named), scheme, folder)
            context.close()


def _shoot(
    context: BrowserContext, page: Page, address: str, scheme: str, folder: Path
) -> Iterator[str]:
    tab = context.new_page()
    for width in page.widths:
        tab.set_viewport_size({"width": width, "height": 900})
        answer = tab.goto(address)
        tab.wait_for_timeout(300)
        name = re.sub(r"[^a-z0-9]+", "-", page.address.lower()).strip("-") or "front"
        who = page.who or "nobody"
        tab.screenshot(path=folder / f"{name}--{who}-{width}-{scheme}.png", full_page=True)
        if answer is None or answer.status >= 400:
            yield f"{address} as {who}: {answer.status if answer else 'no answer'}"
        elif tab.evaluate(SIDEWAYS):
            yield f"{address} as {who} scrolls sideways at {width}"
    tab.close()


def main() -> int:
    """Photograph all; 1 where something is wrong."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        sys.stderr.write("This needs Chromium: sudo apt-get install -y chromium\n")
        return 1
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        load_places(Path(scratch))
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        for name, demo in (("demo", True), ("empty", False)):
            folder = OUT / name
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            pages = [page for page in PAGES if demo or not page.of_demo]
            with installation(Path(scratch), demo=demo) as site:
                wrong += [f"{name}: {one}" for one in photograph(browser, site, pages, folder)]
            sys.stdout.write(f"{len(list(folder.iterdir()))} pictures in {folder}\n")
        browser.close()
    sys.stdout.writelines(f"NOT  {one}\n" for one in wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
