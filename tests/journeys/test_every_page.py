"""Every page of the route list, with the demo in it: axe, the console, sideways scrolling."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser

from campaign.app import create_app, open_house
from campaign.commands.demo import build
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from tests.conftest import KEY
from tests.journeys.conftest import Site, complaints_of_axe, serve, watch

pytestmark = pytest.mark.journey

# What a part of an address stands for in the demo, and pages that are no pages.
NO_PAGES = re.compile(r"\.(js|css|png|ics|csv|geojson|json)$|^/health|^/static|^/tiles|/rsvps/")
WHO = {
    "organiser@demo.example": ("/phonebanks/", "/groups/new", "/events/new", "/me", "/roster"),
    "caller@demo.example": ("/call", "/agree"),
}


@pytest.fixture(scope="module")
def demo_site(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, places_dir: Path
) -> Iterator[tuple[Site, Flask]]:
    """The demo campaign on SQLite, served: what a page looks like does not hang on the database."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(places_dir / "places.sqlite", folder)
    shutil.copy(sqlite_template, folder / "demo.db")
    settings = load({}, environment="testing", data_dir=folder, secret_key=KEY, suppression_key=KEY)
    database = Database(f"sqlite:///{folder}/demo.db")
    build(open_house(settings, database), seed=2026)
    for site in serve(settings, database):
        yield site, create_app(settings, database)
    database.dispose()


def addresses(app: Flask, site: Site) -> list[str]:
    """Every address of a page that a GET shows, its parts filled from the demo."""
    with site.house.database.reading() as db:
        from campaign.events.models import Event

        event = db.query(Event).filter_by(kind="meetup").one().public_id
    found = []
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or NO_PAGES.search(rule.rule):
            continue
        path = rule.rule.replace("<slug>", "brighton")
        given = "demo-calls" if path.startswith("/phonebanks") else event
        path = re.sub(r"<(string:)?public_id>", given, path)
        if "<" not in path:
            found.append(path)
    return sorted(found)


def person_for(path: str) -> str | None:
    """Who is to look at a page; the first that fits, nobody for public ones."""
    for email, parts in reversed(WHO.items()):
        if any(part in path for part in parts):
            return email
    return None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 768, 1280])
def test_axe_finds_nothing_on_any_page_and_nothing_scrolls_sideways(
    demo_site: tuple[Site, Flask], browser: Browser, width: int, scheme: str
) -> None:
    site, app = demo_site
    trouble: list[str] = []
    for email in (None, *WHO):
        context = browser.new_context(
            base_url=site.address,
            viewport={"width": width, "height": 800},
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        page = context.new_page()
        watch(page, site.address, trouble)
        page.goto("/")
        if email:
            page.locator(f"button[value='{email}']").click()
        for path in addresses(app, site):
            if person_for(path) != email:
                continue
            answer = page.goto(path)
            assert answer is not None
            assert answer.status < 400, f"{path} for {email}: {answer.status}"
            trouble += [f"{path}: {found}" for found in complaints_of_axe(page)]
            wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            if page.evaluate(wide):
                trouble.append(f"{path} scrolls sideways at {width}")
        context.close()
    assert trouble == []
