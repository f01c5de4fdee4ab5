"""A cursor that was left in a field: the phone goes on with the room, and nobody's line is lost."""

import pytest
from playwright.sync_api import expect

from campaign.foundation.database import Database
from campaign.meetups.queries import rooms
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site, Walker, has_its_scripts
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey
MINUTE_MS = 60_000


def test_a_phone_with_its_cursor_in_a_line_goes_on_once_nobody_writes(
    site: Site, somebody: Walker
) -> None:
    database: Database = site.house.database
    with database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast, preset="meetup")
        batch = rooms.batch_of(db, meetup)
        key, _ = (a_participant(db, batch, name).key for name in ("Bea", "Tom"))
        move_to(db, batch, "strategy", cast.organiser.id, preset="meetup")
        code, organiser_id = meetup.code, cast.organiser.id
    page = somebody(viewport=PHONE)
    page.context.add_cookies([{"name": "meetup", "value": key, "url": f"{site.address}/m/{code}"}])
    page.clock.install()
    page.goto(f"/m/{code}/sheet")
    page.get_by_role("button", name="I’ll write").click()
    line = page.locator("#text")
    expect(line).to_be_visible()
    has_its_scripts(page)
    line.fill("Ring both blocks before the vote")
    with database.unit_of_work() as db:
        move_to(
            db,
            rooms.batch_of(db, rooms.meetup_by_code(db, code)),
            "ask",
            organiser_id,
            preset="meetup",
        )
    # Somebody who has just written a letter keeps their page.
    with page.expect_response(lambda one: "/state" in one.url and one.status == 200):
        page.clock.fast_forward(6_000)
    expect(line).to_be_focused()
    assert page.url.endswith("/sheet") or "/sheet?" in page.url
    # The cursor still stands there; a minute later the phone has gone on.
    page.clock.fast_forward(MINUTE_MS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Will you host one?")
