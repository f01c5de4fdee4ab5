"""At the door who signed up is found while one types, and brought in; without a script, too."""

import re

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.meetups.models import Participant
from campaign.people import operations as people
from tests.cast import call_the_cast
from tests.journeys.conftest import DESK, Site, Walker, has_its_scripts, leave, offline
from tests.meetups.expecting import an_evening

pytestmark = pytest.mark.journey
NAMES = ("Ann Barnes", "Anton Weir", "Bob Carr", "Zoë Young")


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_is_found_brought_in_and_taken_back(
    site: Site, database: Database, somebody: Walker, scripts: bool
) -> None:
    with database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup, _ = an_evening(db, cast, *NAMES)
        address = f"/m/{meetup.code}/door/list"
        key = people.write_link(db, email=cast.organiser.email, next_path=address)
    door = somebody(viewport=DESK, script=scripts)
    door.goto(f"/sign-in/{key}")
    door.get_by_role("button", name="Yes, sign me in").click()
    expect(door.get_by_text("0 of 4 who signed up are here")).to_be_visible()
    field = door.get_by_role("searchbox", name="Find a first name or a ticket")
    field.fill("zoe")
    if not scripts:
        door.get_by_role("button", name="Find", exact=True).click()
    expect(door.get_by_role("button", name="They are here: Ann B.")).to_be_hidden()
    door.get_by_role("button", name="They are here: Zoë Y.").click()
    expect(door.get_by_text("Zoë Y. is number")).to_be_visible()
    expect(door.get_by_text("1 of 4 who signed up is here")).to_be_visible()
    expect(door.get_by_text(re.compile("here, number 1"))).to_be_visible()
    door.get_by_role("button", name="That was a mistake").click()
    expect(door.get_by_text("Zoë Y. is not in the hall.")).to_be_visible()
    with database.reading() as db:
        assert db.scalar(select(func.count(Participant.id))) == 0


def test_a_tap_without_a_connection_is_sent_when_there_is_one_and_once(
    site: Site, database: Database, browser: Browser
) -> None:
    with database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup, _ = an_evening(db, cast, *NAMES)
        address = f"/m/{meetup.code}/door/list"
        key = people.write_link(db, email=cast.organiser.email, next_path=address)
    # A browser of its own: going offline is what the others must never see in their console.
    context = browser.new_context(base_url=site.address, viewport=DESK)  # type: ignore[arg-type]
    door = context.new_page()
    door.goto(f"/sign-in/{key}")
    door.get_by_role("button", name="Yes, sign me in").click()
    button = door.get_by_role("button", name="They are here: Ann B.")
    expect(button).to_be_visible()
    has_its_scripts(door)
    offline(door)
    button.click()
    button.dispatch_event("click")
    expect(door.get_by_text("No connection. What you tapped")).to_be_visible()
    offline(door, False)
    expect(door.get_by_text("Ann B. is number")).to_be_visible()
    with database.reading() as db:
        assert db.scalar(select(func.count(Participant.id))) == 1
    leave(context)
