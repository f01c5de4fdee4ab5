"""A script is written and followed: with scripts in the browser and without."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.phonebanks.models import ScriptVersion
from campaign.phonebanks.operations import setup
from tests.cast import Cast, an_event
from tests.journeys.conftest import DESK, Site, Walker, complaints_of_axe
from tests.journeys.test_sign_in import sign_in
from tests.phonebanks.making import fill, make_phonebank

pytestmark = pytest.mark.journey
STEPS = [
    {
        "key": "a",
        "title": "A good time?",
        "say": "Hello, is that {first_name}? {movement} here.",
        "options": [
            {"key": "yes", "label": "Go on", "next": "b"},
            {"key": "no", "label": "Not now", "next": "closing"},
        ],
    },
    {
        "key": "b",
        "say": "Could you come?",
        "options": [
            {"key": "yes", "label": "Sign me up", "next": "closing", "effect": "signup"},
            {"key": "no", "label": "No", "next": "c"},
        ],
    },
    {"key": "c", "say": "That is all right.", "next": "closing"},
    {"key": "closing", "say": "Goodbye and thank you.", "options": []},
    *(
        {"key": f"k{n}", "kind": "objection", "title": title, "say": f"Because of {title}."}
        for n, title in enumerate(("Who pays?", "My number", "No time", "My cat"))
    ),
]


@pytest.fixture(autouse=True)
def thursday_afternoon(site: Site) -> None:
    """When one may ring."""
    moment = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)
    clock.set_offset((moment - datetime.now(UTC)).total_seconds())


@pytest.fixture
def bank(site: Site, cast: Cast) -> str:
    """An open phonebank, with a script that signs people up."""
    with site.house.database.unit_of_work() as db:
        made = make_phonebank(db, cast.group, public_id="demo-calls", access="group")
        fill(db, made, range(3))
        by = {"phonebank": made, "actor_id": cast.organiser.id, "now": clock.now()}
        setup.write_script(db, steps=STEPS, **by)
        setup.make_lead(db, phonebank=made, person_id=cast.organiser.id, actor_id=cast.organiser.id)
        an_event(db, cast.group, cast.host, "Stall in Hove", kind="stall")
        return f"/phonebanks/{made.public_id}"


def test_an_editor_without_scripts_adds_moves_and_takes_out_steps(
    site: Site, cast: Cast, somebody: Walker, bank: str
) -> None:
    page = somebody(viewport=DESK, script=False)
    sign_in(page, site, str(cast.organiser.email), name=cast.organiser.name)
    page.goto(f"{bank}/script")
    page.get_by_role("button", name="Another step").click()
    step = page.locator("#s4")
    step.get_by_label("The caller says").fill("One thing more.")
    step.get_by_role("button", name="Up step 4").click()
    expect(page.locator("#s3").get_by_label("The caller says")).to_have_value("One thing more.")
    expect(
        page.get_by_text("Step 3, “One thing more.”: nothing leads to it.").first
    ).to_be_visible()
    page.locator("#s3").get_by_role("button", name="Take out step 3").click()
    expect(page.get_by_text("to mend before it can be used")).to_have_count(0)
    page.get_by_role("button", name="Save the script").click()
    expect(page.get_by_text("Version 2 is what callers read from now on.")).to_be_visible()
    with site.house.database.reading() as db:
        first, second = db.scalars(select(ScriptVersion).order_by(ScriptVersion.number))
        assert [step["say"] for step in first.steps] == [step["say"] for step in second.steps]


def test_the_editor_reads_well_to_a_machine(
    site: Site, cast: Cast, somebody: Walker, bank: str
) -> None:
    page = somebody(viewport=DESK)
    sign_in(page, site, str(cast.organiser.email), name=cast.organiser.name)
    page.goto(f"{bank}/script")
    for summary in page.locator(".step-edit > summary").all():
        summary.click()
    assert complaints_of_axe(page) == []


def follow(page: Page) -> None:
    """In the preview beside the form, which is the caller's own screen."""
    there = page.locator(".script-preview")
    expect(there.get_by_text("Could you come?")).to_be_hidden()
    page.keyboard.press("Escape")
    there.get_by_role("radio", name=re.compile("^Go on")).check()
    expect(there.get_by_text("Could you come?")).to_be_visible()
    expect(there.get_by_text("Hello, is that Amina?")).to_be_hidden()
    there.get_by_role("radio", name=re.compile("^No")).last.check()
    expect(there.get_by_text("That is all right.")).to_be_visible()
    expect(there.get_by_text("Goodbye and thank you.")).to_be_visible()
    there.get_by_role("button", name="Change the answer to step 1").click()
    expect(there.get_by_text("Hello, is that Amina?")).to_be_visible()
    there.get_by_role("radio", name=re.compile("^Not now")).check()
    expect(there.get_by_text("Could you come?")).to_be_hidden()
    expect(there.locator('[name="answer-b"]').first).to_be_disabled()
    there.get_by_text("If they ask:").click()
    there.get_by_label("Find what they ask").fill("cat")
    expect(there.get_by_text("Because of My cat.")).to_be_visible()
    expect(there.get_by_text("Because of Who pays?.")).to_be_hidden()


def test_the_way_through_follows_the_answers_and_cards_are_found(
    site: Site, cast: Cast, somebody: Walker, bank: str
) -> None:
    page = somebody(viewport=DESK)
    sign_in(page, site, str(cast.organiser.email), name=cast.organiser.name)
    page.goto(f"{bank}/script")
    follow(page)


def test_a_yes_on_the_calling_screen_puts_the_person_on_the_roster(
    site: Site, cast: Cast, somebody: Walker, bank: str
) -> None:
    with site.house.database.unit_of_work() as db:
        setup.pass_practice(db, person_id=cast.caller.id, now=clock.now())
        setup.agree(db, person_id=cast.caller.id, now=clock.now())
    page = somebody()
    sign_in(page, site, str(cast.caller.email), name=cast.caller.name)
    page.goto(f"{bank}/call")
    page.get_by_role("button", name="Give me the first person").click()
    page.get_by_role("button", name=re.compile("^Call ")).click()
    page.get_by_role("radio", name=re.compile("^Go on")).check()
    expect(page.get_by_text("Stall in Hove")).to_be_hidden()
    page.get_by_role("radio", name=re.compile("^Sign me up")).check()
    page.get_by_role("radio", name=re.compile("^Stall in Hove")).check()
    page.get_by_role("radio", name=re.compile("^Talked")).first.check()
    page.get_by_role("button", name="Save and stop").click()
    expect(page.get_by_text("On the list for “Stall in Hove”.")).to_be_visible()
    with site.house.database.reading() as db:
        assert "Amina Kay" in db.scalars(select(Rsvp.name).order_by(Rsvp.id)).all()
