"""Somebody rings back: found by first name, noted once, and taken from nobody."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.people.models import Suppression
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import removing
from campaign.phonebanks.operations.ringing_back import OnScreen, log_ring_back
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.ringing_back import is_called
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fictitious, fill, make_person, make_phonebank
from tests.phonebanks.making import report as note
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient, says

LATER = NOON + timedelta(hours=2)


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.unit_of_work() as session:
        yield session


@pytest.mark.parametrize(
    ("name", "typed", "meant"),
    [
        ("Zoë", "zoe", True),
        ("Bob", "Bobby", True),
        ("Roberta", "Rob", True),
        ("Amina", "Amira", False),
        ("Amina", "a", False),
        ("", "Amina", False),
    ],
)
def test_a_first_name_is_found_as_it_may_be_said(name: str, typed: str, meant: bool) -> None:
    assert is_called(name, typed) is meant


def rang(db: Session, outcome: str = "no_answer") -> tuple[Phonebank, Call]:
    """A phonebank, and a call of somebody's who was not there."""
    bank = make_phonebank(db)
    fill(db, bank, range(2))
    caller = make_person(db)
    call = claim(db, bank, caller).call
    note(db, call=call, phonebank=bank, outcome=outcome, now=NOON)
    return bank, call


def log(db: Session, call: Call, bank: Phonebank, **given: Any) -> Any:
    usual = {"outcome": "talked", "now": LATER, "client_uuid": "back-1"}
    return log_ring_back(db, earlier=call, phonebank=bank, **{**usual, **given})


def test_who_rings_back_is_a_call_of_its_own_and_no_attempt(db: Session) -> None:
    bank, call = rang(db)
    contact = db.get_one(Contact, call.contact_id)
    before = contact.attempts
    saved = log(db, call, bank, note="Comes on Thursday")
    assert (saved.outcome, saved.late) == ("talked", False)
    came_in = db.scalars(select(Call).where(Call.inbound)).one()
    assert (came_in.status, came_in.attempted_at, came_in.late) == ("reported", None, False)
    db.refresh(contact)
    assert (contact.state, contact.attempts, contact.note) == ("done", before, "Comes on Thursday")
    db.refresh(call)
    assert call.result_code == "no_answer"


def test_the_same_report_again_is_one_call(db: Session) -> None:
    bank, call = rang(db)
    first = log(db, call, bank)
    again = log(db, call, bank, now=LATER + timedelta(minutes=1))
    assert (again.at, again.repeated) == (first.at, True)
    assert db.scalar(select(func.count()).select_from(Call).where(Call.inbound)) == 1
    with pytest.raises(Conflict):
        log(db, call, bank, outcome="refused_soft")


def test_who_is_in_another_callers_hands_stays_there(db: Session) -> None:
    bank, call = rang(db)
    db.execute(update(Contact).values(not_before=None))
    bank.cooldown_minutes = 0
    other = make_person(db, "Ruth Okafor")
    contact = db.get_one(Contact, call.contact_id)
    contact.state, contact.claimed_by = "claimed", other.id
    contact.claimed_until = LATER + timedelta(minutes=10)
    db.flush()
    log(db, call, bank)
    db.refresh(contact)
    assert (contact.state, contact.claimed_by) == ("claimed", other.id)
    log(db, call, bank, outcome="dnc", client_uuid="back-2")
    db.refresh(contact)
    assert (contact.state, contact.claimed_by) == ("suppressed", None)


def test_never_call_holds_for_the_number_at_once(db: Session) -> None:
    bank, call = rang(db)
    log(db, call, bank, outcome="dnc")
    assert db.scalar(select(func.count()).select_from(Suppression)) == 1
    assert db.get_one(Contact, call.contact_id).state == "suppressed"


def test_a_promise_is_kept_by_who_took_the_call(db: Session) -> None:
    bank, call = rang(db)
    at = NOON + timedelta(hours=4)
    log(db, call, bank, outcome="call_later", callback_at=at)
    contact = db.get_one(Contact, call.contact_id)
    assert (contact.state, contact.promised_at) == ("callback", at)
    assert contact.callback_owner_id == call.caller_id


def test_an_outcome_without_anybody_there_makes_no_sense(db: Session) -> None:
    bank, call = rang(db)
    for outcome in ("no_answer", "busy", "skip_know"):
        with pytest.raises(Refused):
            log(db, call, bank, outcome=outcome)


def test_who_is_on_ones_own_screen_is_noted_there(db: Session) -> None:
    bank = make_phonebank(db)
    fill(db, bank, range(1))
    call = claim(db, bank, make_person(db)).call
    with pytest.raises(OnScreen):
        log(db, call, bank, now=NOON)


def test_only_ones_own_last_people_are_found_and_only_for_two_weeks(db: Session) -> None:
    bank, call = rang(db)
    own = board.rung_by(db, bank.id, call.caller_id, now=LATER)
    assert [one.call.id for one in own] == [call.id]
    assert board.rung_by(db, bank.id, make_person(db).id, now=LATER) == []
    assert board.rung_by(db, bank.id, call.caller_id, now=NOON + timedelta(days=15)) == []


def a_call(client: ProofReadingClient, cast: Cast) -> str:
    client.sign_in(cast.caller)
    claim_id = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    client.post_asking_json(
        f"/claims/{claim_id}/outcome", {"outcome": "no_answer", "client_uuid": "u1"}
    )
    return str(claim_id)


@pytest.mark.usefixtures("noon")
def test_a_caller_finds_who_rings_back_and_notes_it_without_a_number_in_sight(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = a_call(client, cast)
    page = client.get("/phonebanks/demo-calls/rang-back")
    assert "Somebody rang back" in page.text
    assert "Amina" not in page.text
    page = client.post_form("/phonebanks/demo-calls/rang-back", {"first_name": "Nobody"})
    assert "You rang nobody of that name lately" in page.text
    page = client.post_form("/phonebanks/demo-calls/rang-back", {"first_name": "amina"})
    assert f"/rang-back/{claim_id}" in page.text
    assert "No answer" in page.text
    form = client.get(f"/phonebanks/demo-calls/rang-back/{claim_id}")
    assert "Amina rang back" in form.text
    for shown in (page.text, form.text):
        assert not says(shown, "Kay")
        assert all(fictitious(number)[3:] not in shown.replace(" ", "") for number in range(8))
    done = client.post_form(
        f"/phonebanks/demo-calls/rang-back/{claim_id}",
        {"outcome": "talked", "client_uuid": "back", "note": "Comes"},
        follow_redirects=True,
    )
    assert "Saved: Talked" in done.text
    with database.reading() as db:
        assert db.scalars(select(Call.result_code).where(Call.inbound)).one() == "talked"


@pytest.mark.usefixtures("noon")
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = a_call(client, cast)
    page = client.post_form(
        f"/phonebanks/demo-calls/rang-back/{claim_id}", {"note": "After work", "client_uuid": "b"}
    )
    assert page.status_code == 422
    assert "After work" in page.text
    assert client.post_form("/phonebanks/demo-calls/rang-back", {}).status_code == 422


@pytest.mark.usefixtures("noon")
def test_a_call_is_found_by_nobody_but_who_made_it(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = a_call(client, cast)
    for person in (cast.organiser, cast.stranger, cast.lead):
        client.sign_in(person)
        page = client.post_form("/phonebanks/demo-calls/rang-back", {"first_name": "Amina"})
        assert claim_id not in page.text
        address = f"/phonebanks/demo-calls/rang-back/{claim_id}"
        assert client.get(address).status_code == 404
        answer = client.post_form(address, {"outcome": "talked", "client_uuid": "x"})
        assert answer.status_code == 404
    client.sign_in(cast.administrator)
    assert client.get("/phonebanks/demo-calls/rang-back").status_code == 403
    with database.unit_of_work() as db:
        phonebank = db.scalars(select(Phonebank).where(Phonebank.public_id == "demo-calls")).one()
        removing.remove(
            db,
            phonebank=phonebank,
            person=cast.caller,
            actor_id=cast.organiser.id,
            now=clock.now(),
        )
    client.sign_in(cast.caller)
    assert client.get("/phonebanks/demo-calls/rang-back").status_code == 403


@pytest.mark.usefixtures("noon")
def test_a_day_after_the_end_nothing_is_noted_any_more(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = a_call(client, cast)
    with database.unit_of_work() as db:
        db.execute(update(Phonebank).values(closes_at=NOON + timedelta(hours=1)))
    address = f"/phonebanks/demo-calls/rang-back/{claim_id}"
    with clock.at(NOON + timedelta(hours=24)):
        client.sign_in(cast.caller)
        assert client.get(address).status_code == 200
    with clock.at(NOON + timedelta(hours=26)):
        client.sign_in(cast.caller)
        assert client.get(address).status_code == 403
