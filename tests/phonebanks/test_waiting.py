"""Outcomes are data: another delay moves at once who waits for it, and nobody else."""

import tomllib
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.foundation.settings import files_folder
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import waiting
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import queue
from campaign.phonebanks.rules.outcomes import Outcomes, load_outcomes
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report

HOUR = timedelta(hours=1)
FILE = tomllib.loads((files_folder("config") / "outcomes.toml").read_text())
# Who waits after each, without a promise: the others are done, held, off or in another state.
CODES = ("no_answer", "voicemail_left", "busy", "other_person", "talked_partial")


def outcomes(**changes: dict[str, Any]) -> Outcomes:
    """The outcomes of the file with some rows changed."""
    rows = [{**row, **changes.get(row["code"], {})} for row in FILE["outcome"]]
    return load_outcomes({"outcome": rows})


def state(database: Database) -> dict[int, tuple[Any, ...]]:
    with database.reading() as db:
        rows = db.execute(
            select(
                *(Contact.id, Contact.state, Contact.not_before, Contact.promised_at),
                *(Contact.attempts, Contact.last_result, Contact.hold_reason, Contact.claimed_by),
            )
        )
        return {row[0]: tuple(row[1:]) for row in rows}


def rung(db: Session, phonebank: Phonebank, number: int, outcome: str, **given: Any) -> Contact:
    """Somebody new who was rung at noon, with this outcome."""
    contact = fill(db, phonebank, range(number, number + 1))[0]
    held = claim(db, phonebank, make_person(db))
    assert held.contact.id == contact.id
    report(db, call=held.call, phonebank=phonebank, outcome=outcome, now=NOON, **given)
    return contact


@pytest.fixture
def everybody(database: Database) -> dict[str, int]:
    """One of each: after each outcome, promised a call, rung and not reported, in a call, new."""
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(22, 23), last_result="busy", last_call_at=NOON - HOUR)
        in_call = claim(db, phonebank, make_person(db)).contact.id
        found = {
            code: rung(db, phonebank, place, code).id
            for place, code in enumerate((*CODES, "talked", "refused_soft", "moved"))
        }
        promised = rung(db, phonebank, 20, "no_answer")
        promised.state, promised.promised_at = "callback", NOON + 3 * HOUR
        promised.not_before = NOON + 3 * HOUR
        found |= {"in_call": in_call, "promised": promised.id}
        vanished = rung(db, phonebank, 21, "busy")
        vanished.not_before = NOON + 21 * HOUR
        shown = {"claimed_at": NOON + HOUR, "revealed_at": NOON + HOUR, "status": "expired"}
        call = Call(
            **shown,
            phonebank_id=phonebank.id,
            contact_id=vanished.id,
            number_id=vanished.number_id,
            caller_id=make_person(db).id,
            expires_at=NOON + HOUR,
        )
        db.add(call)
        found["vanished"] = vanished.id
        found["new"] = fill(db, phonebank, range(23, 24))[0].id
    waiting.wait_anew(database, outcomes=outcomes())
    return found


@pytest.mark.parametrize("minutes", [60, 1200, 4320])
@pytest.mark.parametrize("code", ["voicemail_left", "other_person", "busy"])
def test_another_delay_moves_who_waits_for_it_and_nobody_else(
    database: Database, everybody: dict[str, int], code: str, minutes: int
) -> None:
    before = state(database)
    changed = outcomes(**{code: {"delay_minutes": minutes}})
    assert waiting.wait_anew(database, outcomes=changed) == 1
    after = state(database)
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {everybody[code]}
    assert after[everybody[code]][1] == NOON + timedelta(minutes=minutes)
    assert waiting.wait_anew(database, outcomes=changed) == 0


def test_the_rules_of_the_file_are_those_that_reports_wait_by(
    database: Database, everybody: dict[str, int]
) -> None:
    before = state(database)
    with database.unit_of_work() as db:
        for phonebank in db.scalars(select(Phonebank)):
            phonebank.waits_by = None
    assert waiting.wait_anew(database, outcomes=outcomes()) == 0
    assert state(database) == before


def test_a_shorter_delay_hands_people_out_at_once_and_a_longer_one_keeps_them(
    database: Database,
) -> None:
    later = NOON + 2 * HOUR
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        rung(db, phonebank, 0, "other_person")

    def ready() -> int:
        with database.reading() as db:
            bank = db.scalars(select(Phonebank)).one()
            return queue.reasons(db, bank, moment_of(bank, now=later)).get("ready", 0)

    assert ready() == 0
    waiting.wait_anew(database, outcomes=outcomes(other_person={"delay_minutes": 60}))
    assert ready() == 1
    waiting.wait_anew(database, outcomes=outcomes(other_person={"delay_minutes": 180}))
    assert ready() == 0


def test_hours_are_judged_at_the_claim_however_short_a_delay(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        rung(db, phonebank, 0, "tech")
    waiting.wait_anew(database, outcomes=outcomes(tech={"delay_minutes": 1}))
    with database.reading() as db:
        bank = db.scalars(select(Phonebank)).one()
        night = moment_of(bank, now=NOON + 10 * HOUR)
        assert queue.reasons(db, bank, night) == {"hours": 1}


def test_caps_over_all_phonebanks_are_judged_at_the_claim_however_short_a_delay(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        rung(db, phonebank, 0, "no_answer")
    shorter = {"delay_minutes": 1, "other_daypart": False}
    assert waiting.wait_anew(database, outcomes=outcomes(no_answer=shorter)) == 1
    with database.reading() as db:
        bank = db.scalars(select(Phonebank)).one()
        assert queue.reasons(db, bank, moment_of(bank, now=NOON + HOUR)) == {"resting": 1}


def test_the_third_engaged_line_of_a_day_waits_a_day_whatever_the_delay(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = rung(db, phonebank, 0, "busy")
        contact.busy_count = 3
        contact.not_before = NOON + timedelta(hours=20)
        key = contact.id
    assert waiting.wait_anew(database, outcomes=outcomes(busy={"delay_minutes": 5})) == 0
    more = outcomes(busy={"delay_minutes": 5, "most_a_day": 4})
    assert waiting.wait_anew(database, outcomes=more) == 1
    assert state(database)[key][1] == NOON + timedelta(minutes=5)


def test_a_higher_cap_brings_back_who_was_tried_and_a_lower_one_sends_nobody_away_for_good(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, max_attempts=1)
        tried = rung(db, phonebank, 0, "no_answer").id
        dead = rung(db, phonebank, 1, "dead_number").id
        assert db.get_one(Contact, dead).state in ("exhausted", "held")
        wait = db.get_one(Contact, tried)
        assert (wait.state, wait.not_before) == ("exhausted", None)
    waiting.wait_anew(database, outcomes=outcomes())
    before = state(database)

    def allow(most: int) -> dict[int, tuple[Any, ...]]:
        with database.unit_of_work() as db:
            db.scalars(select(Phonebank)).one().max_attempts = most
        waiting.wait_anew(database, outcomes=outcomes())
        return state(database)

    after = allow(2)
    assert after[dead] == before[dead]
    assert after[tried][0] == "ready"
    # Not in the same part of the week: the evening after twenty hours have gone by.
    assert after[tried][1] == datetime.fromisoformat("2026-11-25T17:00:00+00:00")
    assert allow(1)[tried][0] == "ready"
    with database.reading() as db:
        bank = db.scalars(select(Phonebank)).one()
        found = queue.reasons(db, bank, moment_of(bank, now=NOON + timedelta(days=2)))
        assert found.get("tried") == 1
        assert "ready" not in found


def test_portions_leave_nobody_out(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PORTION", 2)
    monkeypatch.setattr(waiting, "_WAITING", waiting._WAITING.limit(2))
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        for place in range(5):
            rung(db, phonebank, place, "voicemail_left")
    longer = outcomes(voicemail_left={"delay_minutes": 4320})
    assert waiting.wait_anew(database, outcomes=longer) == 5
    assert {row[1] for row in state(database).values()} == {NOON + timedelta(days=3)}
