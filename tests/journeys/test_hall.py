"""A hall without internet, in a real browser: a phone comes by plain http over its own network."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.meetups.queries import rooms
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site, has_its_scripts, leave, serve, watch
from tests.meetups.making import a_meetup, a_participant, move_to

pytestmark = pytest.mark.journey


@pytest.fixture
def hall(settings: Settings, database: Database, places_dir: object) -> Iterator[Site]:
    """The site in a hall whose network is another address of this machine."""
    del places_dir
    yield from serve(replace(settings, hall_network="127.0.0.2/32"), database, host="0.0.0.0")


def test_a_phone_joins_and_taps_over_the_hall_and_nothing_else_is_asked(
    hall: Site, browser: Browser
) -> None:
    with hall.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        meetup = a_meetup(db, cast)
        code, batch_id = meetup.code, rooms.batch_of(db, meetup).id
    address = hall.address.replace("127.0.0.1", "127.0.0.2")
    context = browser.new_context(base_url=address, viewport=PHONE)  # type: ignore[arg-type]
    # What a browser has over https and on loopback, and not over plain http in a hall.
    context.add_init_script("delete Crypto.prototype.randomUUID;")
    phone, trouble = context.new_page(), list[str]()
    watch(phone, address, trouble)
    phone.goto(f"/m/{code}")
    phone.locator("#name").fill("Bea")
    phone.locator("[name=reach], [name=email]").first.fill("bea@people.example")
    phone.locator("[name=hold]").check()
    phone.get_by_role("button", name="Join").click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("You’re in, Bea.")
    has_its_scripts(phone)
    phone.get_by_role("button", name="Yes, I could host").click()
    expect(phone.get_by_text("You said you could host.")).to_be_visible()
    (cookie,) = context.cookies()
    assert (cookie["name"], cookie["path"], cookie["httpOnly"]) == ("meetup", f"/m/{code}", True)
    # The evening goes on, and the phone with it; the projector shows the laptop's address.
    with hall.house.database.unit_of_work() as db:
        batch = rooms.batch_of(db, rooms.meetup_by_code(db, code))
        a_participant(db, batch, "Tom")
        move_to(db, batch, "plenary", cast.organiser.id)
    expect(phone.get_by_text("Look up.")).to_be_visible()
    phone.goto(f"/m/{code}/screen")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Welcome.")
    with hall.house.database.reading() as db:
        assert rooms.present(db, batch_id)[0].willing == "host"
    answer = phone.goto("/sign-in")
    assert answer is not None
    assert answer.status == 403
    expect(phone.get_by_text("Over the hall’s own network")).to_be_visible()
    leave(context)
    assert trouble == []
