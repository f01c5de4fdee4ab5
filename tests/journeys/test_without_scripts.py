"""A whole shift without scripts: sign in, call, each kind of outcome, by plain forms."""

import re

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from campaign.phonebanks.models import Answer, Call, Contact, Phonebank
from tests.journeys.conftest import PHONE, Site, Walker
from tests.journeys.test_sign_in import sign_in
from tests.journeys.test_unsent import (
    BANK,
    NOTE,
    OUTCOMES,
    calls,
    end_sign_ins,
    later,
    reported,
)
from tests.phonebanks.making import fill

__all__ = ["calls"]
pytestmark = pytest.mark.journey


def call_next(page: Page) -> str:
    """The number of the person at hand on the screen; answers their name."""
    page.get_by_role("button", name=re.compile("^Call ")).click()
    expect(page.get_by_role("button", name="Save and stop").last).to_be_visible()
    later(seconds=30)
    return page.get_by_role("heading", level=1).inner_text().split()[0]


def only_two_of_one_home(site: Site) -> None:
    """Nobody is left to be handed out but Gwen and Hugo, who live together."""
    with site.house.database.unit_of_work() as db:
        db.execute(update(Contact).where(Contact.state == "ready").values(state="done"))
        bank = db.scalars(select(Phonebank)).one()
        for number, name in ((6, "Gwen"), (7, "Hugo")):
            fill(db, bank, range(number, number + 1), first_name=name, household_key="one")


def test_each_kind_of_outcome_by_plain_forms(site: Site, somebody: Walker) -> None:
    page = somebody(viewport=PHONE, script=False)
    page.goto(BANK)
    sign_in(page, site, "cal-caller@people.example", name="Cal")
    page.goto(BANK)
    page.get_by_role("button", name="Give me the first person").click()
    met = [call_next(page)]

    # Nobody there: one tap, and the next.
    page.locator(OUTCOMES).get_by_role("button", name=re.compile("^No answer")).click()
    expect(page.get_by_text("Saved: No answer")).to_be_visible()
    met.append(call_next(page))

    # Talked, with an answer and a note.
    page.get_by_role("radio", name=re.compile("^Yes")).check()
    page.get_by_label("Note for the next caller").fill(NOTE)
    page.locator(OUTCOMES).get_by_role("radio", name=re.compile("^Talked")).check()
    page.get_by_role("button", name=re.compile("Save and next")).click()
    expect(page.get_by_text("Saved: Talked")).to_be_visible()

    # Not this person.
    later(seconds=30)
    page.locator(".call-skip summary").click()
    page.locator(".call-skip .chip").first.click()
    page.get_by_role("button", name="Next person").or_(
        page.get_by_role("button", name="Give me the first person")
    ).click()
    met.append(call_next(page))

    # Call again: a time of the list.
    page.locator(".callback button.chip").first.click()
    expect(page.get_by_text("Saved: ")).to_be_visible()
    met.append(call_next(page))
    assert len(set(met)) == 4

    # Never again asks once more.
    only_two_of_one_home(site)
    page.get_by_text("Never call again").click()
    page.get_by_role("button", name="Yes, never call this number").click()
    expect(page.get_by_text("Saved: ")).to_be_visible()

    # Somebody else of the household came to the telephone: the call goes on with them.
    other = {"Gwen": "Hugo", "Hugo": "Gwen"}[call_next(page)]
    page.get_by_text("More", exact=True).click()
    page.get_by_role("radio", name=re.compile("^Someone else")).check()
    page.get_by_role("button", name=other).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(other)
    page.locator(OUTCOMES).get_by_role("radio", name=re.compile("^Talked")).check()
    page.get_by_role("button", name="Save and stop").last.click()
    page.wait_for_url("**/phonebanks/ring-hove")

    codes = [code for code, *_ in reported(site)]
    assert codes == ["no_answer", "talked", "call_later", "dnc", "other_person", "talked"]
    with site.house.database.reading() as db:
        assert db.scalars(select(Answer.option)).all() == ["yes"]
        assert db.scalars(select(Call.skip_reason).where(Call.skip_reason.is_not(None))).one()
        assert db.scalars(select(Call.note).where(Call.note != "")).all() == [NOTE]
        assert len(db.scalars(select(Contact).where(Contact.promised_at.is_not(None))).all()) == 1


def test_a_sign_in_that_ended_is_mended_by_plain_forms(site: Site, somebody: Walker) -> None:
    page = somebody(viewport=PHONE, script=False)
    sign_in(page, site, "cal-caller@people.example", name="Cal")
    page.goto(BANK)
    page.get_by_role("button", name="Give me the first person").click()
    call_next(page)
    page.get_by_label("Note for the next caller").fill(NOTE)
    page.locator(OUTCOMES).get_by_role("radio", name=re.compile("^Talked")).check()
    later(hours=3)
    end_sign_ins(site)
    page.get_by_role("button", name=re.compile("Save and next")).click()
    expect(page.get_by_role("heading", level=1, name="Sign in, and carry on")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="1. Sign in on a new page").click()
    sign_in(opened.value, site, "cal-caller@people.example", name="Cal")
    page.get_by_role("button", name="2. Send what I typed").click()
    expect(page.get_by_text("Saved: Talked")).to_be_visible()
    assert reported(site) == [("talked", NOTE, True)]
