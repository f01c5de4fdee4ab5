"""A report that is still being written: what is kept of it, for whom, and for how long."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign import registry
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.people import operations as people
from campaign.phonebanks.models import Answer, Call, CallDraft, Contact, Phonebank
from campaign.phonebanks.operations import setup
from campaign.phonebanks.operations.dispensing import Claim
from campaign.phonebanks.operations.drafting import keep_draft
from campaign.phonebanks.operations.reporting import LATEST_REPORT, record_outcome
from campaign.phonebanks.operations.revealing import release, reveal
from campaign.phonebanks.queries.at_hand import call_at_hand
from campaign.phonebanks.rules.half_said import KEPT, is_open, may_be_kept
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

STEPS: list[dict[str, Any]] = [
    {"key": "opening", "say": "Hello.", "options": []},
    {"key": "come", "say": "Could you come?", "options": [{"key": "yes", "label": "Yes"}]},
    {"key": "vote", "say": "How?", "opinion": True, "options": [{"key": "us", "label": "Us"}]},
]


def kept(**sent: str) -> dict[str, str]:
    fields = {name.replace("_", "-") if "answer" in name else name: sent[name] for name in sent}
    return may_be_kept(fields, STEPS, is_outcome=lambda code: code == "talked")


def test_an_opinion_is_kept_only_where_they_agreed_to_it() -> None:
    assert kept(answer_vote="us", answer_come="yes") == {"answer-come": "yes"}
    agreed = may_be_kept(
        {"answer-vote": "us", "agreed-vote": "yes"}, STEPS, is_outcome=lambda _: True
    )
    assert agreed == {"answer-vote": "us", "agreed-vote": "yes"}


def test_only_fields_of_the_form_and_answers_of_the_script_are_kept() -> None:
    sent = {"outcome": "dnc", "csrf_token": "x", "then": "next", "answer-none": "yes"}
    sent |= {"answer-come": "perhaps", "agreed-none": "yes", "spoken": "0", "language": " "}
    sent |= {"signup-come": "abcdefghjk"}
    assert may_be_kept(sent, STEPS, is_outcome=lambda code: code == "talked") == {
        "spoken": "0",
        "signup-come": "abcdefghjk",
    }
    assert kept(outcome="talked", callback_at="pick") == {
        "outcome": "talked", "callback_at": "pick",
    }  # fmt: skip


def test_a_draft_is_of_use_for_as_long_as_its_call_can_be_reported() -> None:
    assert KEPT == LATEST_REPORT
    given: dict[str, Any] = {"revealed_at": NOON, "expires_at": NOON, "latest": KEPT}
    for status in ("revealed", "expired", "revoked"):
        assert is_open(status, now=NOON + KEPT, **given)
    assert not is_open("revealed", now=NOON + KEPT + timedelta(seconds=1), **given)
    assert not is_open("reported", now=NOON, **given)
    assert not is_open("released", now=NOON, **given)
    assert not is_open("claimed", now=NOON, **{**given, "revealed_at": None})


def shown(db: Session, **given: Any) -> tuple[Phonebank, Claim]:
    phonebank, caller = make_phonebank(db), make_person(db)
    setup.write_script(db, phonebank=phonebank, steps=STEPS, actor_id=caller.id, now=NOON)
    fill(db, phonebank, range(1), **given)
    held = claim(db, phonebank, caller)
    reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
    return phonebank, held


def note_down(db: Session, phonebank: Phonebank, held: Claim, **given: Any) -> CallDraft:
    usual: dict[str, Any] = {"sent": {"answer-come": "yes"}, "note": "Has two cats", "now": NOON}
    return keep_draft(db, call=held.call, phonebank=phonebank, **{**usual, **given})


def drafts(db: Session) -> list[CallDraft]:
    return list(db.scalars(select(CallDraft).order_by(CallDraft.call_id)))


def test_one_draft_a_call_and_the_newest_stands(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held = shown(db)
        note_down(db, phonebank, held)
        note_down(db, phonebank, held, sent={"outcome": "talked"}, note="Three cats")
        (draft,) = drafts(db)
        assert (draft.said, draft.note) == ({"outcome": "talked"}, "Three cats")


@pytest.mark.parametrize("outcome", ["talked", "no_answer", "dnc"])
def test_the_report_takes_its_draft_away_and_goes_the_long_way(
    database: Database, outcome: str
) -> None:
    with database.unit_of_work() as db:
        phonebank, held = shown(db)
        assert not _look(db, held).has_draft
        note_down(db, phonebank, held)
        assert _look(db, held).has_draft
        record_outcome(db, call=held.call, phonebank=phonebank, outcome=outcome, now=NOON)
        assert drafts(db) == []
        with pytest.raises(Conflict, match="not open any more"):
            note_down(db, phonebank, held)


def _look(db: Session, held: Claim) -> Any:
    return call_at_hand(db, held.call.public_id, held.call.caller_id, now=NOON)


def test_whoever_is_given_back_leaves_no_draft(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held = shown(db)
        note_down(db, phonebank, held)
        release(db, call=held.call, phonebank=phonebank, reason="stop", now=NOON)
        assert drafts(db) == []


def test_nobody_drafts_a_call_whose_number_was_not_shown(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        with pytest.raises(Conflict):
            note_down(db, phonebank, held)


def test_a_draft_is_in_the_access_file_and_goes_with_the_person(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held = shown(db, email="amina@people.example")
        note_down(db, phonebank, held)
        shown_to_them = json.dumps(people.export_address(db, email="amina@people.example"))
        assert "Has two cats" in shown_to_them
        assert "answer-come: yes" in shown_to_them
        assert "Priya" not in shown_to_them
        people.erase_address(db, email="amina@people.example")
        assert drafts(db) == []


def test_a_draft_that_nobody_touched_for_a_day_is_forgotten(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, held = shown(db)
        note_down(db, phonebank, held)
    kept = next(kept for kept in registry.RETENTION if "never sent off" in kept.what)
    with database.reading() as db:
        assert kept.due(db, NOON) == 0
        assert kept.due(db, NOON + timedelta(seconds=1)) == 1
    assert kept.forget(database, NOON) == 0
    assert kept.forget(database, NOON + timedelta(seconds=1)) == 1
    with database.reading() as db:
        assert drafts(db) == []


def in_call(client: ProofReadingClient, cast: Cast) -> str:
    client.sign_in(cast.caller)
    claim_id: str = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    return claim_id


def test_what_was_noted_stands_there_after_a_reload_and_on_another_device(
    app: Flask, client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = in_call(client, cast)
    sent = {
        "outcome": "talked",
        "answer-come": "yes",
        "note": "Has two cats",
        "callback_pick": "2026-11-25T15:00",
    }
    assert client.post_asking_json(f"/claims/{claim_id}/draft", sent).json == {"kept": True}
    other = app.test_client()
    other.sign_in(cast.caller)
    for device in (client, other):
        page = device.get("/phonebanks/demo-calls/call").text
        assert "Has two cats" in page
        assert re.search(r'value="talked"[^>]* checked', page)
        assert re.search(r'name="answer-come" value="yes"[^>]* checked', page)
        assert 'name="callback_pick" value="2026-11-25T15:00"' in page
    # It ran out meanwhile: the same stands there for the late report.
    with clock.at(NOON + timedelta(hours=3)):
        client.sign_in(cast.caller)
        assert "Has two cats" in client.get("/phonebanks/demo-calls/call/late").text


def test_a_draft_and_its_key_are_nobody_elses(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = in_call(client, cast)
    key = client.get(f"/claims/{claim_id}/seal").json["seal"]
    assert key in client.get("/phonebanks/demo-calls/call").text
    assert len(key) == 43
    for person in (cast.organiser, cast.stranger, cast.administrator):
        client.sign_in(person)
        assert client.get(f"/claims/{claim_id}/seal").status_code == 404
        answer = client.post_asking_json(f"/claims/{claim_id}/draft", {"note": "x"})
        assert answer.status_code == 404
    client.sign_out()
    assert client.get(f"/claims/{claim_id}/seal").status_code == 303
    with database.reading() as db:
        assert drafts(db) == []


def test_an_everyday_report_with_a_draft_is_stored_whole_and_leaves_none(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = in_call(client, cast)
    client.post_asking_json(f"/claims/{claim_id}/draft", {"note": "Ring late"})
    sent = {"outcome": "no_answer", "note": "Ring late", "client_uuid": "u1", "then": "next"}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.result_code, call.note) == ("no_answer", "Ring late")
        assert drafts(db) == []


def test_an_expired_sign_in_loses_nothing_of_a_report_without_scripts(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = in_call(client, cast)
    sent = {"outcome": "talked", "answer-come": "yes", "note": "Has two cats", "client_uuid": "u1"}
    client.sign_out()
    page = client.post_form(f"/claims/{claim_id}/outcome", sent)
    assert page.status_code == 401
    assert "What you typed is still here" in page.text
    held = dict(re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)"', page.text))
    assert {name: held[name] for name in sent} == sent
    client.sign_in(cast.caller)
    for _ in range(2):
        assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        (call,) = db.scalars(select(Call).where(Call.status == "reported"))
        assert call.note == "Has two cats"
        assert len(db.scalars(select(Answer)).all()) == 1
        assert db.scalars(select(Contact).where(Contact.state == "done")).one()


def test_whoever_must_sign_in_before_a_tap_comes_back_to_the_page_of_it(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = in_call(client, cast)
    client.sign_out()
    here = "http://localhost/phonebanks/demo-calls/call"
    answer = client.post_form(
        f"/claims/{claim_id}/release", {"reason": "stop"}, headers={"Referer": here}
    )
    assert answer.headers["Location"] == "/sign-in?next=/phonebanks/demo-calls/call"
    answer = client.post_form(
        f"/claims/{claim_id}/release", headers={"Referer": "https://elsewhere.example//evil"}
    )
    assert answer.headers["Location"] == "/sign-in"
