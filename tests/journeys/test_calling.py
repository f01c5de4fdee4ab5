"""The main job: a list, a session, a volunteer's shift, an outcome; and never again."""

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from campaign.foundation import clock
from tests.journeys.conftest import DESK, Site, Walker
from tests.journeys.test_organising import announce, found_group
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey

# A Thursday afternoon, when one may ring.
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
PEOPLE = [("Amina", "020 7946 0001"), ("Bronte", "0113 496 0002"), ("Calum", "07700 900003")]


@pytest.fixture(autouse=True)
def thursday_afternoon(site: Site) -> None:
    """Turn the clock of the site, which runs in this process."""
    clock.set_offset((NOW - datetime.now(UTC)).total_seconds())


def write_list(path: Path) -> Path:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["First name", "Surname", "Mobile", "Town", "Consent to call", "Id"])
    for number, (name, phone) in enumerate(PEOPLE):
        rows.writerow([name, "Selby", phone, "Hove", "yes", number])
    rows.writerow(["Doubtful", "Selby", "07700 9OOO04", "Hove", "yes", 9])
    path.write_text(text.getvalue(), encoding="utf-8-sig")
    return path


def start_phonebank(page: Page, title: str) -> str:
    page.goto("/phonebanks/new")
    page.get_by_label("Name of the phonebank").fill(title)
    page.get_by_label("Why do we ring?").fill("Signed the petition. We ask them to come.")
    page.get_by_role("button", name="Start the phonebank").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
    return re.search(r"/phonebanks/(\w+)", page.url)[1]


def write_script(page: Page, bank: str) -> None:
    page.goto(f"/phonebanks/{bank}/script")
    page.get_by_label("How the call begins").fill("Hello {first_name}, {caller} of {movement}.")
    page.get_by_label("First question").fill("Could you come on Thursday?")
    page.get_by_label("Answers to it, one a line").first.fill("Yes\nMaybe\nNo")
    page.get_by_label("How the call ends").fill("Thank you. Say if we should not ring again.")
    page.get_by_role("button", name="Save the script").click()


def bring_in(page: Page, bank: str, file: Path) -> None:
    page.goto(f"/phonebanks/{bank}/import")
    page.get_by_label("The file (CSV)").set_input_files(file)
    page.get_by_label("Where do these people come from?").fill("Petition stall")
    page.get_by_label("When was it collected?").fill("2026-11-14")
    page.get_by_role("group", name="Why may you ring them?").get_by_role("radio").first.check()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()
    page.get_by_role("button", name="Bring in 3 people").click()


def open_with_session(page: Page, bank: str) -> None:
    page.goto(f"/phonebanks/{bank}/setup")
    page.get_by_label("One of the group’s events").select_option(index=0)
    page.get_by_role("button", name="Let its roster call").click()
    page.goto(f"/phonebanks/{bank}/setup")
    page.get_by_role("button", name="Open the phonebank").click()


def practise_and_agree(page: Page) -> None:
    """From "practise first" through one made-up call and the promises."""
    page.get_by_role("link", name="Practise now").click()
    page.get_by_role("button", name="Give me the first person").click()
    page.get_by_role("button", name=re.compile("^Call ")).click()
    expect(page.get_by_text("Fictitious: never dialled")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^No answer")).check()
    page.get_by_role("button", name="Save and stop").click()


def claim_and_reveal(page: Page) -> str:
    """Get the next person onto the screen with their number; answers their first name."""
    first = page.get_by_role("button", name="Give me the first person")
    if first.count():
        first.click()
    page.get_by_role("button", name=re.compile("^Call ")).click()
    expect(page.get_by_role("button", name=re.compile("Save and next"))).to_be_visible()
    return page.get_by_role("heading", level=1).inner_text().split()[0]


def test_a_list_becomes_outcomes_on_a_phone_and_never_again_is_kept(
    site: Site, somebody: Walker, tmp_path: Path
) -> None:
    organiser = somebody(viewport=DESK)
    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")
    found_group(organiser, "Fair Rents Kemptown", "BN2 1TL")
    announce(organiser, kind="Phonebank", title="Ring round Hove", venue="Hall", postcode="BN1 1EE")
    event = organiser.url.split("?")[0]
    bank = start_phonebank(organiser, "Come to the vote")
    write_script(organiser, bank)
    bring_in(organiser, bank, write_list(tmp_path / "people.csv"))
    open_with_session(organiser, bank)

    volunteer = somebody(viewport=PHONE)
    volunteer.goto(event)
    volunteer.get_by_label("Your name").fill("Wren Varley")
    volunteer.get_by_label("Email").fill("wren@people.example")
    volunteer.get_by_role("button", name="Sign up").last.click()
    expect(volunteer.get_by_role("heading", name="You are in")).to_be_visible()

    # The day of the session, at its start.
    clock.set_offset(
        (NOW + timedelta(days=1, hours=5, minutes=5) - datetime.now(UTC)).total_seconds()
    )
    sign_in(volunteer, site, "wren@people.example", name="Wren Varley")
    volunteer.goto(event)
    volunteer.get_by_role("link", name="Open the calling screen").first.click()
    expect(volunteer.get_by_role("heading", level=1, name="Practise first")).to_be_visible()
    practise_and_agree(volunteer)
    volunteer.goto(f"/phonebanks/{bank}/call")
    volunteer.get_by_role("checkbox").check()
    volunteer.get_by_role("button", name="Agree and begin").click()

    met = claim_and_reveal(volunteer)
    assert volunteer.locator("a[href^='tel:']").count() == 0
    volunteer.get_by_role("radio", name=re.compile("^No answer")).check()
    volunteer.get_by_role("button", name=re.compile("Save and next")).click()
    expect(volunteer.get_by_text("Saved")).to_be_visible()
