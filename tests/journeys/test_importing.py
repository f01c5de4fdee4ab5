"""A list comes in before one's eyes: how far it is, also after a reload; the way to stop."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import staging, working
from campaign.phonebanks.operations.working import bringing, jobs
from campaign.phonebanks.tasks import shop_of
from tests.journeys.conftest import DESK, PHONE, Site, Walker
from tests.journeys.test_calling import start_phonebank
from tests.journeys.test_organising import found_group
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey

MANY, LONG = 3_000, 60


class SlowWorker:
    """A worker that rests at one point until it may go on."""

    def __init__(self, site: Site, *, step: str, behind: int = 0) -> None:
        self._shop = shop_of(site.house.database, site.house.settings)
        self._rests, self._go_on = threading.Event(), threading.Event()
        self._at = (step, behind)
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> SlowWorker:
        self._thread.start()
        assert self._rests.wait(LONG)
        return self

    def __exit__(self, *_: object) -> None:
        self._go_on.set()
        self._thread.join(LONG)

    def _work(self) -> None:
        working.work_off(self._shop, watch=self._watch)
        self._rests.set()

    def _watch(self, step: str, _done: int, rows: int) -> None:
        # Rests at the word after, when the row already says how far it is.
        if self._rests.is_set() or step != self._at[0] or rows <= self._at[1]:
            return
        self._rests.set()
        self._go_on.wait(LONG)


@pytest.fixture(autouse=True)
def in_small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "PORTION", 500)
    monkeypatch.setattr(bringing, "PORTION", 500)
    monkeypatch.setattr(jobs, "EVERY", 0.0)


def write_list(path: Path) -> Path:
    rows = "".join(f"{n},Amina,Kay{n},07700 900{n:03},yes\n" for n in range(1_000))
    more = "".join(f"{n},Bilal,Osei{n},01632 960{n - 1_000:03},\n" for n in range(1_000, 2_000))
    rest = "".join(f"{n},Carys,Moss{n},0113 496 0{n - 2_000:03},no\n" for n in range(2_000, MANY))
    path.write_text("Id,First name,Surname,Mobile,OK to ring\n" + rows + more + rest)
    return path


def give(page: Page, bank: str, file: Path) -> None:
    page.goto(f"/phonebanks/{bank}/import")
    page.get_by_label("The file (CSV)").set_input_files(file)
    page.get_by_label("Where do these people come from?").fill("Petition stall")
    page.get_by_label("When was it collected?").fill(f"{clock.now():%Y-%m-%d}")
    page.get_by_role("group", name="Why may you ring them?").get_by_role("radio").first.check()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading the file")


def people(site: Site) -> int:
    with site.house.database.reading() as db:
        query = select(func.count()).select_from(Contact).join(Contact.phonebank)
        return db.scalar(query.where(~Phonebank.is_practice)) or 0


@pytest.mark.parametrize("script", [True, False])
def test_a_list_is_watched_stopped_and_brought_in(
    site: Site, somebody: Walker, tmp_path: Path, script: bool
) -> None:
    desk = somebody(viewport=DESK)
    sign_in(desk, site, "maeve@people.example", name="Maeve Copley")
    found_group(desk, "Fair Rents Kemptown", "BN2 1TL")
    bank = start_phonebank(desk, "Come to the vote")
    file = write_list(tmp_path / "people.csv")
    page = somebody(viewport=PHONE, script=script)
    sign_in(page, site, "maeve@people.example", name="Maeve Copley")
    give(page, bank, file)

    with SlowWorker(site, step="reading", behind=1_000):
        page.reload()
        expect(page.get_by_text("1,000 rows read")).to_be_visible()
        expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the file holds")
    expect(page.get_by_text(f"of {MANY:,} rows can come in")).to_be_visible()

    page.get_by_role("button", name="Bring in 3,000 people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bringing people in")
    with SlowWorker(site, step="numbers", behind=0):
        page.get_by_role("button", name="Stop and change nothing").click()
        expect(page.get_by_text("Nobody was brought in")).to_be_visible()
    assert people(site) == 0

    give(page, bank, file)
    working.work_off(shop_of(site.house.database, site.house.settings))  # clears away
    site.house.queue.tick()
    expect(page.get_by_role("heading", level=1)).to_have_text("What the file holds")
    page.get_by_role("button", name="Bring in 3,000 people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bringing people in")
    site.house.queue.tick()
    expect(page.get_by_role("heading", level=1)).to_have_text("What came in")
    assert people(site) == MANY
