"""From the letter of a shift to the first real call: a newcomer, one thumb, counted taps."""

import re
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from campaign.foundation import clock
from campaign.phonebanks.rules.quiz import QUESTIONS
from tests.journeys.conftest import DESK, PHONE, Site, Walker, complaints_of_axe, has_its_scripts
from tests.journeys.test_calling import (
    bring_in,
    open_with_session,
    start_phonebank,
    turn_to,
    write_list,
    write_script,
)
from tests.journeys.test_organising import announce, found_group
from tests.journeys.test_sign_in import sign_in

pytestmark = pytest.mark.journey

# A Thursday afternoon; the session is on the evening after.
THURSDAY = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
IN_SESSION = datetime(2026, 11, 27, 19, 5, tzinfo=UTC)
WREN = "wren@people.example"
# Five to the practice call: the letter's link, the address sent, its link, "yes", "start". Then
# three practice calls, six answers, one yes to the promises, and "Call".
TO_PRACTICE, TO_FIRST_CALL, FIELDS = 5, 24, 1


class Thumb:
    """A visitor who counts taps and fields, and looks at the clock."""

    def __init__(self) -> None:
        self.taps_made = self.fields = 0
        self.began = time.monotonic()

    def taps(self, what: Locator) -> None:
        self.taps_made += 1
        what.click()

    def picks(self, what: Locator) -> None:
        """A choice is one tap."""
        self.taps_made += 1
        what.check()

    def fills(self, what: Locator, text: str) -> None:
        self.fields += 1
        what.fill(text)

    def says(self, what: str) -> None:
        """What ``pytest -s`` shows: no test fails by a clock."""
        seconds = time.monotonic() - self.began
        sys.stdout.write(
            f"{what}: {self.taps_made} taps, {self.fields} field, {seconds:.1f} s by a machine\n"
        )


def with_a_shift(site: Site, somebody: Walker, tmp_path: Path) -> tuple[str, str]:
    """An open phonebank with a session on Friday, and Wren on its roster; event and phonebank."""
    turn_to(THURSDAY)
    organiser = somebody(viewport=DESK)
    sign_in(organiser, site, "maeve@people.example", name="Maeve Copley")
    found_group(organiser, "Fair Rents Kemptown", "BN2 1TL")
    announce(organiser, kind="Phonebank", title="Ring round Hove", venue="Hall", postcode="BN1 1EE")
    event = organiser.url.split("?")[0]
    bank = start_phonebank(organiser, "Come to the vote")
    write_script(organiser, bank)
    bring_in(organiser, site, bank, write_list(tmp_path / "people.csv"))
    open_with_session(organiser, bank)
    visitor = somebody()
    visitor.goto(event)
    visitor.get_by_label("Your name").fill("Wren Varley")
    visitor.get_by_label("Email").fill(WREN)
    visitor.get_by_role("button", name="Sign up").last.click()
    expect(visitor.get_by_role("heading", name="You are in")).to_be_visible()
    return event, bank


def link_in(site: Site, pattern: str) -> str:
    """The link of Wren's last letter that has one like it."""
    for letter in reversed(site.letters):
        found = re.search(pattern, letter.text)
        if letter.to == WREN and found:
            return found[0]
    raise AssertionError(pattern)


def from_the_letter(page: Page, site: Site, thumb: Thumb) -> None:
    """The letter's link, signing in by mail, and the first practice call."""
    thumb.taps_made += 1
    page.goto(link_in(site, r"https?://\S+/phonebanks/\w+/call"))
    thumb.fills(page.get_by_role("textbox", name="Your email"), WREN)
    thumb.taps(page.get_by_role("button", name="Send the link"))
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    thumb.taps_made += 1
    page.goto(link_in(site, r"https?://\S+/sign-in/\S+"))
    thumb.taps(page.get_by_role("button", name="Yes, sign me in"))
    thumb.taps(page.get_by_role("button", name="Start practising"))
    expect(page.get_by_text("Practice call 1 of 3")).to_be_visible()


def calls(page: Page, thumb: Thumb) -> None:
    thumb.taps(page.get_by_role("button", name=re.compile("^Call ")))
    expect(page.get_by_text("Fictitious: never dialled")).to_be_visible()


def nobody_there(page: Page, thumb: Thumb) -> None:
    calls(page, thumb)
    expect(page.get_by_text("It rings eight times")).to_be_visible()
    thumb.taps(page.get_by_role("button", name=re.compile("^No answer")))
    expect(page.get_by_text("Practice call 2 of 3")).to_be_visible()


def a_talk(page: Page, thumb: Thumb) -> None:
    calls(page, thumb)
    thumb.picks(page.get_by_role("radio", name=re.compile("^Yes, go on")))
    thumb.picks(page.get_by_role("radio", name=re.compile("^Yes, I’ll come")))
    thumb.picks(page.get_by_role("radio", name=re.compile("^Talked")).first)
    thumb.taps(page.get_by_role("button", name=re.compile("Save and next")))
    expect(page.get_by_text("Practice call 3 of 3")).to_be_visible()


def never_again(page: Page, thumb: Thumb) -> None:
    calls(page, thumb)
    thumb.taps(page.locator("summary", has_text="Never call again"))
    thumb.taps(page.get_by_role("button", name="Yes, never call this number"))
    expect(page.get_by_role("heading", level=1)).to_have_text("6 short questions")


def answers(page: Page, thumb: Thumb) -> None:
    for question in QUESTIONS:
        thumb.picks(page.locator(f"#{question.key}-{question.right}"))
        expect(page.locator(".why-right").locator("visible=true").last).to_be_visible()
    thumb.taps(page.get_by_role("button", name="Go on"))
    expect(page.get_by_role("heading", level=1)).to_have_text("What you agree to")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_from_the_letter_of_a_shift_to_the_first_real_call(
    site: Site, somebody: Walker, tmp_path: Path, script: bool
) -> None:
    with_a_shift(site, somebody, tmp_path)
    turn_to(IN_SESSION)
    page, thumb = somebody(viewport=PHONE, script=script), Thumb()
    from_the_letter(page, site, thumb)
    thumb.says("in the practice call")
    assert thumb.taps_made <= TO_PRACTICE

    nobody_there(page, thumb)
    a_talk(page, thumb)
    never_again(page, thumb)
    answers(page, thumb)
    thumb.taps(page.get_by_role("button", name="I agree, and go on"))
    # The first real person is there without another tap; the last one shows their number.
    soon = page.get_by_text("The next person comes in")
    calls = page.get_by_role("button", name=re.compile("^Call (Amina|Bronte|Calum)"))
    expect(soon.or_(calls).first).to_be_visible()
    if soon.count():
        turn_to(clock.now() + timedelta(minutes=2))
        # The next person comes by themselves, too, when the seconds are over.
        asking = page.get_by_role("button", name="Next person")
        asking.evaluate_all("(found) => found[0]?.click()")
    expect(page.get_by_text("Practice call")).to_have_count(0)
    thumb.taps(calls)
    expect(page.locator(".number")).to_be_visible()
    thumb.says("in the first real call")
    assert thumb.taps_made <= TO_FIRST_CALL
    assert thumb.fields <= FIELDS
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_newcomer_leaves_comes_back_opens_a_second_tab_and_goes_back(
    site: Site, somebody: Walker, tmp_path: Path
) -> None:
    _, bank = with_a_shift(site, somebody, tmp_path)
    turn_to(IN_SESSION)
    page, thumb = somebody(viewport=PHONE), Thumb()
    from_the_letter(page, site, thumb)
    assert complaints_of_axe(page) == []
    nobody_there(page, thumb)

    # Another telephone: signed in anew, and on where they were.
    other = somebody(viewport=PHONE)
    sign_in(other, site, WREN, name="Wren Varley")
    other.goto(f"/phonebanks/{bank}/call")
    expect(other.get_by_text("1 of 3 done")).to_be_visible()
    other.get_by_role("button", name="Go on practising").click()
    expect(other.get_by_text("Practice call 2 of 3")).to_be_visible()
    a_talk(other, thumb)
    other.get_by_role("button", name=re.compile("^Call ")).click()
    expect(other.locator(".heard")).to_contain_text("Never call me again")
    assert complaints_of_axe(other) == []
    other.locator("summary", has_text="Never call again").click()
    other.get_by_role("button", name="Yes, never call this number").click()

    # A mistake is explained at once, and read out; then it is mended.
    expect(other.get_by_role("heading", level=1)).to_have_text("6 short questions")
    has_its_scripts(other)
    other.locator("#never-why").check()
    expect(other.locator("[data-says]")).to_contain_text("Not this one.")
    second = other.context.new_page()
    second.goto("/phonebanks/training/quiz")
    for question in QUESTIONS:
        second.locator(f"#{question.key}-{question.right}").check()
    second.get_by_role("button", name="Go on").click()
    expect(second.get_by_role("heading", level=1)).to_have_text("What you agree to")
    other.get_by_role("button", name="Go on").click()
    expect(other.get_by_role("alert")).to_have_count(0)
    expect(other.get_by_role("heading", level=1)).to_have_text("What you agree to")

    # Back leads to no dead end, and forward is where it was.
    other.go_back()
    expect(other.get_by_role("heading", level=1)).to_be_visible()
    other.goto(f"/phonebanks/{bank}/call")
    expect(other.get_by_role("heading", level=1)).to_have_text("What you agree to")
    other.get_by_role("button", name="I agree, and go on").click()
    expect(other.get_by_role("heading", level=1)).not_to_have_text("What you agree to")
    other.goto("/phonebanks/agreement")
    expect(other.get_by_text("Wren Varley agreed to version 1")).to_be_visible()


def test_the_quiz_is_passed_by_keyboard_alone(site: Site, somebody: Walker, tmp_path: Path) -> None:
    with_a_shift(site, somebody, tmp_path)
    turn_to(IN_SESSION)
    page, thumb = somebody(viewport=DESK), Thumb()
    from_the_letter(page, site, thumb)
    nobody_there(page, thumb)
    a_talk(page, thumb)
    never_again(page, thumb)
    page.locator(f"#{QUESTIONS[0].key}-{QUESTIONS[0].choices[0].key}").focus()
    for question in QUESTIONS:
        place = [choice.key for choice in question.choices].index(question.right)
        page.keyboard.press("Space")
        for _ in range(place):
            page.keyboard.press("ArrowDown")
        expect(page.locator(f"#{question.key}-{question.right}")).to_be_checked()
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("What you agree to")
