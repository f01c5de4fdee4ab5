"""Who leads a phonebank, and which sessions ring for it."""

from campaign.foundation.database import Database
from campaign.phonebanks.models import (
    CallingSession,
    Phonebank,
    PhonebankRole,
)
from tests.cast import Cast
from tests.phonebanks.test_managing import count
from tests.proof_reader import ProofReadingClient


def test_a_lead_is_added_by_their_address(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/leads"
    nobody = client.post_form(path, {"email": "nobody@people.example"})
    assert nobody.status_code == 422
    assert "Nobody here has this address." in nobody.text
    assert client.post_form(path, {"email": cast.caller.email}).status_code == 303
    with database.reading() as db:
        assert db.get(PhonebankRole, (bank.id, cast.caller.id)) is not None
    client.sign_in(cast.caller)
    assert client.get(f"/phonebanks/{bank.public_id}/setup").status_code == 200


def test_a_session_is_detached_by_its_phonebank_only(
    client: ProofReadingClient, database: Database, cast: Cast, bank: Phonebank
) -> None:
    client.sign_in(cast.organiser)
    path = f"/phonebanks/{bank.public_id}/sessions"
    client.post_form(path, {"event": cast.event.public_id})
    assert "Detach" in client.get(path).text
    client.sign_in(cast.stranger)
    detach = f"{path}/{cast.event.public_id}/detach"
    assert client.post_form(detach).status_code == 404
    assert count(database, CallingSession) == 1
    client.sign_in(cast.organiser)
    assert client.post_form(detach).status_code == 303
    assert count(database, CallingSession) == 0
    with database.reading() as db:
        assert not db.get_one(type(cast.event), cast.event.id).roster_path
