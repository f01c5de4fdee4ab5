"""What is done with people and their numbers stands in the audit log, step by step."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import TooOften
from campaign.phonebanks.operations.dispensing import claim_next
from campaign.phonebanks.operations.revealing import release, reveal
from campaign.phonebanks.rules.claims import Nothing
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def test_each_step_with_a_person_is_a_row_that_says_who_did_it(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    def rows() -> list[tuple[str, int | None]]:
        with database.reading() as db:
            found = db.scalars(select(AuditRow).order_by(AuditRow.id))
            return [(row.action, row.actor_id) for row in found]

    before = len(rows())

    def new() -> list[tuple[str, int | None]]:
        nonlocal before
        found = rows()[before:]
        before += len(found)
        return [row for row in found if row[0] not in ("signed in",)]

    caller, lead, officer = cast.caller.id, cast.organiser.id, cast.officer.id
    client.sign_in(cast.caller)
    first = claim_json(client)["claim"]["id"]
    new()
    client.post_asking_json(f"/claims/{first}/reveal")
    assert new() == [("number revealed", caller)]
    client.post_asking_json(f"/claims/{first}/reveal")
    assert new() == []  # shown once
    client.post_asking_json(f"/claims/{first}/outcome", {"outcome": "dnc", "then": "stop"})
    assert new() == [("suppressed", caller), ("outcome that takes somebody off", caller)]
    with clock.at(NOON + timedelta(minutes=1)):
        second = claim_json(client)["claim"]["id"]
        client.post_asking_json(f"/claims/{second}/release", {"reason": "know"})
    assert new() == [("person given back", caller)]
    with clock.at(NOON + timedelta(minutes=2)):
        third = claim_json(client)["claim"]["id"]
    client.sign_in(cast.organiser)
    new()
    client.post_form(f"{BANK}/claims/{third}/take-back")
    assert new() == [("claim taken back", lead)]
    client.post_form(f"{BANK}/callers/{cast.caller.public_id}/remove")
    client.post_form(f"{BANK}/callers/{cast.caller.public_id}/let-back")
    assert new() == [("caller removed", lead), ("caller let back in", lead)]
    client.post_form(f"{BANK}/exports", {"shape": "results", "reason": "For the count"})
    asked = new()
    client.sign_in(cast.officer)
    new()
    export = client.get("/exports").text.split('action="/exports/')[1].split('"')[0]
    client.post_form(f"/exports/{export}", {"decision": "yes"})
    assert asked == [("export asked for", lead)]
    assert new() == [("export approved", officer)]
    client.sign_in(cast.organiser)
    new()
    client.post_form(f"{BANK}/exports/{export}")
    assert new() == [("export fetched", lead)]
    for status, said in (("paused", "paused"), ("closed", "closed")):
        client.post_form(f"{BANK}/status", {"status": status})
        assert new() == [(f"phonebank {said}", lead)]


def test_the_log_holds_no_name_number_or_note(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    claim_id = claim_json(client)["claim"]["id"]
    number = (client.post_asking_json(f"/claims/{claim_id}/reveal").json or {})["claim"]["number"]
    sent = {"outcome": "dnc", "note": "Prefers letters", "then": "stop"}
    client.post_asking_json(f"/claims/{claim_id}/outcome", sent)
    with database.reading() as db:
        said = " ".join(
            f"{row.action} {row.subject} {row.details}" for row in db.scalars(select(AuditRow))
        )
    for hidden in ("Amina", number["e164"], number["display"], "Prefers"):
        assert hidden not in said


def test_two_hundred_and_fifty_numbers_a_day_are_enough(database: Database) -> None:
    with database.unit_of_work() as db:
        caller = make_person(db)
        banks = [make_phonebank(db, title=f"List {n}", hours=None) for n in range(2)]
        for place, bank in enumerate(banks):
            fill(db, bank, range(200 * place, 200 * place + 130))
        for turn in range(250):
            # Ten hours of usual calling, twenty-five each; over both phonebanks together.
            now = NOON - timedelta(hours=2) + timedelta(minutes=2 * turn)
            bank = banks[turn % 2]
            held = claim(db, bank, caller, now)
            reveal(db, call=held.call, phonebank=bank, now=now)
            report(db, call=held.call, phonebank=bank, outcome="talked", now=now)
        first, now = NOON - timedelta(hours=2), NOON + timedelta(hours=6, minutes=25)
        held = claim(db, banks[0], caller, now)  # the pace is off for this one claim
        with pytest.raises(TooOften, match="250 calls in a day"):
            reveal(db, call=held.call, phonebank=banks[0], now=now)
        release(db, call=held.call, phonebank=banks[0], reason="stop", now=now)
        again = now + timedelta(minutes=1)
        found = claim_next(db, phonebank=banks[0], caller_id=caller.id, now=again)
        assert found == Nothing("day_limit", first + timedelta(days=1))
