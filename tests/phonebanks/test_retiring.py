"""What calling leaves behind goes in its time, and the figures stay what they were."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank
from campaign.phonebanks.operations import retiring, setup
from campaign.phonebanks.operations.retiring import terms
from campaign.phonebanks.queries import board
from tests.phonebanks.making import NOON, claim, fictitious, fill, make_person, make_phonebank
from tests.phonebanks.making import report as note

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.at(NOON):
        yield


def rung(db: Session, bank: Phonebank, outcome: str = "talked", **person: Any) -> Call:
    """Somebody was rung, said something, and the caller wrote it down."""
    call = claim(db, bank, make_person(db)).call
    note(db, call=call, phonebank=bank, outcome=outcome, note="Asked about the vote", now=NOON)
    contact = db.get_one(Contact, call.contact_id)
    for name, value in person.items():
        setattr(contact, name, value)
    call.answers = {"come": "yes"}
    db.add(Answer(call_id=call.id, question="come", option="yes"))
    db.flush()
    return call


def a_bank(db: Session, people: int = 4, first: int = 0) -> Phonebank:
    bank = make_phonebank(db, title=f"List of {first}")
    fill(db, bank, range(first, first + people), town="Hove", postcode="BN3 2LS")
    return bank


def figures(database: Database, bank_id: int) -> tuple[Any, ...]:
    """What the board shows of a phonebank, and what came of its questions."""
    with database.reading() as db:
        return (
            board.progress(db, bank_id),
            board.outcomes_of(db, bank_id),
            board.answers_of(db, bank_id),
        )


def test_people_never_reached_are_nobody_30_days_after_the_end_and_still_count(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db)
        reached = rung(db, bank).contact_id
        missed = rung(db, bank, "no_answer").contact_id
        fill(db, make_phonebank(db, title="Another list"), range(4))
        setup.close(db, phonebank=bank, actor_id=make_person(db).id, now=NOON)
        bank_id = bank.id
    before = figures(database, bank_id)
    with database.reading() as db:
        assert retiring.people_due(db, NOON) == 0
        assert retiring.people_due(db, NOON + DAY) == 3
    assert retiring.forget_people(database, NOON) == 0
    assert retiring.forget_people(database, NOON + DAY) == 3
    assert retiring.forget_people(database, NOON + DAY) == 0
    with database.reading() as db:
        kept = db.get_one(Contact, reached)
        assert (kept.first_name, kept.town) == ("Amina", "Hove")
        for contact in db.scalars(select(Contact).where(Contact.phonebank_id == bank_id)):
            if contact.id != reached:
                said = (contact.first_name, contact.last_name, contact.town, contact.postcode)
                assert said == ("", "", "", None)
                assert contact.state == "withdrawn"
        call = db.scalars(select(Call).where(Call.contact_id == missed)).one()
        assert (call.note, call.answers) == ("", {})
        numbers = db.scalars(select(PhoneNumber.e164).order_by(PhoneNumber.id)).all()
        assert numbers == [fictitious(at) for at in range(4)], "they stand on the other list"
    assert figures(database, bank_id) == before


def test_their_numbers_go_where_no_other_list_has_them(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db)
        bank.closes_at = NOON - DAY
    assert retiring.forget_people(database, NOON) == 4
    with database.reading() as db:
        numbers = db.scalars(select(PhoneNumber.e164)).all()
        assert len(numbers) == 4
        assert all(number.startswith("gone-") for number in numbers)


def test_a_phonebank_that_goes_on_keeps_its_people(database: Database) -> None:
    with database.unit_of_work() as db:
        a_bank(db).closes_at = NOON + DAY
        a_bank(db, first=10).status = "paused"
    assert retiring.forget_people(database, NOON) == 0
    assert retiring.forget_reached(database, NOON) == 0


def test_a_claim_that_ran_out_long_ago_keeps_nobody(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db, people=1)
        claim(db, bank, make_person(db))
        bank.closes_at = NOON + timedelta(minutes=1)
    assert retiring.forget_people(database, NOON + timedelta(minutes=10)) == 0
    with clock.at(NOON + 40 * DAY):
        assert retiring.forget_people(database, NOON + 10 * DAY) == 1
    with database.reading() as db:
        contact = db.scalars(select(Contact)).one()
        assert (contact.state, contact.claimed_by) == ("withdrawn", None)


def test_notes_go_after_90_days_and_nothing_else(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db)
        call_id = rung(db, bank).id
        bank_id = bank.id
    before = figures(database, bank_id)
    assert retiring.forget_notes(database, NOON) == 0
    with database.reading() as db:
        assert retiring.notes_due(db, NOON + DAY) == 2
    assert retiring.forget_notes(database, NOON + DAY) == 2
    with database.reading() as db:
        call = db.get_one(Call, call_id)
        assert (call.note, call.answers) == ("", {"come": "yes"})
        assert set(db.scalars(select(Contact.note))) == {""}
        assert retiring.notes_due(db, NOON + DAY) == 0
    assert figures(database, bank_id) == before


def test_opinions_go_but_not_those_of_people_who_have_an_account(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db)
        mine = make_person(db, "Amina Kay", email_confirmed_at=NOON)
        unconfirmed = make_person(db, "Ben Kay")
        kept = rung(db, bank, email=str(mine.email).upper()).id
        rung(db, bank, email=unconfirmed.email)
        rung(db, bank)
        bank_id = bank.id
    before = figures(database, bank_id)
    assert before[2] == {("come", "yes"): 3}
    with database.reading() as db:
        assert retiring.opinions_due(db, NOON + DAY) == 2
    assert retiring.forget_opinions(database, NOON) == 0
    assert retiring.forget_opinions(database, NOON + DAY) == 2
    assert retiring.forget_opinions(database, NOON + DAY) == 0
    with database.reading() as db:
        assert db.scalars(select(Answer.call_id)).all() == [kept]
        said = db.scalars(select(Call.answers).order_by(Call.id)).all()
        assert said == [{"come": "yes"}, {}, {}]
    assert figures(database, bank_id) == before


def test_calls_become_totals_and_the_board_shows_the_same(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terms, "PORTION", 2)
    with database.unit_of_work() as db:
        bank = a_bank(db, people=6)
        for outcome in ("talked", "talked", "no_answer"):
            rung(db, bank, outcome)
        held = claim(db, bank, make_person(db)).call.id
        later = rung(db, bank)
        db.execute(update(Call).where(Call.id == later.id).values(claimed_at=NOON + 9 * DAY))
        bank_id, later_id = bank.id, later.id
    before = figures(database, bank_id)
    assert before[0] == board.Progress(people=6, calls=4, talks=3)
    with database.reading() as db:
        assert retiring.calls_due(db, NOON + DAY) == 3
    assert retiring.forget_calls(database, NOON + DAY) == 3
    assert retiring.forget_calls(database, NOON + DAY) == 0
    with database.reading() as db:
        assert db.scalars(select(Call.id).order_by(Call.id)).all() == [held, later_id]
        assert db.scalar(select(func.count()).select_from(Answer)) == 1
    assert figures(database, bank_id) == before
    with database.unit_of_work() as db:
        db.execute(update(Call).values(claimed_at=NOON))
    assert retiring.forget_calls(database, NOON + DAY) == 1
    assert figures(database, bank_id) == before


def test_whoever_is_left_goes_with_the_calls(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = a_bank(db)
        rung(db, bank)
        bank.closes_at = NOON
        bank_id = bank.id
    before = figures(database, bank_id)
    with database.reading() as db:
        assert retiring.reached_due(db, NOON + DAY) == 4
    assert retiring.forget_reached(database, NOON + DAY) == 4
    with database.reading() as db:
        assert set(db.scalars(select(Contact.first_name))) == {""}
    assert figures(database, bank_id) == before
