"""What call lists hold of a person: shown to them, and gone with them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks.models import Answer, Call, Contact
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.making import report as note


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


def rung(db: Session, outcome: str = "talked", **person: Any) -> tuple[Person, Contact, Call]:
    """Somebody with an account who stands on a list and was rung."""
    bank = make_phonebank(db)
    contact = fill(db, bank, range(1), town="Hove", postcode="BN3 2LS")[0]
    mine = make_person(db, "Amina Kay", **{"email_confirmed_at": NOON, **person})
    contact.email = mine.email
    call = claim(db, bank, make_person(db)).call
    note(db, call=call, phonebank=bank, outcome=outcome, note="Asked about the vote", now=NOON)
    call.answers = {"come": "yes"}
    db.add(Answer(call_id=call.id, question="come", option="yes"))
    db.flush()
    return mine, contact, call


def test_what_is_held_of_a_person_says_calls_answers_and_no_callers_name(db: Session) -> None:
    mine, _, _ = rung(db)
    held = people.export(db, person=mine)
    assert held["On call lists"][0]["town"] == "Hove"
    assert held["Calls to you"] == [
        {
            "when": NOON.isoformat(timespec="minutes"),
            "by": "a volunteer",
            "outcome": "Talked",
            "answers": "come: yes",
            "note": "Asked about the vote",
        }
    ]
    assert "Priya" not in str(held["Calls to you"])


def test_an_address_nobody_confirmed_shows_and_erases_nothing(db: Session) -> None:
    mine, contact, _ = rung(db, email_confirmed_at=None)
    assert people.export(db, person=mine)["On call lists"] == []
    people.erase(db, person=mine)
    db.refresh(contact)
    assert contact.first_name == "Amina"


def test_the_same_telephone_is_not_the_same_person(db: Session) -> None:
    _, contact, _ = rung(db)
    e164 = db.get_one(PhoneNumber, contact.number_id).e164
    other = make_person(db, "Nosy Parker", phone=e164, email_confirmed_at=NOON)
    assert people.export(db, person=other)["On call lists"] == []


def test_who_is_erased_is_on_no_list_and_in_no_answer(db: Session) -> None:
    mine, contact, call = rung(db)
    e164 = db.get_one(PhoneNumber, contact.number_id).e164
    people.erase(db, person=mine)
    db.expire_all()
    contact = db.get_one(Contact, contact.id)
    said = (contact.first_name, contact.last_name, contact.town, contact.postcode, contact.email)
    assert said == ("", "", "", None, None)
    assert (contact.state, contact.note) == ("withdrawn", "")
    assert db.scalar(select(func.count()).select_from(Answer)) == 0
    assert (db.get_one(Call, call.id).note, db.get_one(Call, call.id).answers) == ("", {})
    assert db.scalar(select(PhoneNumber.id).where(PhoneNumber.e164 == e164)) is None


def test_a_never_call_outlasts_the_person(db: Session) -> None:
    mine, contact, _ = rung(db, "dnc")
    people.erase(db, person=mine)
    assert db.scalar(select(func.count()).select_from(Suppression)) == 1
    assert db.get_one(Contact, contact.id).state == "suppressed"


def test_a_number_that_others_share_stays(db: Session) -> None:
    mine, contact, _ = rung(db)
    fill(db, make_phonebank(db, title="Another list"), range(1), first_name="Ben")
    people.erase(db, person=mine)
    db.expire_all()
    assert db.get_one(PhoneNumber, contact.number_id).e164.startswith("+44")


def test_who_is_in_a_call_goes_off_the_screen(db: Session) -> None:
    bank = make_phonebank(db)
    contact = fill(db, bank, range(1))[0]
    mine = make_person(db, email_confirmed_at=NOON - timedelta(days=1))
    contact.email = mine.email
    db.flush()
    held = claim(db, bank, make_person(db, "Ruth Okafor"))
    people.erase(db, person=mine)
    db.expire_all()
    assert db.get_one(Contact, contact.id).claimed_by is None
    assert db.get_one(Call, held.call.id).status == "revoked"
