"""The whole story: a hall, three phones, a card that becomes an event, and a call on Saturday."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import DESK, PHONE, Site, Walker, complaints_of_axe, has_its_scripts
from tests.journeys.test_calling import (
    bring_in,
    claim_and_reveal,
    practise_and_agree,
    start_phonebank,
    turn_to,
    write_list,
    write_script,
)
from tests.journeys.test_organising import choose, found_group
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey

THURSDAY = datetime(2026, 11, 26, 18, 50, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 28, 11, 5, tzinfo=UTC)
SCREEN = {"width": 1920, "height": 1080}


@pytest.fixture(autouse=True)
def thursday_evening(site: Site) -> None:
    turn_to(THURSDAY)


def announce_meetup(page: Page) -> None:
    page.goto("/events/new")
    page.get_by_text("Other kinds").click()
    choose(page, "Campaign meetup")
    page.get_by_label("or another day").fill("2026-11-26")
    choose(page, "19:00")
    page.get_by_label("Name of the place, the street, or the link").fill("Trinity Hall")
    page.get_by_label("Postcode or town").fill("BN1 1EE")
    page.get_by_label("Title").fill("Brighton campaign meetup")
    page.get_by_role("button", name="Publish event").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Brighton campaign meetup")


def open_room(page: Page) -> str:
    """From the event's page to the desk; answers the six letters."""
    page.get_by_role("link", name="Run the meetup").click()
    choose(page, "45 minutes")
    page.get_by_label("Which phonebank do the sessions ring for?").select_option(
        label="Come to the vote"
    )
    page.get_by_role("button", name="Open the room").click()
    expect(page.get_by_role("heading", level=1, name="The desk")).to_be_visible()
    return re.search(r"/m/([A-Z]{6})/desk", page.url)[1]


def join(page: Page, code: str, name: str, reach: str, postcode: str = "BN2 9QA") -> None:
    page.goto(f"/m?code={code}")
    page.get_by_label("First name", exact=True).fill(name)
    page.get_by_label("Initial").fill("M")
    page.get_by_label("Postcode or town").fill(postcode)
    page.get_by_label("Mobile, email, or both").fill(reach)
    for tick in ("hold", "contact", "names"):
        page.locator(f"input[type=checkbox][name={tick}]").check()
    page.get_by_role("button", name="Join the meetup").click()
    expect(page.get_by_role("heading", level=1, name=f"You’re in, {name}.")).to_be_visible()


def go_on(desk: Page, to: str) -> None:
    desk.get_by_role("button", name=to).click()


def fill_card(page: Page) -> None:
    """What, when and where, each one tap that is kept at once."""
    expect(page.get_by_text("0 of 6 done")).to_be_visible()
    has_its_scripts(page)
    for tap, dots in (("Phonebank", 1), ("Sat28", 2), ("11:00", 3)):
        # The radio lies under its chip: the chip is what a thumb meets.
        page.locator("label.chip", has_text=re.compile(f"^{tap}$")).click()
        expect(page.get_by_text(f"{dots} of 6 done")).to_be_visible()
    page.get_by_text("Another place, another time").click()
    page.get_by_label("Name of the place").fill("Hanover Centre")
    page.get_by_label("Its postcode").fill("BN2 9QA")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("4 of 6 done")).to_be_visible()


def prepare(organiser: Page, site: Site, folder: Path) -> str:
    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")
    found_group(organiser, "Fair Rents Kemptown", "BN2 1TL")
    bank = start_phonebank(organiser, "Come to the vote")
    write_script(organiser, bank)
    bring_in(organiser, site, bank, write_list(folder / "people.csv"))
    organiser.goto(f"/phonebanks/{bank}/setup")
    organiser.get_by_role("button", name="Open the phonebank").click()
    expect(organiser.get_by_text("It is open. Callers can begin.")).to_be_visible()
    return bank


def test_a_hall_plans_a_session_and_on_saturday_somebody_rings(
    site: Site, somebody: Walker, tmp_path: Path
) -> None:
    desk = somebody(viewport=DESK)
    bank = prepare(desk, site, tmp_path)
    announce_meetup(desk)
    code = open_room(desk)
    screen = somebody(viewport=SCREEN)
    screen.goto(f"/m/{code}/screen")
    expect(screen.get_by_role("heading", level=1, name="Come in.")).to_be_visible()

    bea, tom, sian = somebody(viewport=PHONE), somebody(viewport=PHONE), somebody(script=False)
    join(bea, code, "Bea", "bea@people.example")
    join(tom, code, "Tom", "tom@people.example")
    join(sian, code, "Sian", "07700 900 123", postcode="")
    expect(screen.get_by_text("3 are here")).to_be_visible()
    desk.get_by_role("button", name="Add ten practice people").click()
    expect(screen.get_by_text("13 are here")).to_be_visible()
    assert complaints_of_axe(bea) == []

    go_on(desk, "Go to welcome")
    expect(bea.get_by_role("heading", level=1)).to_contain_text("Look")
    go_on(desk, "Go to the ask")
    bea.get_by_role("button", name="I can host").click()
    expect(screen.get_by_text("1 hand up.")).to_be_visible()

    go_on(desk, "Deal the tables")
    expect(bea.get_by_text("You lead the table")).to_be_visible()
    assert complaints_of_axe(screen) == []
    sign = bea.get_by_role("heading", level=1).inner_text()
    bea.get_by_role("link", name="We are at the table").click()
    fill_card(bea)
    assert complaints_of_axe(bea) == []

    # Neighbours sit together, and the one without a script sees the table too.
    expect(tom.get_by_role("heading", level=1)).to_have_text(re.compile(sign.split()[-1]))
    tom.get_by_role("link", name="We are at the table").click()
    tom.get_by_role("button", name="I’ll co-host").click()
    expect(bea.get_by_text("Co-host Tom M.")).to_be_visible()
    sian.goto(f"/m/{code}")
    expect(sian.get_by_role("heading", level=1)).to_contain_text("Table")

    # The host says yes on her own phone, and it is an event on the map.
    bea.get_by_role("button", name="I’ll host this").click()
    expect(bea.get_by_role("heading", level=1, name="Will you host this?")).to_be_visible()
    bea.get_by_role("button", name="Yes, I’ll host it").click()
    expect(bea.get_by_role("heading", level=1, name="You are hosting.")).to_be_visible()
    listed = desk.request.get("/events.geojson").text()
    assert "Phonebank at Hanover Centre" in listed
    assert any(one.to == "bea@people.example" and "hosting" in one.subject for one in site.letters)

    # The wall: a phone without a script takes one.
    go_on(desk, "Go to the wall")
    expect(screen.get_by_text("event planned")).to_be_visible()
    expect(screen.locator(".map .pin").first).to_be_visible()
    assert complaints_of_axe(screen) == []
    sian.goto(f"/m/{code}")
    sian.get_by_role("button", name="I’m in: Phonebank at Hanover Centre").click()
    expect(sian.get_by_text("You’re down for this")).to_be_visible()
    expect(desk.get_by_text("Solid")).to_be_visible()
    assert complaints_of_axe(desk) == []
    go_on(desk, "End the meetup")
    expect(bea.get_by_role("heading", level=1, name="Thank you, Bea.")).to_be_visible()

    expect(tom.get_by_role("heading", level=1, name="Thank you, Tom.")).to_be_visible()

    # Saturday: the session's roster opens the calling screen.
    turn_to(SATURDAY)
    sign_in(tom, site, "tom@people.example", name="Tom Merrin")
    tom.goto("/me")
    expect(tom.get_by_text("Phonebank at Hanover Centre").first).to_be_visible()
    tom.get_by_role("link", name="Open the calling screen").first.click()
    practise_and_agree(tom, bank)
    claim_and_reveal(tom)
    tom.get_by_role("button", name=re.compile("^No answer")).click()
    expect(tom.get_by_text("Saved: no answer")).to_be_visible()
    sign_in(desk, site, "maeve@people.example", name="Maeve Copley")
    desk.goto(f"/phonebanks/{bank}/lead")
    expect(desk.get_by_text("No answer").first).to_be_visible()


def test_a_stranger_finds_no_desk_and_no_card(site: Site, somebody: Walker, tmp_path: Path) -> None:
    organiser = somebody(viewport=DESK)
    prepare(organiser, site, tmp_path)
    announce_meetup(organiser)
    code = open_room(organiser)
    stranger = somebody()
    sign_in(stranger, site, "fern@people.example", name="Fern Varley")
    answer = stranger.goto(f"/m/{code}/desk")
    assert answer is not None
    assert answer.status == 404
