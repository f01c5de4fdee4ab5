"""A lead takes a caller off at once, and lets them back in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.phonebanks.models import Call, Contact, Phonebank, Removal
from campaign.phonebanks.operations import removing, setup
from tests.cast import Cast
from tests.phonebanks.making import NOON, fill, make_phonebank
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


@pytest.fixture
def made(database: Database, cast: Cast) -> Phonebank:
    """An open phonebank in which the cast's caller may ring eight people."""
    with database.unit_of_work() as db:
        phonebank = make_phonebank(
            db, cast.group, public_id="demo-calls", reason="Signed.", access="group"
        )
        fill(db, phonebank, range(8))
        steps = [{"key": "opening", "say": "Hello?", "options": []}]
        setup.write_script(
            db, phonebank=phonebank, steps=steps, actor_id=cast.organiser.id, now=NOON
        )
        for person in (cast.caller, cast.organiser):
            setup.pass_practice(db, person_id=person.id, now=NOON)
            setup.agree(db, person_id=person.id, now=NOON)
    return phonebank


def held_by_the_caller(client: ProofReadingClient, cast: Cast) -> str:
    client.sign_in(cast.caller)
    answer = client.post_asking_json(f"{BANK}/claims")
    return str((answer.json or {})["claim"]["id"])


def off(cast: Cast, *, back: bool = False) -> str:
    return f"{BANK}/callers/{cast.caller.public_id}/{'let-back' if back else 'remove'}"


def test_who_was_taken_off_is_refused_at_every_door_and_their_claim_is_over(
    client: ProofReadingClient, cast: Cast, made: Phonebank, database: Database
) -> None:
    claim = held_by_the_caller(client, cast)
    client.sign_in(cast.organiser)
    assert "Taken off" not in client.get(f"{BANK}/lead").text
    assert client.post_form(off(cast)).status_code == 303
    board = client.get(f"{BANK}/lead").text
    assert "Taken off" in board
    assert off(cast, back=True) in board
    with database.reading() as db:
        assert {contact.state for contact in db.scalars(select(Contact))} == {"ready"}
        assert [call.status for call in db.scalars(select(Call))] == ["revoked"]
    client.sign_in(cast.caller)
    gone = {
        "live": False,
        "never": False,
        "said": "Amina is no longer kept for you. Nobody was rung.",
    }
    assert client.get(f"/claims/{claim}").json == gone
    assert client.post_asking_json(f"/claims/{claim}/extend").json == gone
    for path in (f"{BANK}/claims", f"/claims/{claim}/reveal"):
        assert client.post_asking_json(path).status_code == 403, path
    screen = client.get(f"{BANK}/call")
    assert screen.status_code == 403
    assert "taken you off this phonebank" in screen.text


def test_a_call_in_hand_is_still_reported_and_nobody_follows(
    client: ProofReadingClient, cast: Cast, made: Phonebank, database: Database
) -> None:
    claim = held_by_the_caller(client, cast)
    number = client.post_asking_json(f"/claims/{claim}/reveal").json["claim"]["number"]["display"]
    assert number in client.get(f"{BANK}/call").text
    client.sign_in(cast.organiser)
    client.post_form(off(cast))
    client.sign_in(cast.caller)
    assert number not in client.get(f"{BANK}/call").text
    answer = client.post_asking_json(
        f"/claims/{claim}/outcome", {"outcome": "talked", "then": "next"}
    )
    assert answer.status_code == 200
    assert answer.json["saved"]["outcome"] == "talked"
    assert answer.json["claim"] is None
    with database.reading() as db:
        assert db.scalars(select(Call.status)).all() == ["reported"]


def test_whoever_was_let_back_in_goes_on_and_the_log_says_who_did_it(
    client: ProofReadingClient, cast: Cast, made: Phonebank, database: Database
) -> None:
    held_by_the_caller(client, cast)
    client.sign_in(cast.organiser)
    client.post_form(off(cast))
    client.post_form(off(cast))
    client.post_form(off(cast, back=True))
    assert "Taken off" not in client.get(f"{BANK}/lead").text
    with clock.at(NOON + timedelta(minutes=1)):
        held_by_the_caller(client, cast)
    with database.reading() as db:
        rows = db.execute(
            select(AuditRow.action, AuditRow.actor_id, AuditRow.details)
            .where(AuditRow.action.like("caller %"))
            .order_by(AuditRow.id)
        ).all()
    by, who = cast.organiser.id, [f"person:{cast.caller.id}"]
    assert [tuple(row) for row in rows if row[0] != "caller agreed"] == [
        ("caller removed", by, who),
        ("caller removed", by, who),
        ("caller let back in", by, who),
    ]


def test_nobody_but_the_leads_takes_anybody_off(
    client: ProofReadingClient, cast: Cast, made: Phonebank, database: Database
) -> None:
    held_by_the_caller(client, cast)
    expected = {"caller": 403, "stranger": 404, "administrator": 404, "officer": 404}
    for back in (False, True):
        for part, status in expected.items():
            client.sign_in(cast.everybody[part])
            assert client.post_form(off(cast, back=back)).status_code == status, (part, back)
    with database.reading() as db:
        assert db.scalars(select(Removal)).all() == []
        assert db.scalars(select(Call.status)).all() == ["claimed"]


def test_only_who_has_called_here_is_found_and_who_leads_it_stays(
    client: ProofReadingClient, cast: Cast, made: Phonebank, database: Database
) -> None:
    client.sign_in(cast.organiser)
    stranger = cast.everybody["stranger"].public_id
    assert client.post_form(f"{BANK}/callers/{stranger}/remove").status_code == 404
    client.post_asking_json(f"{BANK}/claims")
    myself = f"{BANK}/callers/{cast.organiser.public_id}/remove"
    assert myself not in client.get(f"{BANK}/lead").text
    assert client.post_form(myself).status_code == 422
    with database.reading() as db:
        assert db.scalars(select(Removal)).all() == []


def test_who_was_taken_off_here_keeps_what_they_hold_elsewhere_and_becomes_no_lead(
    database: Database, cast: Cast, made: Phonebank
) -> None:
    with database.unit_of_work() as db:
        elsewhere = make_phonebank(db, cast.group, title="Elsewhere")
        (contact,) = fill(db, elsewhere, range(50, 51))
        contact.state, contact.claimed_by = "claimed", cast.caller.id
        contact.claimed_until = NOON + timedelta(minutes=5)
        bank = db.get_one(Phonebank, made.id)
        removing.remove(
            db, phonebank=bank, person=cast.caller, actor_id=cast.organiser.id, now=NOON
        )
        assert contact.state == "claimed"
        with pytest.raises(Refused, match="Let them back in"):
            setup.invite_lead(
                db, phonebank=bank, email=cast.caller.email or "", actor_id=cast.organiser.id
            )
