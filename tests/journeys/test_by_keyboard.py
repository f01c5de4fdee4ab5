"""Three calls without a mouse, heard and not seen; and one tap on a telephone."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call
from campaign.phonebanks.operations import setup
from campaign.phonebanks.rules.hand_over import key_for
from tests.cast import call_the_cast
from tests.journeys.conftest import (
    DESK,
    PATIENCE_MS,
    PHONE,
    Site,
    Walker,
    becomes,
    complaints_of_axe,
    has_its_scripts,
    leave,
    offline,
    stands_still,
    watch,
)
from tests.journeys.test_calling import turn_to
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.making import fill, make_phonebank

pytestmark = pytest.mark.journey

# A Thursday afternoon, when one may ring.
NOW = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
CALL = "/phonebanks/by-key/call"
NAMES = ("Amina", "Bronte", "Calum", "Dara", "Esme")
STEPS = [
    {"key": "opening", "say": "Hello, is that {first_name}?", "options": []},
    {
        "key": "come",
        "say": "Could you come?",
        "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
    },
]
# Keeps what a screen reader would say: the words of live regions, as they change.
LISTEN = """
window.heard = [];
new MutationObserver((changes) => {
  for (const { target } of changes) {
    const element = target.nodeType === 1 ? target : target.parentElement;
    const region = element?.closest("[role=status]");
    const words = region?.textContent.trim();
    if (words) window.heard.push(words);
  }
}).observe(document, { childList: true, subtree: true, characterData: true });
"""
# In the place of a telephone: keeps what would be dialled.
NO_DIALLER = """
addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='tel:']");
  if (!link) return;
  event.preventDefault();
  window.dialled = link.href;
}, true);
"""


@pytest.fixture(autouse=True)
def phonebank(site: Site) -> None:
    """An open phonebank, and a caller who has practised and agreed."""
    turn_to(NOW)
    with site.house.database.unit_of_work() as db:
        cast = call_the_cast(db)
        bank = make_phonebank(db, cast.group, public_id="by-key", reason="Signed.")
        for number, name in enumerate(NAMES):
            fill(db, bank, range(number, number + 1), first_name=name)
        setup.write_script(
            db, phonebank=bank, steps=STEPS, actor_id=cast.organiser.id, now=clock.now()
        )
        setup.pass_practice(db, person_id=cast.caller.id, now=NOW)
        setup.agree(db, person_id=cast.caller.id, now=NOW)


def minutes_go_by() -> None:
    turn_to(clock.now() + timedelta(minutes=3))


def caller_at(page: Page, site: Site) -> None:
    sign_in(page, site, "cal-caller@people.example", name="Cal Caller")


def next_person(page: Page) -> str:
    """Whose turn it is, as the screen says aloud."""
    name = page.get_by_role("heading", level=1)
    expect(page.get_by_role("button", name=re.compile("^Call "))).to_be_visible()
    words = name.inner_text()
    page.wait_for_function(
        "name => window.heard.some((words) => words.startsWith(`Your next person is ${name}`))",
        arg=words,
    )
    has_its_scripts(page)
    return words


def rung(page: Page) -> None:
    """The number stands there, and the keys are heard."""
    expect(page.get_by_role("heading", name="How did it go?")).to_be_visible()
    has_its_scripts(page)


def test_three_calls_are_made_with_keys_alone_and_each_person_is_announced(
    site: Site, somebody: Walker
) -> None:
    page = somebody(viewport=DESK)
    page.add_init_script(LISTEN)
    caller_at(page, site)
    page.goto(CALL)
    expect(page.get_by_role("heading", name="Ready when you are")).to_be_visible()
    has_its_scripts(page)
    press = page.keyboard.press
    press("c")
    met = [next_person(page)]
    assert complaints_of_axe(page) == []
    press("c")
    rung(page)
    assert complaints_of_axe(page) == []
    # While somebody types, letters are letters.
    page.get_by_label("Note for the next caller").focus()
    page.keyboard.type("Rings on: not vain")
    expect(page.get_by_label("Note for the next caller")).to_have_value("Rings on: not vain")
    press("Escape")
    page.evaluate("document.activeElement.blur()")
    minutes_go_by()
    press("n")
    expect(page.get_by_text("Saved: no answer")).to_be_visible()

    met.append(next_person(page))
    press("c")
    rung(page)
    press("?")
    expect(page.get_by_text("Answers of the script")).to_be_visible()
    press("?")
    expect(page.get_by_text("Answers of the script")).to_be_hidden()
    press("1")
    expect(page.get_by_role("radio", name=re.compile("^Yes"))).to_be_checked()
    press("t")
    minutes_go_by()
    press("Control+Enter")
    expect(page.get_by_text("Saved: talked")).to_be_visible()

    met.append(next_person(page))
    press("c")
    rung(page)
    press("d")
    expect(page.get_by_role("button", name="Yes, never call this number")).to_be_visible()
    press("d")
    press("k")
    expect(page.get_by_role("button", name=re.compile("^In an hour"))).to_be_focused()
    minutes_go_by()
    press("Enter")
    expect(page.get_by_text("Saved: not now – call later")).to_be_visible()

    met.append(next_person(page))
    press("s")
    expect(page.get_by_role("button", name="I know them")).to_be_visible()
    # The reasons stand in their column, with what comes after them beneath.
    assert not page.evaluate(SIDEWAYS)
    press("Tab")
    press("Enter")
    expect(page.get_by_role("heading", level=1)).not_to_have_text(met[-1])
    assert len(set(met)) == 4
    with site.house.database.reading() as db:
        codes = select(Call.result_code, Call.note, Call.answers).order_by(Call.id)
        told = [tuple(row) for row in db.execute(codes.where(Call.result_code.is_not(None)))]
    assert told == [
        ("no_answer", "Rings on: not vain", {}),
        ("talked", "", {"come": "yes"}),
        ("call_later", "", {}),
    ]


def test_letters_can_be_silenced_and_what_is_read_out_grows(site: Site, somebody: Walker) -> None:
    page = somebody(viewport=DESK)
    page.add_init_script(LISTEN)
    caller_at(page, site)
    page.goto(CALL)
    has_its_scripts(page)
    page.keyboard.press("c")
    next_person(page)
    page.keyboard.press("c")
    rung(page)
    say = page.locator(".say").first
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    usual = say.evaluate(size)
    page.get_by_label("Note for the next caller").fill("Half a thought")
    page.get_by_text("Text size").click()
    with page.expect_response("**/my-screen"):
        page.get_by_role("button", name="Large, wide apart").click()
    stands_still(page)
    assert say.evaluate(size) > usual * 1.2
    page.keyboard.press("?")
    with page.expect_response("**/my-screen"):
        page.get_by_role("group", name="Letters as keys").get_by_role("button", name="Off").click()
    page.keyboard.press("n")
    # Nothing was saved, and nothing that was typed is gone.
    expect(page.get_by_label("Note for the next caller")).to_have_value("Half a thought")
    page.reload()
    expect(page.locator("body.size-wide.keys-off")).to_be_visible()


WHYS = {
    "finished": "Everyone has been rung",
    "closed&until=2026-11-26T16:00:00%2B00:00": "Closed until 16:00",
    "waiting&until=2026-11-26T14:48:00%2B00:00": "Nobody just now",
    "day_limit&until=2026-11-27T09:00:00%2B00:00": "You reached today’s limit",
    "hour_limit&until=2026-11-26T14:48:00%2B00:00": "60 in an hour. Have some tea",
    "paused": "Paused",
    "ended": "This phonebank has ended",
}
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


@pytest.mark.parametrize("viewport", [{"width": 360, "height": 640}, DESK], ids=["phone", "desk"])
def test_each_state_is_named_aloud_has_a_next_step_and_fits(
    site: Site, somebody: Walker, viewport: dict[str, int]
) -> None:
    page = somebody(viewport=viewport)
    page.add_init_script(LISTEN)
    caller_at(page, site)
    for why, heading in WHYS.items():
        page.goto(f"{CALL}?why={why}")
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        page.wait_for_function(f"window.heard.some((words) => words.startsWith('{heading}'))")
        assert page.locator("main :is(a.btn, button.btn)").count() >= 2, heading
        assert not page.evaluate(SIDEWAYS), heading
        assert complaints_of_axe(page) == [], heading


def test_on_a_telephone_one_tap_dials_and_two_taps_lead_to_the_next_person(
    site: Site, browser: Browser
) -> None:
    with site.house.database.unit_of_work() as db:
        db.execute(update(PhoneNumber).values(fictitious=False))
    context = browser.new_context(
        base_url=site.address,
        viewport=PHONE,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
    )
    page, trouble = context.new_page(), list[str]()
    page.add_init_script(NO_DIALLER)
    page.set_default_timeout(PATIENCE_MS)
    watch(page, site.address, trouble)
    caller_at(page, site)
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").tap()
    expect(page.get_by_role("button", name=re.compile("^Call "))).to_be_visible()
    has_its_scripts(page)
    first = page.get_by_role("heading", level=1).inner_text()
    page.get_by_role("button", name=f"Call {first}").tap()
    no_answer = page.get_by_role("button", name=re.compile("^No answer"))
    expect(no_answer).to_be_visible()
    assert re.fullmatch(r"tel:\+444\d{9}", page.evaluate("window.dialled"))
    with site.house.database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert call.revealed_at == call.dialled_at is not None
    assert complaints_of_axe(page) == []
    minutes_go_by()
    has_its_scripts(page)
    no_answer.tap()
    expect(page.get_by_role("button", name=re.compile("^Call "))).to_be_visible()
    has_its_scripts(page)
    page.get_by_role("button", name=re.compile("^Call ")).tap()
    expect(no_answer).to_be_visible()
    assert page.get_by_role("heading", level=1).inner_text() != first
    with site.house.database.reading() as db:
        assert len(db.scalars(select(Call).where(Call.dialled_at.is_not(None))).all()) == 2
    assert trouble == []
    leave(context)


def test_a_sign_in_that_ended_before_the_tap_leads_back_to_the_person(
    site: Site, browser: Browser
) -> None:
    context = browser.new_context(
        base_url=site.address,
        viewport=PHONE,  # type: ignore[arg-type]
        is_mobile=True,
        has_touch=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    caller_at(page, site)
    # An answer that is still on its way would bring the cookie back: the page asks nothing.
    page.route(re.compile(r"/claims/\w+(/extend)?$"), lambda route: route.abort())
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").tap()
    calls = page.get_by_role("button", name=re.compile("^Call "))
    expect(calls).to_be_visible()
    name = page.get_by_role("heading", level=1).inner_text()
    has_its_scripts(page)
    cookies = context.cookies()
    context.clear_cookies()
    calls.tap()
    expect(page.get_by_role("heading", name="Your email is your key")).to_be_visible()
    assert page.url.endswith(f"/sign-in?next={CALL}")
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(CALL)
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    leave(context)


def test_what_is_pressed_without_a_network_is_said_and_the_page_stays(
    site: Site, browser: Browser
) -> None:
    # The browser itself complains of the lost network, so nobody listens to its console.
    context = browser.new_context(base_url=site.address, viewport=DESK)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    caller_at(page, site)
    page.goto(CALL)
    page.get_by_role("button", name="Give me the first person").click()
    calls = page.get_by_role("button", name=re.compile("^Call "))
    expect(calls).to_be_visible()
    has_its_scripts(page)
    offline(page)
    calls.click()
    expect(page.get_by_text("the number could not be fetched")).to_be_visible()
    for _ in range(2):
        page.get_by_role("button", name="Stop calling").click()
        expect(page.get_by_text("You are offline, so nothing was changed.")).to_have_count(1)
    expect(calls).to_be_visible()
    offline(page, False)
    calls.click()
    expect(page.get_by_role("heading", name="How did it go?")).to_be_visible()
    leave(context)


def test_the_code_on_the_desk_opens_the_call_on_the_callers_phone(
    site: Site, browser: Browser, somebody: Walker
) -> None:
    desk = somebody(viewport=DESK)
    caller_at(desk, site)
    desk.goto(CALL)
    desk.get_by_role("button", name="Give me the first person").click()
    expect(desk.get_by_role("button", name=re.compile("^Call "))).to_be_visible()
    picture = desk.get_by_alt_text("Code that opens this call on your phone")
    expect(picture).to_be_visible()
    drawn = "image => image.complete && image.naturalWidth > 0"
    becomes(desk, lambda: picture.evaluate(drawn), True)
    name = desk.get_by_role("heading", level=1).inner_text()
    with site.house.database.reading() as db:
        key = own_key(site, db.scalars(select(Call)).one())
    phone = somebody(viewport=PHONE)
    phone.goto(f"/ring/{key}")
    expect(phone.get_by_role("heading", name="Your email is your key")).to_be_visible()
    caller_at(phone, site)
    phone.goto(f"/ring/{key}")
    expect(phone.get_by_text("Call " + name)).to_be_visible()
    assert complaints_of_axe(phone) == []
    phone.get_by_role("button", name="Call " + name).click()
    expect(phone.get_by_text("Fictitious: never dialled")).to_be_visible()
    assert complaints_of_axe(phone) == []
    # The desk follows by itself.
    expect(desk.get_by_role("heading", name="How did it go?")).to_be_visible()
    expect(desk.get_by_role("button", name=re.compile("^No answer"))).to_be_enabled()


def own_key(site: Site, call: Call) -> str:
    secret = str(site.house.settings.secret_key)
    return key_for(
        call.public_id, call.caller_id, now=clock.now(), expires_at=call.expires_at, secret=secret
    )
