"""The dots of a phone are counted as they are ticked."""

import pytest
from playwright.sync_api import expect

from campaign.foundation import clock
from campaign.meetups.operations import sheets
from campaign.meetups.queries import rooms
from campaign.meetups.rules.sheets import Line
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site, Walker, complaints_of_axe, has_its_scripts
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey
WORDS = (
    "You have three dots", "Two dots left", "One dot left", "All three are given",
    "Too many: take one back",
)  # fmt: skip


def test_each_dot_that_is_ticked_is_one_less_to_give(site: Site, somebody: Walker) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        names = [f"Number{n}" for n in range(1, 17)]
        key, *_ = (a_participant(db, batch, name).key for name in names)
        move_to(db, batch, "strategy", cast.organiser.id, preset="meetup")
        for _, writer in {one.strategy_id: one for one in rooms.present(db, batch.id)}.items():
            sheets.hold_pen(db, batch=batch, person=writer)
            for position in (1, 2):
                sheets.write_proposal(
                    db, batch=batch, person=writer, position=position,
                    line=Line(f"An idea of {writer.name}, number {position}"), now=clock.now(),
                )  # fmt: skip
        move_to(db, batch, "report_back", cast.organiser.id, preset="meetup")
        code = meetup.code
    page = somebody(viewport=PHONE)
    page.context.add_cookies([{"name": "meetup", "value": key, "url": f"{site.address}/m/{code}"}])
    page.goto(f"/m/{code}")
    has_its_scripts(page)
    ideas, said = page.locator(".vote"), page.locator(".dots-left b")
    expect(ideas).to_have_count(4)
    for given, words in enumerate(WORDS):
        expect(said).to_have_text(words)
        expect(page.locator(".dots-left .seats i.on")).to_have_count(min(3, given))
        if given < 4:
            ideas.nth(given).click()
    ideas.first.click()
    expect(said).to_have_text("All three are given")
    assert complaints_of_axe(page) == []
    page.get_by_role("button", name="Give my dots").click()
    expect(page.get_by_role("button", name="Change my dots")).to_be_visible()
    expect(said).to_have_text("All three are given")
