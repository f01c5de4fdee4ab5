"""Numbers of our own: rung now and then, noted apart, and in no figure."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, CallerSignal, Canary, CanaryCall, Contact, Phonebank
from campaign.phonebanks.operations import canaries
from campaign.phonebanks.operations.at_once import is_everyday
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.queries import board, queue
from campaign.phonebanks.queries.at_hand import call_at_hand
from campaign.phonebanks.queries.exporting import _may_be_told
from campaign.phonebanks.rules.canaries import KINDS, how_many, is_right
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import KEY, NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_reviews import look, noted
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
OURS = "07700 900123"


def ours(db: Session, bank: Phonebank, kind: str = "nobody", **given: Any) -> Canary:
    owner = given.pop("owner", None) or make_person(db, "Olga Organiser")
    return canaries.add(
        db,
        **{
            "phonebank": bank,
            "owner": owner,
            "written": OURS,
            "first_name": "Olga",
            "town": "Hove",
            "kind": kind,
            "key": KEY.decode(),
            "now": NOON,
            **given,
        },
    )


def test_what_can_happen_on_each_kind() -> None:
    for kind in KINDS.values():
        assert all(code in adapters.outcomes() for code in kind.right)
        assert is_right(kind.code, "tech")
        assert not is_right(kind.code, "deceased")
    assert is_right("nobody", "no_answer")
    assert not is_right("nobody", "talked")
    assert not is_right("dead", "no_answer")


@given(st.integers(0, 1000), st.integers(0, 74))
def test_about_one_in_seventy_five(claims: int, thrown: int) -> None:
    many = how_many(claims, dice=lambda _: thrown)
    assert claims // 75 <= many <= claims // 75 + 1
    thrown_all = sum(how_many(claims, dice=lambda _, n=n: n) for n in range(75))
    assert thrown_all == claims


def test_a_number_of_ours_is_a_person_in_no_figure(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db)
        fill(db, bank, range(3))
        canary = ours(db, bank)
        for state in ("done", "ready", "held"):
            canary_contact = db.get_one(Contact, canary.contact_id)
            canary_contact.state = state
            db.flush()
            assert sum(queue.reasons(db, bank, moment_of(bank, now=NOON)).values()) == 3
            assert board.progress(db, bank.id).people == 3
            assert db.scalar(select(func.count()).where(Contact.id > 0, _may_be_told())) == 3


def handed(db: Session, bank: Phonebank, caller: Person, kind: str = "nobody") -> Call:
    """The number of ours in a caller's hands."""
    ours(db, bank, kind)
    canaries.hand_out(db, bank.id, 1)
    held = claim(db, bank, caller)
    assert held.contact.canary == kind, "it comes first"
    return held.call


def test_it_is_handed_out_first_noted_apart_and_rests_again(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, caller = make_phonebank(db), make_person(db)
        call = handed(db, bank, caller)
        for _ in range(2):
            saved = report(db, call=call, phonebank=bank, outcome="no_answer", now=NOON,
                           client_uuid="one")  # fmt: skip
            assert saved.outcome == "no_answer"
        db.expire_all()
        contact, number = (
            db.get_one(Contact, call.contact_id),
            db.get_one(PhoneNumber, call.number_id),
        )
        assert (contact.state, contact.last_result, contact.attempts) == ("done", None, 0)
        assert (call.status, call.reported_at, call.attempted_at) == ("released", None, None)
        assert number.last_attempt_at is None, "it may be rung again tonight"
        assert db.scalars(select(CanaryCall.right)).all() == [True]
        assert board.progress(db, bank.id).calls == 0
        assert board.outcomes_of(db, bank.id) == []
        canaries.hand_out(db, bank.id, 5)
        assert claim(db, bank, caller).contact.id == contact.id


def test_its_report_goes_the_long_way(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, caller = make_phonebank(db), make_person(db)
        call = handed(db, bank, caller)
        call.status, call.revealed_at = "revealed", NOON
        db.flush()
        found = call_at_hand(db, call.public_id, caller.id, now=NOON)
        assert found is not None
        assert not is_everyday(found, adapters.outcomes()["no_answer"], now=NOON)


@pytest.mark.parametrize("code", ["talked", "deceased", "wrong_person"])
def test_another_outcome_is_a_sign_and_touches_nobody(database: Database, code: str) -> None:
    with database.unit_of_work() as db:
        bank, caller = make_phonebank(db), make_person(db)
        call = handed(db, bank, caller)
        report(db, call=call, phonebank=bank, outcome=code, now=NOON)
        noted(db, bank, caller, "no_answer")
        assert db.scalars(select(CanaryCall.right)).all() == [False]
        assert db.get_one(PhoneNumber, call.number_id).state == "ok"
        assert db.scalars(select(Suppression)).all() == []
    look(database)
    with database.reading() as db:
        sign = db.scalars(select(CallerSignal)).one()
        assert (sign.code, sign.strong, sign.figures) == ("checks", False, [1])


def test_never_call_is_kept_whoever_said_it(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, caller = make_phonebank(db), make_person(db)
        call = handed(db, bank, caller, "answers")
        report(db, call=call, phonebank=bank, outcome="dnc", now=NOON)
        db.expire_all()
        assert db.scalar(select(func.count()).select_from(Suppression)) == 1
        assert db.get_one(Contact, call.contact_id).state == "suppressed"
        canaries.hand_out(db, bank.id, 5)
        assert db.get_one(Contact, call.contact_id).state == "suppressed"


def test_who_is_suppressed_or_on_the_list_is_no_number_of_ours(database: Database) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db)
        ours(db, bank)
        with pytest.raises(Refused, match="on the list already"):
            ours(db, bank)
        number = db.scalars(select(PhoneNumber)).one()
        people.suppress(db, hmac=number.hmac, reason="asked", source="test")
        with pytest.raises(Refused, match="Nobody may ring"):
            ours(db, make_phonebank(db, title="Another"))
        with pytest.raises(Refused):
            ours(db, make_phonebank(db, title="Third"), written="999")


def test_it_goes_with_whoever_gave_it(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, owner = make_phonebank(db), make_person(db, "Olga Organiser")
        ours(db, bank, owner=owner)
        canaries.hand_out(db, bank.id, 1)
        call = claim(db, bank, make_person(db)).call
        report(db, call=call, phonebank=bank, outcome="busy", now=NOON)
        held = people.export(db, person=owner)["Numbers you gave to check calls with"]
        assert held[0]["name"] == "Olga"
        people.erase(db, person=owner)
        db.expire_all()
        assert db.scalars(select(Contact)).all() == []
        assert db.scalars(select(CanaryCall)).all() == []
        assert db.scalars(select(PhoneNumber.e164)).one().startswith("gone-")


def test_an_organiser_gives_a_number_with_consent_and_nobody_else_reads_it(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.organiser)
    path = f"{BANK}/own-numbers"
    sent = {"number": OURS, "first_name": "Olga", "town": "Hove", "kind": "nobody"}
    answer = client.post_form(path, sent)
    assert answer.status_code == 422
    assert "Tick the box" in answer.text
    assert client.post_form(path, {**sent, "agreed": "y", "number": "999"}).status_code == 422
    assert client.post_form(path, {**sent, "agreed": "y"}).status_code == 303
    assert "07700 900123" in client.get(path).text
    with database.unit_of_work() as db:
        contact = db.scalars(select(Contact).where(Contact.canary.is_not(None))).one()
        assert (contact.consent, contact.state) == (True, "done")
        canary = db.scalars(select(Canary)).one()
        remove = f"{path}/{canary.public_id}/remove"
        canary.owner_id = cast.host.id
    assert "900123" not in client.get(path).text, "another's number"
    for nobody in (cast.caller, cast.supporter):
        client.sign_in(nobody)
        assert client.get(path).status_code in (403, 404)
        assert client.post_form(remove).status_code in (403, 404)
    client.sign_in(cast.organiser)
    assert client.post_form(remove).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(Canary)).all() == []


def test_the_minute_s_look_hands_them_out(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, caller = make_phonebank(db), make_person(db)
        canary_id = ours(db, bank).contact_id
        noted(db, bank, caller, "no_answer")
    look(database)
    with database.unit_of_work() as db:
        bank, caller = db.get_one(Phonebank, bank.id), db.get_one(Person, caller.id)
        assert db.get_one(Contact, canary_id).state == "done"
        noted(db, bank, caller, *["no_answer"] * 75, reported_at=NOON + timedelta(seconds=30))
    look(database, minutes=1)
    with database.reading() as db:
        assert db.get_one(Contact, canary_id).state == "ready"
