"""Many calls are counted apart from any request; what was counted tells of no call taken back."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.phonebanks.models import Call, FigureSheet, Phonebank
from campaign.phonebanks.operations import summing
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.operations.taking_out import take_out
from campaign.phonebanks.queries import queue, remembered, sheets, sums
from campaign.phonebanks.rules.funnel import Funnel
from tests.figures.making import a_call, any_calls
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank

LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def large(database: Database, monkeypatch: pytest.MonkeyPatch) -> int:
    """A phonebank with more calls than are counted while somebody waits."""
    monkeypatch.setattr(sheets, "FEW", 50)
    with database.unit_of_work() as db:
        return any_calls(db, random.Random(5)).id


def look(db: Session, phonebank_id: int, now: Any = LATER) -> sheets.Kept:
    (asked,) = sums.asked_of(db, [db.get_one(Phonebank, phonebank_id)])
    return sheets.sheet_of(db, asked, now=now)


def test_a_sheet_says_what_would_be_counted_and_of_when_it_is(
    database: Database, large: int
) -> None:
    with database.reading() as db:
        counted = look(db, large)
        assert counted.made_at is None
    assert summing.sum_up(database, now=LATER) == 1
    with database.reading() as db:
        kept = look(db, large)
        assert (kept.sums, kept.made_at) == (counted.sums, LATER)
        bank = db.get_one(Phonebank, large)
        assert sheets.funnels_kept(db, [bank], now=LATER) == {large: counted.sums.total}
        assert look(db, large, LATER + timedelta(days=3)).made_at is None


def test_a_sheet_is_made_anew_where_calls_came_in_and_only_there(
    database: Database, large: int
) -> None:
    assert summing.sum_up(database, now=LATER) == 1
    assert summing.sum_up(database, now=LATER + timedelta(minutes=5)) == 0
    with database.unit_of_work() as db:
        contact = fill(db, db.get_one(Phonebank, large), range(600, 601))[0]
        a_call(db, contact, make_person(db), at=LATER)
    with database.reading() as db:
        before = look(db, large).sums.total
    assert summing.sum_up(database, now=LATER + timedelta(minutes=10)) == 1
    with database.reading() as db:
        assert look(db, large, LATER + timedelta(minutes=10)).sums.total == before + Funnel(1)


def test_few_calls_are_counted_at_once(database: Database) -> None:
    with database.unit_of_work() as db:
        small = make_phonebank(db).id
    assert summing.sum_up(database, now=LATER) == 0
    with database.reading() as db:
        assert look(db, small).made_at is None


def test_no_sheet_tells_of_a_call_that_was_taken_back(database: Database, large: int) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, large)
        before = look(db, large).sums
        contact = fill(db, phonebank, range(700, 701))[0]
        call_id = a_call(db, contact, make_person(db), "talked", answers={"come": "yes"}).id
    summing.sum_up(database, now=LATER)
    with database.unit_of_work() as db:
        call = db.get_one(Call, call_id)
        assert look(db, large).sums.total == before.total + Funnel(1, 1, 1, 1, 1)
        take_out(db, [call], status="reversed")
        assert db.scalars(select(FigureSheet)).all() == []
        assert look(db, large).sums == before


def test_reasons_of_a_long_list_are_remembered_for_a_moment_and_of_a_short_one_counted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    monkeypatch.setattr(
        remembered, "reasons", lambda *given: asked.append(1) or queue.reasons(*given)
    )
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(5))
        moment = moment_of(phonebank, now=NOON)
        for _ in range(2):
            assert remembered.reasons_lately(db, phonebank, moment) == {"ready": 5}
        assert len(asked) == 2
        monkeypatch.setattr(remembered, "SHORT", 3)
        monkeypatch.setattr(remembered, "TIMES", 10**6)
        for _ in range(3):
            assert remembered.reasons_lately(db, phonebank, moment) == {"ready": 5}
        assert len(asked) == 3
        evening = moment_of(phonebank, now=NOON + timedelta(hours=12))
        assert remembered.reasons_lately(db, phonebank, evening) == {"hours": 5}
    remembered._kept.clear()
