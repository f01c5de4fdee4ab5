"""A report outlives a dead network, a closed tab and a sign-in that ended; nothing stays behind."""

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import func, select, update

from campaign.foundation import clock
from campaign.people.models import SignInSession
from campaign.phonebanks.models import Call, CallDraft, Contact
from campaign.phonebanks.operations import setup
from tests.cast import call_the_cast
from tests.journeys.conftest import PHONE, Site, Walker, becomes, has_its_scripts, leave, offline
from tests.journeys.storing import complaints, kept_by
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.making import NOON, fictitious, fill, make_phonebank

pytestmark = pytest.mark.journey
# What is sealed stands in the letters a to p: no name here is spelt with those alone.
NAMES = ("Amrit", "Bronte", "Calum", "Dilys", "Eszter", "Farid")
# What a caller may type, against all advice.
NOTE = "Ring her sister Fatma, 07700 900123, after six"
BANK = "/phonebanks/ring-hove/call"
OUTCOMES = "[aria-labelledby=out-h]"


@pytest.fixture(autouse=True)
def calls(site: Site) -> None:
    """An open phonebank with six people, and two of the cast who may call there."""
    turn_to(NOON)
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        bank = make_phonebank(db, cast.group, public_id="ring-hove", reason="Signed the petition.")
        for number, name in enumerate(NAMES):
            fill(db, bank, range(number, number + 1), first_name=name, priority=len(NAMES) - number)
        steps = [
            {"key": "opening", "say": "Hello, is that {first_name}?", "options": []},
            {
                "key": "come",
                "say": "Could you come?",
                "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
            },
            {
                "key": "vote",
                "say": "How do you vote?",
                "opinion": True,
                "options": [{"key": "us", "label": "For us"}, {"key": "them", "label": "For them"}],
            },
        ]
        setup.write_script(db, phonebank=bank, steps=steps, actor_id=cast.organiser.id, now=NOON)
        for person in (cast.caller, cast.supporter):
            setup.pass_practice(db, person_id=person.id, now=NOON)
            setup.agree(db, person_id=person.id, now=NOON)


def turn_to(moment: datetime) -> None:
    clock.set_offset((moment - datetime.now(moment.tzinfo)).total_seconds())


def later(**time: int) -> None:
    """So much time goes by on the site."""
    turn_to(clock.now() + timedelta(**time))


@pytest.fixture
def phone(site: Site, browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own: what it complains of when offline is what it should."""
    context = browser.new_context(base_url=site.address, viewport=PHONE)  # type: ignore[arg-type]
    yield context
    leave(context)


def caller_on(context: BrowserContext, site: Site, who: str = "cal-caller") -> Page:
    page = context.new_page()
    sign_in(page, site, f"{who}@people.example", name="Cal")
    return page


def ring(page: Page, *, scripts: bool = True) -> str:
    """The next person's number on the screen, and its scripts; answers their name."""
    later(seconds=30)
    page.goto(BANK)
    asking = page.get_by_role("button", name=re.compile("first person|Next person"))
    calls = page.get_by_role("button", name=re.compile("^Call "))
    expect(asking.or_(calls).first).to_be_visible()
    asking.evaluate_all("(found) => found[0]?.click()")
    calls.click()
    expect(page.locator("#outcome")).to_be_visible()
    if scripts:
        has_its_scripts(page)
    return page.get_by_role("heading", level=1).inner_text().split()[0]


def press(page: Page, outcome: str, button: str = "Save and next") -> None:
    """Say how it went: one tap where nobody was there, else a choice and the button."""
    once = page.locator(OUTCOMES).get_by_role("button", name=re.compile(f"^{outcome}"))
    if once.count():
        once.click()
        return
    page.locator(OUTCOMES).get_by_role("radio", name=re.compile(f"^{outcome}")).check()
    page.get_by_role("button", name=re.compile(button)).click()


def reported(site: Site) -> list[tuple[str | None, str, bool]]:
    with site.house.database.reading() as db:
        query = select(Call.result_code, Call.note, Call.late).where(Call.status == "reported")
        return [tuple(row) for row in db.execute(query.order_by(Call.reported_at, Call.id))]


def nothing_stays(page: Page) -> None:
    page.wait_for_function("() => localStorage.length + sessionStorage.length === 0")
    assert complaints(kept_by(page), [*NAMES, "Fatma"]) == []


def test_the_walker_finds_what_it_looks_for() -> None:
    assert complaints(f"x {fictitious(12)} y", []) != []
    assert complaints("020 7946 0001", []) != []
    assert complaints("a Amrit b", ["amrit"]) == ["amrit"]
    assert complaints("2026-11-24T12:00:00+00:00, abc1234~56", ["Amrit"]) == []
    assert all(re.search("[q-z]", name) for name in (*NAMES, "Fatma", "sister"))


def test_ten_minutes_without_a_network_and_a_closed_tab_are_one_outcome(
    site: Site, phone: BrowserContext
) -> None:
    page = caller_on(phone, site)
    name = ring(page)
    page.get_by_label("Note for the next caller").fill(NOTE)
    offline(page)
    press(page, "No answer")
    expect(page.get_by_role("heading", level=1, name="No connection")).to_be_visible()
    expect(page.get_by_text("1 unsent")).to_be_visible()
    expect(page.locator(".unsent-list")).to_contain_text(name)
    kept = kept_by(page)
    assert "no_answer" in kept
    assert complaints(kept, [*NAMES, "Fatma", "sister"]) == []
    page.close()
    later(minutes=10)
    assert reported(site) == []
    phone.set_offline(False)
    page = phone.new_page()
    page.goto(BANK)
    expect(page.get_by_role("heading", level=1, name="Ready when you are")).to_be_visible()
    expect(page.get_by_text("1 unsent")).to_be_hidden()
    assert reported(site) == [("no_answer", NOTE, False)]
    nothing_stays(page)
    page.reload()
    assert len(reported(site)) == 1


def test_the_page_that_is_left_open_goes_on_by_itself(site: Site, phone: BrowserContext) -> None:
    page = caller_on(phone, site)
    first = ring(page)
    offline(page)
    press(page, "No answer")
    expect(page.get_by_role("heading", level=1, name="No connection")).to_be_visible()
    later(seconds=30)
    offline(page, False)
    page.get_by_role("button", name=re.compile("^Call ")).wait_for()
    assert page.get_by_role("heading", level=1).inner_text().split()[0] != first
    expect(page.get_by_text("Saved: No answer")).to_be_visible()
    assert [code for code, *_ in reported(site)] == ["no_answer"]
    nothing_stays(page)


def test_an_answer_that_was_lost_on_the_way_doubles_nothing_and_two_unsent_bring_nobody(
    site: Site, phone: BrowserContext
) -> None:
    page = caller_on(phone, site)
    first = ring(page)
    later(seconds=30)

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    page.route("**/outcome", lose)
    with page.expect_event("requestfailed", lambda one: one.url.endswith("/outcome")):
        press(page, "No answer")
    expect(page.get_by_text("1 unsent")).to_be_visible()
    page.unroute("**/outcome")
    page.route("**/outcome", lambda route: route.abort())
    page.reload()
    # The site has it and has given the next person; this device does not know that it has.
    expect(page.get_by_text("1 unsent")).to_be_visible()
    second = page.get_by_role("heading", level=1).inner_text().split()[0]
    assert second != first
    page.get_by_role("button", name=re.compile("^Call ")).click()
    expect(page.locator("#outcome")).to_be_visible()
    has_its_scripts(page)
    press(page, "Talked")
    expect(page.get_by_text("2 unsent")).to_be_visible()
    assert [code for code, *_ in reported(site)] == ["no_answer"]
    assert claims(site) == 2, "nobody new while two wait"
    later(seconds=30)
    again = page.get_by_role("button", name="Try again now")
    expect(again).to_be_visible()
    page.unroute("**/outcome")
    # It tries by itself now and then, too: then there is nothing left to press.
    again.evaluate_all("(found) => found[0]?.click()")
    # The older one brings nobody; the last, for which somebody waits, brings the next.
    page.get_by_role("button", name=re.compile("^Call ")).wait_for()
    assert [code for code, *_ in reported(site)] == ["no_answer", "talked"]
    assert claims(site) == 3
    nothing_stays(page)


def claims(site: Site) -> int:
    with site.house.database.reading() as db:
        return db.scalar(select(func.count()).select_from(Call)) or 0


@pytest.mark.parametrize("button", ["Save and next", "Save and stop"])
def test_a_sign_in_that_ended_in_a_call_loses_nothing(
    site: Site, phone: BrowserContext, button: str
) -> None:
    page = caller_on(phone, site)
    ring(page)
    page.get_by_label("Note for the next caller").fill(NOTE)
    page.get_by_role("radio", name=re.compile("^Yes")).check()
    later(hours=3)
    end_sign_ins(site)
    phone.clear_cookies()  # the token of the form is worth nothing any more, either
    press(page, "Talked", button)
    expect(page.get_by_role("heading", level=1, name="Sign in, and carry on")).to_be_visible()
    assert reported(site) == []
    assert complaints(kept_by(page), [*NAMES, "Fatma"]) == []
    page.get_by_role("link", name="Sign in", exact=True).click()
    page.get_by_role("textbox", name="Your email").fill("cal-caller@people.example")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", name="Check your mail")).to_be_visible()
    letter = site.letters[-1]
    page.goto(re.search(r"https?://\S+/sign-in/\S+", letter.text)[0])  # type: ignore[index]
    page.get_by_role("button", name="Yes, sign me in").click()
    page.wait_for_url(f"**{BANK}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ready when you are")
    nothing_stays(page)
    assert reported(site) == [("talked", NOTE, True)]
    with site.house.database.reading() as db:
        assert db.scalars(select(Call.answers).where(Call.status == "reported")).one() == {
            "come": "yes"
        }


def end_sign_ins(site: Site) -> None:
    with site.house.database.unit_of_work() as db:
        db.execute(update(SignInSession).values(ends_at=clock.now() - timedelta(seconds=1)))


def test_another_person_on_the_same_device_neither_sees_nor_sends_it(
    site: Site, phone: BrowserContext
) -> None:
    page = caller_on(phone, site)
    ring(page)
    page.get_by_label("Note for the next caller").fill(NOTE)
    offline(page)
    press(page, "No answer")
    expect(page.get_by_text("1 unsent")).to_be_visible()
    end_sign_ins(site)
    offline(page, False)
    ended = page.get_by_role("heading", level=1, name="Sign in, and carry on")
    expect(ended).to_be_visible()
    other = caller_on(phone, site, "sam-supporter")
    # The page of the first is still open, and tries as who is signed in now.
    with page.expect_response("**/outcome") as tried:
        page.bring_to_front()
        page.evaluate("() => dispatchEvent(new Event('online'))")
    assert tried.value.status == 404
    other.goto(BANK)
    expect(other.get_by_role("button", name="Give me the first person")).to_be_visible()
    expect(other.get_by_text("1 unsent")).to_be_hidden()
    assert complaints(kept_by(other), [*NAMES, "Fatma", "sister"]) == []
    assert reported(site) == []
    page.close()
    end_sign_ins(site)
    back = caller_on(phone, site)
    back.goto(BANK)
    nothing_stays(back)
    assert reported(site) == [("no_answer", NOTE, False)]


def test_what_is_half_said_survives_a_reload_and_another_device(
    site: Site, phone: BrowserContext, somebody: Walker
) -> None:
    page = caller_on(phone, site)
    name = ring(page)
    offline(page)  # the site cannot know it: this device does
    page.get_by_label("Note for the next caller").fill(NOTE)
    page.get_by_role("radio", name=re.compile("^Yes")).check()
    page.get_by_role("radio", name="For us").check()
    page.locator(OUTCOMES).get_by_role("radio", name=re.compile("^Talked")).check()
    page.wait_for_function("() => /talked/.test(JSON.stringify(localStorage))")
    kept = kept_by(page)
    assert complaints(kept, [*NAMES, "Fatma"]) == []
    assert "vote" not in kept, "they have not agreed to it"
    offline(page, False)
    page.goto(BANK)
    has_its_scripts(page)
    stands_there(page)
    expect(page.get_by_role("radio", name="For us")).not_to_be_checked()
    page.get_by_role("checkbox", name="They agreed").check()
    page.get_by_role("radio", name="For us").check()
    # Some seconds later the site has it, and this device nothing.
    said = {"outcome": "talked", "answer-come": "yes"}
    agreed = {"answer-vote": "us", "agreed-vote": "yes"}
    becomes(page, lambda: [said for said, _ in drafts(site)], [said | agreed])
    nothing_stays(page)
    # Another device, and one without scripts.
    for script in (True, False):
        device = somebody(script=script)
        sign_in(device, site, "cal-caller@people.example", name="Cal")
        device.goto(BANK)
        assert device.get_by_role("heading", level=1).inner_text().split()[0] == name
        stands_there(device)
        expect(device.get_by_role("radio", name="For us")).to_be_checked()
    press(page, "Talked", "Save and stop")
    page.wait_for_url("**/phonebanks/ring-hove")
    assert reported(site) == [("talked", NOTE, False)]
    assert drafts(site) == []
    nothing_stays(page)


def stands_there(page: Page) -> None:
    expect(page.get_by_label("Note for the next caller")).to_have_value(NOTE)
    expect(page.get_by_role("radio", name=re.compile("^Yes"))).to_be_checked()
    talked = page.locator(OUTCOMES).get_by_role("radio", name=re.compile("^Talked"))
    expect(talked).to_be_checked()


def drafts(site: Site) -> list[tuple[dict[str, str], str]]:
    with site.house.database.reading() as db:
        return [tuple(row) for row in db.execute(select(CallDraft.said, CallDraft.note))]


def test_what_the_site_refuses_is_shown_to_be_mended(site: Site, phone: BrowserContext) -> None:
    page = caller_on(phone, site)
    ring(page)
    page.get_by_label("Note for the next caller").fill(NOTE)
    page.get_by_text("Another time").click()
    page.get_by_label("On their clock").fill("2026-11-25T03:00")
    page.get_by_role("button", name="Call again then").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.get_by_label("Note for the next caller")).to_have_value(NOTE)
    assert reported(site) == []
    page.get_by_label("On their clock").fill("")
    press(page, "Talked", "Save and stop")
    page.wait_for_url("**/phonebanks/ring-hove")
    expect(page.get_by_text("Saved: Talked")).to_be_visible()
    assert reported(site) == [("talked", NOTE, False)]
    nothing_stays(page)


@contextmanager
def slow_network(page: Page) -> Iterator[None]:
    """400 ms there and back, 400 kbit a second."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    given = {"offline": False, "latency": 400}
    speed = {"downloadThroughput": 50_000, "uploadThroughput": 50_000}
    devtools.send("Network.emulateNetworkConditions", given | speed)
    yield
    devtools.detach()


def test_from_no_answer_to_the_next_person_are_two_taps_on_a_slow_network(
    site: Site, phone: BrowserContext
) -> None:
    page = caller_on(phone, site)
    first = ring(page)
    later(seconds=30)
    journeys: list[str] = []
    with slow_network(page):
        page.on("request", lambda asked: journeys.append(f"{asked.method} {asked.url}"))
        began = time.monotonic()
        page.locator(OUTCOMES).get_by_role("button", name=re.compile("^No answer")).click()
        page.get_by_role("button", name=re.compile("^Call ")).wait_for()
        took = time.monotonic() - began
    second = page.get_by_role("heading", level=1).inner_text().split()[0]
    assert second != first
    # One journey for both: what is on the page was asked for once.
    assert [asked.split("/")[-1] for asked in journeys if "POST" in asked] == ["outcome"]
    assert not any(asked.startswith("GET") and asked.endswith("/call") for asked in journeys)
    logging.getLogger(__name__).info("from the tap to the next person at 400 ms: %.2f s", took)
    with site.house.database.reading() as db:
        assert db.scalar(select(func.count()).where(Contact.state == "claimed")) == 1
