"""The main job: a list, a session, a volunteer's shift, an outcome; and never again."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from campaign.foundation import clock
from campaign.phonebanks.rules.quiz import QUESTIONS
from campaign.phonebanks.rules.training import EXERCISES
from tests.journeys.conftest import DESK, PHONE, Site, Walker
from tests.journeys.test_organising import announce, found_group
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey

# A Thursday afternoon, when one may ring.
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
PEOPLE = [("Amina", "020 7946 0001"), ("Bronte", "0113 496 0002"), ("Calum", "07700 900003")]


@pytest.fixture(autouse=True)
def thursday_afternoon(site: Site) -> None:
    """Turn the clock of the site, which runs in this process."""
    turn_to(NOW)


def turn_to(moment: datetime) -> None:
    """Make it this moment for the site."""
    clock.set_offset((moment - datetime.now(UTC)).total_seconds())


def wait_a_little() -> None:
    """Half a minute goes by: people are fifteen seconds apart at least."""
    turn_to(clock.now() + timedelta(seconds=30))


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
    says = page.get_by_label("The caller says")
    says.nth(0).fill("Hello {first_name}, {caller} of {movement}.")
    says.nth(1).fill("Could you come on Thursday?")
    for number, answer in enumerate(("Yes", "Maybe", "No"), 1):
        page.get_by_label(f"Answer {number}").nth(1).fill(answer)
    page.get_by_label("Goodbye", exact=True).fill("Thank you. Say if we should not ring again.")
    page.get_by_role("button", name="Save the script").click()
    expect(page.get_by_text("is what callers read from now on.")).to_be_visible()


def upload(page: Page, site: Site, bank: str, file: Path) -> None:
    page.goto(f"/phonebanks/{bank}/import")
    page.get_by_label("The file (CSV)").set_input_files(file)
    page.get_by_label("Where do these people come from?").fill("Petition stall")
    page.get_by_label("When was it collected?").fill("2026-11-14")
    page.get_by_role("group", name="Why may you ring them?").get_by_role("radio").first.check()
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reading the file")
    site.house.queue.tick()
    expect(page.get_by_text("Nothing has changed yet")).to_be_visible()


def bring_in(page: Page, site: Site, bank: str, file: Path) -> None:
    upload(page, site, bank, file)
    page.get_by_role("button", name="Bring in 3 people").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bringing people in")
    site.house.queue.tick()
    expect(page.get_by_role("heading", level=1)).to_have_text("What came in")


def open_with_session(page: Page, bank: str) -> None:
    page.goto(f"/phonebanks/{bank}/sessions")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="Add this session").click()
    expect(page.get_by_text("Its roster may call now.")).to_be_visible()
    page.goto(f"/phonebanks/{bank}/setup")
    page.get_by_role("button", name="Open the phonebank").click()
    expect(page.get_by_text("It is open. Callers can begin.")).to_be_visible()


def practise_and_agree(page: Page, bank: str) -> None:
    """From "practise first" through three made-up calls, the quiz and the promises."""
    page.get_by_role("button", name="Start practising").click()
    for exercise in EXERCISES:
        page.get_by_role("button", name=re.compile("^Call ")).click()
        expect(page.get_by_text("Fictitious: never dialled")).to_be_visible()
        note_exercise(page, exercise.key)
    for question in QUESTIONS:
        page.locator(f"#{question.key}-{question.right}").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="I agree, and go on").click()


def note_exercise(page: Page, key: str) -> None:
    """Note a practice call as it happened."""
    if key == "never":
        page.locator("summary", has_text="Never call again").click()
        page.get_by_role("button", name="Yes, never call this number").click()
        return
    if key == "talk":
        page.get_by_role("radio", name=re.compile("^Yes, go on")).check()
        page.get_by_role("radio", name=re.compile("^Yes, I’ll come")).check()
        page.get_by_role("radio", name=re.compile("^Talked")).first.check()
        page.get_by_role("button", name=re.compile("Save and next")).click()
        return
    page.get_by_role("button", name=re.compile("^No answer")).click()


def claim_and_reveal(page: Page) -> str:
    """Get the next person onto the screen with their number; answers their first name."""
    wait_a_little()
    asking = page.get_by_role("button", name=re.compile("first person|Next person"))
    calls = page.get_by_role("button", name=re.compile("^Call "))
    # Which of the two stands there is known once the page has come.
    expect(asking.or_(calls).first).to_be_visible()
    # The next person comes by themselves, too, when the seconds are over.
    asking.evaluate_all("(found) => found[0]?.click()")
    calls.click()
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
    bring_in(organiser, site, bank, write_list(tmp_path / "people.csv"))
    open_with_session(organiser, bank)

    volunteer = somebody(viewport=PHONE)
    volunteer.goto(event)
    volunteer.get_by_label("Your name").fill("Wren Varley")
    volunteer.get_by_label("Email").fill("wren@people.example")
    volunteer.get_by_role("button", name="Sign up").last.click()
    expect(volunteer.get_by_role("heading", name="You are in")).to_be_visible()

    turn_to(datetime(2026, 11, 27, 19, 5, tzinfo=UTC))  # five minutes into the session
    sign_in(volunteer, site, "wren@people.example", name="Wren Varley")
    volunteer.goto(event)
    volunteer.get_by_role("link", name="Open the calling screen").first.click()
    expect(volunteer.get_by_role("heading", level=1, name="Practise first")).to_be_visible()
    practise_and_agree(volunteer, bank)

    first = claim_and_reveal(volunteer)
    assert volunteer.locator("a[href^='tel:']").count() == 0
    volunteer.get_by_role("button", name=re.compile("^No answer")).click()
    expect(volunteer.get_by_text("Saved: no answer")).to_be_visible()

    second = claim_and_reveal(volunteer)
    assert second != first
    number = volunteer.locator(".number").inner_text()
    volunteer.get_by_text("Never call again").click()
    volunteer.get_by_role("button", name="Yes, never call this number").click()

    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")  # a day has gone by
    organiser.goto(f"/phonebanks/{bank}/lead")
    expect(organiser.get_by_role("main")).to_contain_text("never")
    third = claim_and_reveal(volunteer)
    assert third not in (first, second)
    volunteer.get_by_role("radio", name=re.compile("^Talked")).check()
    volunteer.get_by_role("radio", name=re.compile("^Maybe")).check()
    volunteer.get_by_role("button", name="Save and stop").click()

    # A new list brings nobody back whom we promised never to ring.
    bring_in_again(organiser, site, bank, tmp_path / "people.csv")
    stranger = somebody()
    sign_in(stranger, site, "fern@people.example", name="Fern Varley")
    assert stranger.goto(f"/phonebanks/{bank}/lead").status == 404
    assert number not in stranger.content()


def bring_in_again(page: Page, site: Site, bank: str, file: Path) -> None:
    upload(page, site, bank, file)
    held = page.locator(".sum-list > div").filter(has_text="Held")
    expect(held).to_contain_text("1")


def test_two_callers_are_never_given_the_same_person(
    site: Site, somebody: Walker, tmp_path: Path
) -> None:
    organiser = somebody(viewport=DESK)
    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")
    found_group(organiser, "Fair Rents Kemptown", "BN2 1TL")
    announce(organiser, kind="Phonebank", title="Ring round Hove", venue="Hall", postcode="BN1 1EE")
    event = organiser.url.split("?")[0]
    bank = start_phonebank(organiser, "Come to the vote")
    write_script(organiser, bank)
    bring_in(organiser, site, bank, write_list(tmp_path / "people.csv"))
    open_with_session(organiser, bank)
    callers = [somebody(script=False), somebody(script=False)]
    for place, caller in enumerate(callers):
        caller.goto(event)
        caller.get_by_label("Your name").fill(f"Caller {place}")
        caller.get_by_label("Email").fill(f"caller{place}@people.example")
        caller.get_by_role("button", name="Sign up").last.click()
        expect(caller.get_by_role("heading", name="You are in")).to_be_visible()
    turn_to(datetime(2026, 11, 27, 19, 5, tzinfo=UTC))
    met = []
    for place, caller in enumerate(callers):
        sign_in(caller, site, f"caller{place}@people.example", name=f"Caller {place}")
        caller.goto(f"/phonebanks/{bank}/call")
        practise_and_agree(caller, bank)
        met.append(claim_and_reveal(caller))
        caller.reload()
        assert caller.get_by_role("heading", level=1).inner_text().split()[0] == met[-1]
    assert met[0] != met[1]
