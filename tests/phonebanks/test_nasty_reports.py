"""What no page of ours sends: each is taken without what is wrong about it, or refused in words."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.people.models import Suppression
from campaign.phonebanks.models import Call, Contact
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fill, make_phonebank
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

NASTY: list[dict[str, Any]] = [
    {"client_uuid": "a\x00b"},
    {"client_uuid": "x" * 65},
    {"outcome": "no\x00answer"},
    {"outcome": "'; --"},
    {"now": "reversed", "outcome": "talked"},
    {"outcome": "skip_other"},
    {"outcome": ["talked", "no_answer"]},
    {"note": "a\x00b", "outcome": "talked"},
    {"note": "x" * 501, "outcome": "talked"},
    {"note": "\U0001d160" * 400, "outcome": "talked"},
    {"language": "\x00\u202e" * 20, "outcome": "language"},
    {"callback_at": "0001-01-01T00:00", "outcome": "call_later"},
    {"callback_at": "9999-12-31T23:59:59-12:00", "outcome": "call_later"},
    {"callback_at": "2026-11-25T14:00+99:00", "outcome": "call_later"},
    {"callback_at": "pick", "callback_pick": "2027-03-28T01:30", "outcome": "call_later"},
    {"callback_at": "2026-11-25T14:00", "callback_zone": "../../etc/passwd\x00"},
    {"callback_at": "2026-11-25T14:00", "callback_zone": "Asia/Tokyo", "outcome": "dead_number"},
    {"spoken": "-1", "outcome": "talked"},
    {"spoken": "19", "outcome": "talked"},
    {"spoken": "٣", "outcome": "talked"},
    {"script": "999999", "outcome": "talked"},
    {"script": "٣", "outcome": "talked"},
    {"answer-come": "yes\x00", "outcome": "talked"},
    {"answer-come": "perhaps", "answer-\x00": "yes", "outcome": "talked"},
    {"signup-come": "\x00", "outcome": "talked", "answer-come": "yes"},
    {"signup-come": "x" * 300, "signup-mail": "\x00", "outcome": "talked"},
    {"switch": "0" * 300, "outcome": "no_answer"},
    {"switch": "\x00", "outcome": "no_answer"},
    {"then": "\x00", "outcome": "no_answer"},
]


@pytest.fixture(autouse=True)
def _noon(app: Flask) -> Iterator[None]:
    """After the application was made, which sets the clock by its settings."""
    with clock.at(NOON):
        yield


def shown(client: ProofReadingClient) -> str:
    claim_id = str(claim_json(client)["claim"]["id"])
    assert client.post_form(f"/claims/{claim_id}/reveal").status_code == 303
    return claim_id


@pytest.mark.parametrize("fields", NASTY, ids=lambda fields: ascii(fields)[:60])
def test_a_nasty_report_is_taken_or_refused_and_a_wish_is_kept_all_the_same(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, fields: dict[str, Any]
) -> None:
    client.sign_in(cast.caller)
    claim_id = shown(client)
    path = f"/claims/{claim_id}/outcome"
    sent = {"client_uuid": "one", "outcome": "no_answer", **fields}
    answer = client.post_asking_json(path, sent)
    assert answer.status_code in (200, 400, 409, 422), answer.text
    assert answer.json, answer.text
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.status == "reported") is (answer.status_code == 200)
        assert db.scalar(select(func.count()).select_from(Suppression)) == 0
    # A damaged character is refused before anything is read; no browser of anybody sends one.
    plain = {name: text for name, text in fields.items() if "\x00" not in f"{name}{text}"}
    never = {**plain, "outcome": "dnc", "now": "dnc"}
    assert client.post_asking_json(path, never).status_code == 200
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Suppression)) == 1
        theirs = select(Call.contact_id).where(Call.public_id == claim_id).scalar_subquery()
        states = db.scalars(select(Contact.state).where(Contact.id == theirs))
        assert states.one() == "suppressed"


@pytest.mark.parametrize(
    "step", ["reveal", "outcome", "release", "extend", "dial", "undo", "draft"]
)
@pytest.mark.parametrize("claim_id", ["x", "%00", "%F0%9F%98%80", "..%2f1", "1" * 300])
def test_a_claim_that_is_none_is_nobodys(
    client: ProofReadingClient, cast: Cast, made: Made, step: str, claim_id: str
) -> None:
    client.sign_in(cast.caller)
    answer = client.post_asking_json(f"/claims/{claim_id}/{step}", {"outcome": "dnc"})
    assert answer.status_code in (400, 404), answer.text


def test_a_claim_opens_no_other_phonebank(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    """A tab of another phonebank shows nobody, hands nobody out, and notes no late call."""
    with database.unit_of_work() as db:
        other = make_phonebank(db, cast.group, public_id="other-calls", reason="Signed.")
        fill(db, other, range(20, 24))
    client.sign_in(cast.caller)
    claim_id = shown(client)
    with clock.at(NOON + timedelta(minutes=1)):
        elsewhere = client.post_asking_json("/phonebanks/other-calls/claims").json
        assert elsewhere["reason"] == "elsewhere"
        page = client.get("/phonebanks/other-calls/call").text
        assert claim_id not in page
        assert 'class="number"' not in page
        back = client.get(f"/phonebanks/other-calls/rang-back/{claim_id}")
        assert back.status_code == 404
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Contact.state == "claimed")) == 1
