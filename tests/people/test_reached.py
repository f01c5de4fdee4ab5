"""Who has no account asks by address or number: all of it is shown, and all of it goes."""

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign import registry
from campaign.events.models import Follower, Rsvp
from campaign.foundation.audit import AuditRow
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Base, Database
from campaign.foundation.outbox import OutboxLetter, post
from campaign.meetups.models import Participant
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks.models import Answer, Contact
from tests.cast import call_the_cast
from tests.commands.restoring import Installation, number_of
from tests.events.makers import announced, signed_up
from tests.meetups.making import seated
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.making import report as note

ADDRESS = "amina@people.example"
NUMBER = number_of(1)


@pytest.fixture(autouse=True)
def rooms_listen() -> None:
    registry.subscribe()


def held_everywhere(db: Session) -> None:
    """Amina Kay stands on two lists, was rung, signed up with her number, follows; no account."""
    cast = call_the_cast(db)
    bank = make_phonebank(db, cast.group)
    fill(db, bank, range(1, 2), email="Amina@People.example", town="Hove")
    fill(db, make_phonebank(db, cast.group, title="Another list"), range(1, 2))
    call = claim(db, bank, make_person(db)).call
    note(db, call=call, phonebank=bank, outcome="talked", note="Has two cats", now=NOON)
    call.answers = {"come": "yes"}
    db.add(Answer(call_id=call.id, question="come", option="yes"))
    event = announced(db, cast)
    signed_up(db, event, "Amina Kay", email=ADDRESS, phone=NUMBER, postcode="BN3 4QX")
    signed_up(db, event, "Amina Again", email=None, phone=NUMBER)
    signed_up(db, event, "Nosy Parker", email=cast.supporter.email, phone=NUMBER)
    db.add(Follower(public_id="hers", email=ADDRESS, made_at=NOON, told_up_to=0))
    post(db, Letter(ADDRESS, "Hello", "text", "html"), key="hers")
    db.flush()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as session:
        held_everywhere(session)
        yield session


def everything(db: Session) -> str:
    """All that stands in the database, as one text."""
    found = []
    for table in Base.metadata.sorted_tables:
        found += [str(tuple(row)) for row in db.execute(select(table))]
    return "\n".join(found)


def test_by_address_everything_is_shown(db: Session) -> None:
    held = json.dumps(people.export_address(db, email=ADDRESS), default=str)
    for words in ("Amina", "Hove", "Has two cats", "come: yes", "BN3 4QX", "Ring round Hove"):
        assert words in held, words
    assert people.export_address(db, email=ADDRESS)["Follows by mail"] != []
    assert "Priya" not in held, "no caller's name"
    assert "Nosy Parker" not in held


def test_by_number_everybody_who_shares_it_is_shown(db: Session) -> None:
    held = json.dumps(people.export_number(db, e164=NUMBER), default=str)
    for words in ("Another list", "Has two cats", "Amina Kay", "Amina Again"):
        assert words in held, words
    assert people.export_number(db, e164=number_of(2))["On call lists"] == []


def test_by_address_all_of_it_goes(db: Session) -> None:
    people.erase_address(db, email=ADDRESS)
    left = everything(db)
    for words in ("Has two cats", "BN3 4QX", ADDRESS, "Amina@People", "amina@people"):
        assert words not in left, words
    assert db.scalar(select(func.count()).select_from(Answer)) == 0
    assert db.scalar(select(OutboxLetter.id).where(OutboxLetter.to == ADDRESS)) is None
    assert people_of_list(db) == [("", "withdrawn"), ("Amina", "ready")], "whom it does not name"


def people_of_list(db: Session) -> list[tuple[str, str]]:
    query = select(Contact.first_name, Contact.state).order_by(Contact.id)
    return [(name, state) for name, state in db.execute(query)]


def test_by_number_all_of_it_goes_but_another_s_account(db: Session) -> None:
    people.suppress(db, hmac=hmac_of(db), reason="asked", source="page")
    people.erase_number(db, e164=NUMBER)
    left = everything(db)
    assert NUMBER not in left
    assert "Has two cats" not in left
    assert [state for _, state in people_of_list(db)] == ["suppressed", "suppressed"]
    assert [name for name, _ in people_of_list(db)] == ["", ""]
    names = sorted(db.scalars(select(Rsvp.name).where(Rsvp.name != "Cal Caller")))
    assert names == ["Nosy Parker", "Somebody", "Somebody"]
    assert db.scalar(select(func.count()).select_from(Suppression)) == 1, "the wish outlasts it"


def hmac_of(db: Session) -> str:
    return db.scalars(select(PhoneNumber.hmac).where(PhoneNumber.e164 == NUMBER)).one()


def test_at_a_meetup_s_door_they_are_nobody_then(database: Database) -> None:

    with database.unit_of_work() as db:
        cast = call_the_cast(db)
        _, _, (bea, tom, sian) = seated(db, cast, "Bea", "Tom", "Sian")
        bea.email, tom.phone, sian.person_id = ADDRESS, NUMBER, cast.supporter.id
        db.flush()
        assert people.export(db, person=cast.supporter)["At meetups"][0]["name"] == "Sian"
        people.erase_address(db, email=ADDRESS)
        people.erase_number(db, e164=NUMBER)
        people.erase(db, person=db.get_one(Person, cast.supporter.id))
        rows = db.scalars(select(Participant).order_by(Participant.id)).all()
        assert {(row.name, row.email, row.phone, row.person_id) for row in rows} == {
            ("Somebody", None, None, None)
        }


@pytest.mark.parametrize("who", [ADDRESS, NUMBER, "+44 4 000 000 001"])
def test_the_command_shows_and_erases_and_asks_first(
    database: Database, tmp_path: Path, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with database.unit_of_work() as db:
        held_everywhere(db)
    here = Installation(database, tmp_path)
    assert "Has two cats" in here.run("rights", "show", who)
    assert "--sure" in here.run("rights", "erase", who, code=1)
    assert "Has two cats" in here.run("rights", "show", who)
    here.run("rights", "erase", who, "--sure")
    assert "Has two cats" not in here.run("rights", "show", who)
    with database.reading() as db:
        log = "\n".join(
            f"{row.subject} {row.action} {row.details}" for row in db.scalars(select(AuditRow))
        )
    for words in (log, caplog.text, (tmp_path / "journal.jsonl").read_text()):
        for nobody in ("Amina", ADDRESS, NUMBER[1:], "000000001"):
            assert nobody not in words
    assert "erased" in log


def test_every_column_that_holds_an_address_or_a_number_is_one_that_erasing_knows() -> None:
    """Whoever adds such a column names it so that an older copy's is found, and says here how it
    goes."""
    known = {
        "announcement.email",
        "contact.email",
        "event_invite.email",
        "follower.email",
        "participant.email",
        "participant.phone",
        "person.email",
        "person.phone",
        "phone_number.e164",
        "rsvp.phone",
        "seed_invite.email",
        "sharer.email",
        "sign_in_link.email",
        "outbox_letter.to",
    }
    found = set()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if getattr(column.type, "length", None) in (320, 16) and column.name not in (
                "purpose",
                "calendar",
            ):
                found.add(f"{table.name}.{column.name}")
            if column.name in ("email", "phone", "e164", "mobile", "number_text"):
                found.add(f"{table.name}.{column.name}")
    assert found - {"phonebank.purpose"} == known
