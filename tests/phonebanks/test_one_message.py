"""One message is left for one person: no other is offered.

Whoever left one all the same says so: an outcome is always accepted. A report goes one of two ways,
at once or the long one; each is walked with a person who had their message on an earlier call.
"""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.rules.attempts import Caps, may_leave_message
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
BUTTON = 'value="voicemail_left"'
# Two days of rest, and the same hour.
AGAIN = NOON + timedelta(days=2, hours=1)
# What a page sends with one tap; and with that what sends a report the long way.
WAYS = {"at once": {"client_uuid": "two"}, "long": {"client_uuid": "two", "answer-come": "no"}}


@pytest.fixture
def amina(made: Made, database: Database) -> int:
    """The only person of the list who can be rung."""
    with database.unit_of_work() as db:
        mine = Contact.phonebank_id == made[0].id
        first = db.scalars(select(Contact.id).where(mine).order_by(Contact.id)).first()
        assert first is not None
        db.execute(update(Contact).where(mine, Contact.id != first).values(state="withdrawn"))
        return first


def rung(client: ProofReadingClient, cast: Cast, at: datetime) -> str:
    """The person in hand with their number on the screen."""
    with clock.at(at):
        client.sign_in(cast.caller)
        claim_id = str(claim_json(client)["claim"]["id"])
        assert client.post_form(f"/claims/{claim_id}/reveal").status_code == 303
    return claim_id


def send(client: ProofReadingClient, claim_id: str, at: datetime, **said: str) -> Any:
    with clock.at(at):
        return client.post_form(f"/claims/{claim_id}/outcome", {"then": "stop", **said})


def message_left(client: ProofReadingClient, cast: Cast) -> None:
    claim_id = rung(client, cast, NOON)
    page = client.get(f"{BANK}/call").text
    assert BUTTON in page
    one = {"now": "voicemail_left", "client_uuid": "one"}
    assert send(client, claim_id, NOON + timedelta(minutes=1), **one).status_code == 303


def kept(database: Database, contact_id: int, claim_id: str) -> tuple[str, int, str, str | None]:
    with database.reading() as db:
        contact = db.get_one(Contact, contact_id)
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        return contact.state, contact.voicemails, call.status, call.result_code


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("field", ["now", "outcome"])
def test_a_second_message_is_not_offered_and_one_that_was_left_is_noted(
    client: ProofReadingClient,
    cast: Cast,
    amina: int,
    database: Database,
    way: str,
    field: str,
) -> None:
    message_left(client, cast)
    with clock.at(AGAIN):
        client.sign_in(cast.caller)
        client.post_form(f"{BANK}/claims")
        assert "Left voicemail" in client.get(f"{BANK}/call").text  # what is known of them
        assert ">Voicemail, no message<" in client.get(f"{BANK}/call").text.replace("> ", ">")
    claim_id = rung(client, cast, AGAIN)
    with clock.at(AGAIN):
        page = client.get(f"{BANK}/call").text
    assert BUTTON not in page
    assert page.count('value="voicemail_none"') == 1
    assert "A message was left for Amina before: leave no other." in page

    soon = AGAIN + timedelta(minutes=1)
    forced = {field: "voicemail_left", "note": "Rings late", **WAYS[way]}
    assert send(client, claim_id, soon, **forced).status_code == 303
    assert kept(database, amina, claim_id) == ("ready", 2, "reported", "voicemail_left")


def test_a_message_that_was_taken_back_can_be_left(
    client: ProofReadingClient, cast: Cast, amina: int, database: Database
) -> None:
    message_left(client, cast)
    with database.reading() as db:
        claim_id = str(db.scalars(select(Call.public_id)).one())
    with clock.at(NOON + timedelta(minutes=2)):
        client.post_form(f"/claims/{claim_id}/undo", {"report": "one"})
        assert BUTTON in client.get(f"{BANK}/call").text
    told = {"now": "voicemail_left", "client_uuid": "two"}
    assert send(client, claim_id, NOON + timedelta(minutes=3), **told).status_code == 303
    assert kept(database, amina, claim_id) == ("ready", 1, "reported", "voicemail_left")


def test_a_report_that_comes_late_says_what_happened(
    client: ProofReadingClient, cast: Cast, amina: int, database: Database
) -> None:
    claim_id = rung(client, cast, NOON)
    with database.unit_of_work() as db:
        db.execute(update(Contact).where(Contact.id == amina).values(voicemails=1))
    late = NOON + timedelta(minutes=40)
    told = {"outcome": "voicemail_left", "client_uuid": "one"}
    assert send(client, claim_id, late, **told).status_code == 303
    assert kept(database, amina, claim_id)[1:] == (2, "reported", "voicemail_left")


def test_the_cap_is_data() -> None:
    assert may_leave_message(0, Caps())
    assert not may_leave_message(1, Caps())
    assert may_leave_message(1, Caps(voicemails=2))
    assert not may_leave_message(0, Caps(voicemails=0))
