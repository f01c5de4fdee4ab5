"""The sums of calls add up, whatever the calls were; what was taken back is in none of them."""

import json
import random
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Answer, AnswerTotal, Call, CallTotal, Contact, Phonebank
from campaign.phonebanks.operations import retiring
from campaign.phonebanks.queries import board, sums
from campaign.phonebanks.rules.asks import asks_of
from campaign.phonebanks.rules.funnel import TALKS, Funnel, Part, Sums, together
from tests.figures.making import STEPS, a_call, a_script, a_session, a_vote, any_calls, comes
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank

SEEDS = range(6)


def sums_of(db: Session, phonebank: Phonebank) -> Sums:
    (asked,) = sums.asked_of(db, [phonebank])
    return sums.sums_of(db, asked)


def counted_here(db: Session, phonebank: Phonebank) -> Funnel:
    """The same, call by call, as rules.funnel says it in words."""
    found = Funnel()
    came: set[int] = set()
    for call in db.scalars(select(Call).where(Call.phonebank_id == phonebank.id)):
        if call.status != "reported":
            continue
        contact = db.get_one(Contact, call.contact_id)
        query = select(Answer.question, Answer.option).where(Answer.call_id == call.id)
        said = {question: option for question, option in db.execute(query)}
        talk = call.reached and call.result_code in TALKS
        met = contact.goal_met_at is not None and contact.goal_met_at >= call.claimed_at
        yes = bool(talk and (said.get("come") == "yes" or met))
        found += Funnel(1, call.reached, talk, bool(talk and ("come" in said or met)), yes)
        if yes and is_here(db, contact):
            came.add(contact.id)
    return found + Funnel(came=len(came))


def is_here(db: Session, contact: Contact) -> bool:
    from campaign.events.models import Rsvp

    e164 = db.get_one(PhoneNumber, contact.number_id).e164
    here = select(Rsvp.id).where(Rsvp.phone == e164, Rsvp.attendance == "came")
    return db.scalar(here.limit(1)) is not None


def parts_of(found: Sums) -> dict[str, Funnel]:
    """Each way of dividing the calls, added up again."""
    return {
        "week": together(found.week.values()),
        "days": together(found.days.values()),
        "sessions": together(part.funnel for part in found.sessions.values()),
        "groups": together(part.funnel for part in found.groups.values()),
        "scripts": together(found.scripts.values()),
        "sources": together(found.sources.values()),
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_every_division_adds_up_to_the_total_and_each_step_is_part_of_the_last(
    database: Database, seed: int
) -> None:
    with database.unit_of_work() as db:
        phonebank = any_calls(db, random.Random(seed))
        found = sums_of(db, phonebank)
        assert found.total == counted_here(db, phonebank)
        assert found.total.yes > found.total.came > 0
        for name, funnel in parts_of(found).items():
            assert funnel == found.total, name
        everything = [*found.week.values(), *found.days.values(), *found.scripts.values(),
                      *(part.funnel for part in found.sessions.values())]  # fmt: skip
        for one in [found.total, *everything]:
            assert one.calls >= one.reached >= one.talks >= one.asked >= one.yes >= one.came >= 0
        assert sum(found.outcomes.values()) == found.total.calls
        assert sums.funnels_of(db, [phonebank]) == {phonebank.id: found.total}
        assert board.progress(db, phonebank.id).calls == found.total.calls
        assert board.progress(db, phonebank.id).talks == found.total.talks
        assert Sums.of_json(json.loads(json.dumps(found.as_json()))) == found


def test_what_was_taken_back_is_in_no_plot(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = any_calls(db, random.Random(7))
        before = sums_of(db, phonebank)
        contact = fill(db, phonebank, range(500, 501))[0]
        call = a_call(db, contact, make_person(db), "talked", answers={"come": "yes"})
        assert sums_of(db, phonebank).total == before.total + Funnel(1, 1, 1, 1, 1)
        call.status = "released"
        db.flush()
        assert sums_of(db, phonebank) == before
        said = select(Answer.call_id).join(Call, Call.id == Answer.call_id)
        said = said.where(Answer.question == "come", Answer.option == "yes")
        said = said.where(Call.status == "reported", Call.phonebank_id == phonebank.id)
        told = board.answers_of(db, phonebank.id)
        assert told["come", "yes"] == len(db.scalars(said).all())


def test_hours_are_those_of_who_is_rung_also_where_the_clock_has_changed(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, zones=["Europe/London", "America/New_York"])
        here, there = fill(db, phonebank, range(2))
        db.get_one(PhoneNumber, there.number_id).time_zone = "America/New_York"
        caller = make_person(db)
        summer = NOON.replace(month=10, day=24)
        for contact, at in ((here, NOON), (there, NOON), (here, summer)):
            a_call(db, contact, caller, at=at)
        found = sums_of(db, phonebank)
        assert {at: one.calls for at, one in found.week.items()} == {
            (1, 12): 1,
            (1, NOON.astimezone(ZoneInfo("America/New_York")).hour): 1,
            (5, 13): 1,
        }


def test_who_said_yes_twice_came_once(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        a_script(db, phonebank)
        vote = a_vote(db, phonebank, NOON)
        contact, absent = fill(db, phonebank, range(2))
        caller, session = make_person(db), a_session(db, phonebank, NOON)
        a_call(db, contact, caller, "talked_partial", answers={"come": "yes"})
        a_call(db, contact, caller, "talked", answers={"come": "yes"}, session_id=session)
        a_call(db, absent, caller, "talked", answers={"come": "yes"})
        comes(db, vote, contact, came=True)
        comes(db, vote, absent, came=False)
        found = sums_of(db, phonebank)
        assert found.total == Funnel(3, 3, 3, 3, 3, 1)
        assert found.sessions[session] == Part(Funnel(1, 1, 1, 1, 1, 1), 1)


def test_forgotten_calls_stay_in_the_total_and_in_how_calls_ended(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = any_calls(db, random.Random(3))
        before = sums_of(db, phonebank)
    retiring.forget_calls(database, NOON - timedelta(days=4))
    with database.unit_of_work() as db:
        assert db.scalars(select(CallTotal)).all()
        assert db.scalars(select(AnswerTotal)).all()
        held = db.get_one(Phonebank, phonebank.id)
        after = sums_of(db, held)
        assert 0 < after.forgotten.calls < before.total.calls
        told = ("calls", "reached", "talks")
        assert [getattr(after.total, step) for step in told] == [
            getattr(before.total, step) for step in told
        ]
        assert after.outcomes == before.outcomes
        for name, funnel in parts_of(after).items():
            assert funnel.calls + after.forgotten.calls == after.total.calls, name
        assert sums.funnels_of(db, [held]) == {held.id: after.total}


def test_a_script_asks_with_its_last_yes_or_with_what_it_marks() -> None:
    found = asks_of([STEPS])
    assert found.words == ("The vote is on Thursday. Could you come?",)
    assert found.yes == {("come", "yes")}
    assert found.asked == {("come", "yes"), ("come", "maybe"), ("come", "no")}
    marked = [
        {"key": "a", "say": "A?", "options": [{"key": "sure", "label": "Sure", "goal": True},
                                              {"key": "no", "label": "No"}]},
        *STEPS,
    ]  # fmt: skip
    assert asks_of([marked]).yes == {("a", "sure")}
    marked[0]["options"][0] = {"key": "sure", "label": "Sure", "effect": "signup"}  # type: ignore[index]
    assert asks_of([marked]).yes == {("a", "sure")}
    assert asks_of([marked, STEPS]).yes == {("a", "sure"), ("come", "yes")}
    assert asks_of([STEPS[:1] + STEPS[2:]]).words == ("Hello.",)
    assert asks_of([[]]).asked == frozenset()
