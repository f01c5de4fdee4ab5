"""Slips as the printer gives them, on A4: nothing that stands on one is cut off."""

import pytest
from playwright.sync_api import expect

from campaign.foundation import clock
from campaign.meetups.operations import joining
from campaign.meetups.queries import rooms
from campaign.people import operations as people
from tests.cast import call_the_cast
from tests.journeys.conftest import Site, Walker
from tests.meetups.making import HANOVER, a_meetup

pytestmark = pytest.mark.journey
# What is left of A4 between its margins, in pixels of a page.
A4 = {"width": 703, "height": 1032}
IMPRINT = (
    " Published by Rosa Whitlock for Fair Rents, 14 Example Street, Brighton BN1 0AA (made up)."
)
CUT_OFF = "all => all.filter((slip) => slip.scrollHeight > slip.clientHeight + 1).length"


def test_a_slip_from_the_doors_bears_all_its_words_and_the_whole_imprint(
    site: Site, somebody: Walker
) -> None:
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast)
        batch = rooms.batch_of(db, meetup)
        for name in ("Otis", "Maximiliana"):
            joining.bring_in(
                db, batch=batch, name=name, where=HANOVER, now=clock.now(), actor_id=1, initial="K"
            )
        key = people.write_link(
            db, email=cast.organiser.email, next_path=f"/m/{meetup.code}/door/slips"
        )
    page = somebody(viewport=A4)
    page.goto(f"/sign-in/{key}")
    page.get_by_role("button", name="Yes, sign me in").click()
    page.emulate_media(media="print")
    slips = page.locator(".slips li")
    expect(slips).to_have_count(2)
    slips.locator(".slip-small").evaluate_all(
        "(all, imprint) => all.forEach((one) => (one.textContent += imprint))", IMPRINT
    )
    assert slips.evaluate_all(CUT_OFF) == 0
