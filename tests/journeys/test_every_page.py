"""Every page of the table, with the demo in it: axe, the console, sideways scrolling."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from campaign.app import open_house
from campaign.commands.demo import build
from campaign.foundation.database import Database
from campaign.foundation.settings import load
from tests.conftest import KEY
from tests.every_page import PAGES, WIDTHS
from tests.journeys.conftest import Site, complaints_of_axe, leave, serve, watch
from tests.page_parts import parts, phones

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def demo_site(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, places_dir: Path
) -> Iterator[tuple[Site, dict[str, str]]]:
    """The demo campaign on SQLite, served: what a page looks like does not hang on the database."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copy(places_dir / "places.sqlite", folder)
    shutil.copy(sqlite_template, folder / "demo.db")
    settings = load({}, environment="testing", data_dir=folder, secret_key=KEY, suppression_key=KEY)
    database = Database(f"sqlite:///{folder}/demo.db")
    build(open_house(settings, database), seed=2026)
    for site in serve(settings, database):
        yield site, parts(site.house)
    database.dispose()


SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.timeout(1500)  # more than a hundred pages, three widths each
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_and_nothing_scrolls_sideways(
    demo_site: tuple[Site, dict[str, str]], browser: Browser, scheme: str
) -> None:
    site, named = demo_site
    trouble: list[str] = []
    for who in sorted({page.who for page in PAGES}):
        context = browser.new_context(
            base_url=site.address,
            color_scheme=scheme,  # type: ignore[arg-type]
        )
        context.add_cookies(phones(named, "127.0.0.1"))  # type: ignore[arg-type]
        page = context.new_page()
        watch(page, site.address, trouble)
        page.goto("/")
        if who:
            with page.expect_navigation():
                page.locator(f"button[value='{who}@demo.example']").first.click()
        for path in (one.address.format(**named) for one in PAGES if one.who == who):
            answer = page.goto(path)
            assert answer is not None
            assert answer.status < 400, f"{path} for {who or 'nobody'}: {answer.status}"
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 800})
                trouble += [f"{path} at {width}: {found}" for found in complaints_of_axe(page)]
                if page.evaluate(SIDEWAYS):
                    trouble.append(f"{path} scrolls sideways at {width}")
        leave(context)
    assert trouble == [], "\n".join(trouble)
