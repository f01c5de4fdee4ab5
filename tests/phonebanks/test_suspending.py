"""Somebody whose calling is stopped: at once, and what they still report waits for a lead."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.people.models import Suppression
from campaign.phonebanks.models import Call, Contact, HeldReport
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def stopped(client: ProofReadingClient, cast: Cast) -> str:
    """The caller has a number on their screen when a lead stops them; where the lead stands."""
    client.sign_in(cast.caller)
    claim_id = str(claim_json(client)["claim"]["id"])
    assert client.post_form(f"/claims/{claim_id}/reveal").status_code == 303
    client.sign_in(cast.organiser)
    page = f"{BANK}/callers/{cast.caller.public_id}"
    assert client.get(page).status_code == 200
    assert client.post_form(f"{page}/suspend").status_code == 303
    assert "is stopped" in client.get(page).text
    return claim_id


def test_the_next_request_of_who_is_stopped_stops_and_nobody_is_in_their_hands(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = stopped(client, cast)
    with database.reading() as db:
        assert set(db.scalars(select(Contact.state))) == {"ready"}
    client.sign_in(cast.caller)
    assert client.get(f"{BANK}/call").status_code == 403
    assert client.post_asking_json(f"{BANK}/claims").status_code == 403
    assert client.post_asking_json(f"/claims/{claim_id}/reveal").status_code in (403, 409)
    assert client.get(f"/claims/{claim_id}").json["live"] is False  # type: ignore[index]
    assert client.get(f"{BANK}/rang-back").status_code == 403


@pytest.mark.parametrize("decision", ["apply", "drop"])
def test_what_they_still_report_waits_and_a_lead_decides_once(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, decision: str
) -> None:
    claim_id = stopped(client, cast)
    client.sign_in(cast.caller)
    sent = {"outcome": "refused_soft", "client_uuid": "one", "then": "next", "note": "Rude"}
    for _ in range(2):
        assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.status, call.result_code) == ("revoked", None)
        assert db.get_one(Contact, call.contact_id).state == "ready"
        assert db.scalars(select(HeldReport.said)).one()["note"] == "Rude"
    client.sign_in(cast.organiser)
    page = f"{BANK}/callers/{cast.caller.public_id}"
    assert "Didn’t want to talk" in client.get(page).text
    door = f"{page}/reports/{claim_id}"
    assert client.post_form(door, {"decision": decision}).status_code == 303
    assert client.post_form(door, {"decision": "drop"}).status_code == 404
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        kept = db.scalars(select(HeldReport)).one()
        applied = decision == "apply"
        assert call.status == ("reported" if applied else "revoked")
        assert db.get_one(Contact, call.contact_id).state == ("done" if applied else "ready")
        assert (kept.state, kept.said) == ("applied" if applied else "dropped", {})


def test_a_report_of_a_call_that_was_taken_back_waits_for_nobody(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = stopped(client, cast)
    page = f"{BANK}/callers/{cast.caller.public_id}"
    sent = {"outcome": "refused_soft", "client_uuid": "one", "then": "next"}
    client.sign_in(cast.caller)
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    client.sign_in(cast.organiser)
    assert "Reports that wait for you" in client.get(page).text
    assert client.post_form(f"{page}/reverse", {"since": "2026-11-24T00:00"}).status_code == 303
    assert "Reports that wait for you" not in client.get(page).text
    client.sign_in(cast.caller)
    client.post_form(f"/claims/{claim_id}/outcome", {**sent, "client_uuid": "two"})
    client.sign_in(cast.organiser)
    assert "Reports that wait for you" not in client.get(page).text


def test_a_wish_not_to_be_called_never_waits(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = stopped(client, cast)
    client.sign_in(cast.caller)
    sent = {"outcome": "dnc", "client_uuid": "one"}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(Suppression.reason)).one() == "asked"
        assert db.scalars(select(HeldReport)).all() == []


def test_one_tap_lets_them_call_again_as_a_newcomer(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    stopped(client, cast)
    page = f"{BANK}/callers/{cast.caller.public_id}"
    assert client.post_form(f"{page}/reinstate").status_code == 303
    with clock.at(NOON + timedelta(minutes=1)):
        client.sign_in(cast.caller)
        assert claim_json(client)["claim"] is not None
    with database.reading() as db:
        actions = list(db.scalars(select(AuditRow.action)))
        assert {"caller suspended", "caller reinstated"} <= set(actions)


def test_a_lead_cannot_be_stopped_by_another_and_strangers_find_no_such_page(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    claim_json(client)
    page = f"{BANK}/callers/{cast.caller.public_id}"
    for who, status in ((cast.stranger, 404), (cast.caller, 403)):
        client.sign_in(who)
        assert client.get(page).status_code == status
        for door in ("suspend", "reinstate", "reverse"):
            assert client.post_form(f"{page}/{door}").status_code == status


def test_the_page_says_what_would_be_taken_back_and_takes_it_back(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    for place, outcome in enumerate(("talked", "dnc")):
        with clock.at(NOON + timedelta(minutes=place)):
            claim_id = str(claim_json(client)["claim"]["id"])
            client.post_form(f"/claims/{claim_id}/reveal")
            sent = {"outcome": outcome, "client_uuid": f"u{place}"}
            assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    with clock.at(NOON + timedelta(minutes=9)):
        client.sign_in(cast.organiser)
        page = f"{BANK}/callers/{cast.caller.public_id}"
        assert page in client.get(f"{BANK}/lead?part=now").text
        text = client.get(page).text
        assert "Take back 1 call" in text
        assert "1 “never call” stays" in text
        assert client.get(f"{page}?since=nonsense").status_code == 422
        late = client.get(f"{page}?since=2026-11-24T12:05").text
        assert "There is nothing to take back" in late
        refused = client.post_form(f"{page}/reverse", {"since": "2026-11-24T12:05"})
        assert refused.status_code == 422
        assert client.post_form(f"{page}/reverse", {"since": "2026-11-24T00:00"}).status_code == 303
        assert "Taken back: 1 call." in client.get(page).text
    with database.reading() as db:
        assert sorted(db.scalars(select(Call.status))) == ["reported", "reversed"]
        assert sorted(db.scalars(select(Contact.state)))[-1] == "suppressed"
