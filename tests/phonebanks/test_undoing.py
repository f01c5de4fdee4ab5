"""A caller takes back the report they have just sent: the same call is open again."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, Conflict
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank
from campaign.phonebanks.operations import pausing
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.operations.undoing import undo
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.phonebanks.test_reversing import dump
from tests.proof_reader import ProofReadingClient

BANK = "/phonebanks/demo-calls"
SOON = NOON + timedelta(minutes=2)


@pytest.fixture
def noon(app: Flask) -> Any:
    with clock.at(NOON):
        yield


def no_answer(client: ProofReadingClient, cast: Cast, uuid: str = "one", **said: str) -> str:
    """A report of a call whose number was shown; the next person is asked for."""
    client.sign_in(cast.caller)
    claim_id = str(claim_json(client)["claim"]["id"])
    client.post_form(f"/claims/{claim_id}/reveal")
    sent = {"outcome": "no_answer", "client_uuid": uuid, "then": "next", **said}
    with clock.at(SOON):
        assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    return claim_id


def test_undo_opens_the_same_call_again_and_gives_the_next_person_back_untouched(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, noon: None
) -> None:
    client.sign_in(cast.caller)
    with database.reading() as db:
        before = dump(db)
    claim_id = no_answer(client, cast)
    with clock.at(SOON + timedelta(seconds=5)):
        page = client.get(f"{BANK}/call").text
        assert "Saved: No answer" in page
        assert page.count(f"/claims/{claim_id}/undo") == 2
        assert 'data-key="u"' in page
        assert client.post_form(f"/claims/{claim_id}/undo", {"report": "one"}).status_code == 303
        again = client.get(f"{BANK}/call").text
        assert "How did it go?" in again
        assert f"/claims/{claim_id}/outcome" in again
        assert 'class="number"' in again
        # The same press again changes nothing, and neither does the old report.
        assert client.post_form(f"/claims/{claim_id}/undo", {"report": "one"}).status_code == 303
        old = {"outcome": "no_answer", "client_uuid": "one", "then": "stop"}
        assert client.post_asking_json(f"/claims/{claim_id}/outcome", old).status_code == 409
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.status, call.result_code, call.reported_at) == ("revealed", None, None)
        assert db.scalar(select(func.count()).where(Call.revealed_at.is_not(None))) == 1
        others = db.scalars(select(Contact).where(Contact.id != call.contact_id)).all()
        assert {contact.attempts for contact in others} == {0}
        assert {contact.state for contact in others} == {"ready"}
        number = call.number_id
        assert dump(db, number) == b"\n".join(
            line for line in before.split(b"\n") if not _is_of(line, number)
        )
    with clock.at(SOON + timedelta(seconds=30)):
        sent = {"outcome": "talked", "client_uuid": "two", "then": "stop"}
        assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
        # A late copy of the first undo takes nothing of the second report.
        late = client.post_asking_json(f"/claims/{claim_id}/undo", {"report": "one"})
        assert late.status_code == 409
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        contact = db.get_one(Contact, call.contact_id)
        assert (call.result_code, contact.attempts, contact.state) == ("talked", 1, "done")


def _is_of(line: bytes, number: int) -> bool:
    mine = (f'"number_id": {number},'.encode(), f'{{"id": {number}, "e164"'.encode())
    return any(text in line for text in mine)


def test_a_wish_and_practice_cannot_be_undone_and_neither_can_a_stranger_s(
    client: ProofReadingClient, cast: Cast, made: Made, noon: None
) -> None:
    wish = no_answer(client, cast, outcome="dnc")
    page = client.get(f"{BANK}/call").text
    assert "/undo" not in page
    assert "Saved: Asked us never to call" in page
    assert client.post_asking_json(f"/claims/{wish}/undo", {"report": "one"}).status_code == 409
    client.sign_in(cast.stranger)
    assert client.post_asking_json(f"/claims/{wish}/undo", {"report": "one"}).status_code == 404


def test_who_waits_for_a_lead_s_word_opens_no_call_again(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, noon: None
) -> None:
    """The number would be on their screen once more."""
    claim_id = no_answer(client, cast)
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        pausing.pause(db, phonebank=bank, person_id=cast.caller.id, why="lead", now=SOON)
    with clock.at(SOON):
        answer = client.post_asking_json(f"/claims/{claim_id}/undo", {"report": "one"})
        assert answer.json["reason"] == "held_back", answer.json
        assert 'class="number"' not in client.get(f"{BANK}/call").text
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.status, call.result_code) == ("reported", "no_answer")


def test_the_form_holds_what_was_said_before(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, noon: None
) -> None:
    claim_id = no_answer(
        client, cast, outcome="talked", **{"answer-come": "yes", "note": "Ask for Jo"}
    )
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Answer)) == 1
    with clock.at(SOON):
        client.post_form(f"/claims/{claim_id}/undo", {"report": "one"})
        page = client.get(f"{BANK}/call").text
    assert "Ask for Jo" in page
    chosen = page.split('name="answer-come" value="yes"')[1].split(">")[0]
    assert "checked" in chosen
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Answer)) == 0


def test_nothing_is_undone_while_the_next_number_is_on_the_screen_or_after_twenty_minutes(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, noon: None
) -> None:
    claim_id = no_answer(client, cast)
    with clock.at(SOON + timedelta(minutes=1)):
        # The pace lets the next person come a moment later.
        following = claim_json(client)["claim"]["id"]
        assert client.post_form(f"/claims/{following}/reveal").status_code == 303
        assert "/undo" not in client.get(f"{BANK}/call").text
        answer = client.post_asking_json(f"/claims/{claim_id}/undo", {"report": "one"})
        assert "say how that call went first" in str(answer.json)
    with database.reading() as db:
        held = db.scalars(select(Contact).where(Contact.state == "claimed")).one()
        call = db.scalars(select(Call).where(Call.public_id == following)).one()
        assert held.id == call.contact_id
    with clock.at(SOON + timedelta(minutes=21)):
        client.sign_in(cast.caller)
        assert "/undo" not in client.get(f"{BANK}/call").text


def test_whom_another_caller_has_or_rang_since_is_not_opened_again(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db, cooldown_minutes=0)
        fill(db, bank, range(1))
        first, second = make_person(db, "Ama"), make_person(db, "Bea")
        held = claim(db, bank, first)
        report(db, call=held.call, phonebank=bank, outcome="tech", now=SOON, client_uuid="one")
        claim(db, bank, second, SOON)
        before = dump(db)
        with pytest.raises(Conflict, match="no longer"):
            undo(db, call=held.call, phonebank=bank, report="one", now=SOON)
        assert dump(db) == before


@pytest.mark.storm
def test_of_an_undo_and_another_s_claim_at_one_moment_one_wins(database: Database) -> None:
    for turn in range(12):
        with database.unit_of_work() as db:
            bank = make_phonebank(db, title=f"List {turn}", cooldown_minutes=0)
            fill(db, bank, range(turn, turn + 1))
            first, second = make_person(db), make_person(db)
            held = claim(db, bank, first)
            uuid = f"uuid-{turn}"
            report(db, call=held.call, phonebank=bank, outcome="tech", now=SOON, client_uuid=uuid)
            call_id, bank_id, second_id = held.call.id, bank.id, second.id
        gate = threading.Barrier(2)

        def take_back(call_id: int = call_id, uuid: str = uuid, gate: Any = gate) -> bool:
            gate.wait()
            try:
                with database.unit_of_work() as db:
                    call = db.get_one(Call, call_id)
                    bank = db.get_one(Phonebank, call.phonebank_id)
                    undo(db, call=call, phonebank=bank, report=uuid, now=SOON)
            except (Conflict, Busy):
                return False
            return True

        def take(bank_id: int = bank_id, who: int = second_id, gate: Any = gate) -> bool:
            gate.wait()
            with database.unit_of_work() as db:
                bank = db.get_one(Phonebank, bank_id)
                found = claim_next(db, phonebank=bank, caller_id=who, now=SOON, pace=None)
                return isinstance(found, Claim)

        with ThreadPoolExecutor(2) as pool:
            undone, taken = pool.submit(take_back), pool.submit(take)
            assert sorted([undone.result(), taken.result()]) == [False, True]
        with database.reading() as db:
            claimed = select(Contact).where(Contact.phonebank_id == bank_id)
            contact = db.scalars(claimed).one()
            wanted = first.id if undone.result() else second_id
            assert (contact.state, contact.claimed_by) == ("claimed", wanted)


@pytest.mark.storm
def test_twenty_presses_at_one_moment_are_one(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db)
        fill(db, bank, range(4))
        caller = make_person(db)
        held = claim(db, bank, caller)
        report(db, call=held.call, phonebank=bank, outcome="no_answer", now=SOON, client_uuid="a")
        claim(db, bank, caller, SOON)
        call_id = held.call.id
    gate = threading.Barrier(8)

    def press(_: int) -> str:
        gate.wait()
        with database.unit_of_work() as db:
            call = db.get_one(Call, call_id)
            bank = db.get_one(Phonebank, call.phonebank_id)
            return undo(db, call=call, phonebank=bank, report="a", now=SOON).call.public_id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(press, range(8)))) == 1
    with database.unit_of_work() as db:
        assert db.scalar(select(func.count()).where(Contact.state == "claimed")) == 1
        call = db.get_one(Call, call_id)
        bank = db.get_one(Phonebank, call.phonebank_id)
        record_outcome(db, call=call, phonebank=bank, outcome="talked", now=SOON, client_uuid="b")
        assert db.get_one(Contact, call.contact_id).attempts == 1
