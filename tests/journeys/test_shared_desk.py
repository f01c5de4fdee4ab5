"""A laptop that helpers share holds the desk: nobody is signed in on it, in a real browser."""

import pytest
from playwright.sync_api import expect

from campaign.foundation.database import Database
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.queries import rooms
from campaign.people import operations as people
from tests.cast import call_the_cast
from tests.journeys.conftest import DESK, Site, Walker, stands_still
from tests.meetups.making import a_meetup, a_participant, accepted, move_to

pytestmark = pytest.mark.journey


def test_a_second_browser_runs_the_desk_by_a_link_until_it_is_taken_back(
    site: Site, database: Database, somebody: Walker
) -> None:
    with database.unit_of_work() as db:
        cast = call_the_cast(db)
        code = a_meetup(db, cast, publishes="desk").code
        meetup = rooms.meetup_by_code(db, code)
        assert meetup is not None
        batch = rooms.batch_of(db, meetup)
        joined = [a_participant(db, batch, name) for name in ("Bea", "Tom")]
        batch = move_to(db, batch, "local", cast.organiser.id)
        accepted(db, batch, joined[0].participant)
        key = people.write_link(db, email=cast.organiser.email, next_path=f"/m/{code}/desk")
        batch_id, meetup_id = batch.id, meetup.id
    organiser, laptop = somebody(viewport=DESK), somebody(viewport=DESK)
    organiser.goto(f"/sign-in/{key}")
    organiser.get_by_role("button", name="Yes, sign me in").click()
    organiser.get_by_role("button", name="Open the desk on another device").click()
    expect(organiser.get_by_role("img", name="The link as a code for a camera")).to_be_visible()
    link = organiser.get_by_label("The link", exact=True).input_value()
    laptop.goto(link)
    laptop.get_by_label("What is this device?").fill("Laptop at the door")
    laptop.get_by_role("button", name="Open the desk here").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("The desk")
    # The organiser's page hears of it by itself, and the link is gone from it.
    expect(organiser.get_by_text("Laptop at the door").first).to_be_visible()
    expect(organiser.get_by_label("The link", exact=True)).to_have_count(0)
    laptop.get_by_role("button", name="Publish, table 1").click()
    expect(laptop.get_by_role("link", name="Look at it, table 1")).to_be_visible()
    with database.reading() as db:
        before = db.get_one(Batch, batch_id).ends_at
    with laptop.expect_response(lambda answer: answer.url.endswith("/desk/extend")):
        laptop.get_by_role("button", name="2 minutes more").click()
    stands_still(laptop)  # the page has heard it, too: nothing is on its way any more
    laptop.get_by_role("link", name="The door, and slips").click()
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Bring somebody in")
    with database.reading() as db:
        after = db.get_one(Batch, batch_id).ends_at
        assert before is not None
        assert after is not None
        assert (after - before).total_seconds() == 120
        assert db.get_one(Meetup, meetup_id).publishes == "desk"
    laptop.goto(f"/m/{code}/desk/people")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Your email is your key")
    laptop.goto(f"/m/{code}/desk")
    organiser.goto(f"/m/{code}/desk")
    organiser.get_by_role("button", name="Take back: Laptop at the door").click()
    closed = "The desk is closed on this device"
    expect(laptop.get_by_role("heading", level=1)).to_have_text(closed)
