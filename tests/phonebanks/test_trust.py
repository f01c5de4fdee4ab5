"""How far a caller's word goes, and who is stopped before the next call."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, CallerProfile, Contact, Phonebank
from campaign.phonebanks.operations import pausing
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.queries import callers
from campaign.phonebanks.queries.at_hand import call_at_hand
from campaign.phonebanks.rules.trust import Record, after_serious, earned, is_new
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


@pytest.mark.parametrize(
    ("trust", "record", "becomes"),
    [
        ("new", Record(0), "new"),
        ("new", Record(19), "new"),
        ("new", Record(20), "regular"),
        ("new", Record(500, found_right=50), "regular"),
        ("regular", Record(200, 10, NOON - timedelta(days=14)), "trusted"),
        ("regular", Record(199, 10, NOON - timedelta(days=14)), "regular"),
        ("regular", Record(200, 9, NOON - timedelta(days=14)), "regular"),
        ("regular", Record(200, 10, NOON - timedelta(days=13)), "regular"),
        ("trusted", Record(0), "trusted"),
        ("lead", Record(0), "lead"),
        ("suspended", Record(999, 99), "suspended"),
    ],
)
def test_a_standing_is_earned_one_step_at_a_time(trust: str, record: Record, becomes: str) -> None:
    assert earned(trust, record, now=NOON) == becomes


def test_a_serious_mistake_makes_anybody_new_but_frees_nobody() -> None:
    assert [after_serious(t) for t in ("new", "regular", "trusted", "lead", "suspended")] == [
        *["new"] * 4,
        "suspended",
    ]
    assert is_new("new", Record(19), now=NOON)
    assert not is_new("new", Record(20), now=NOON)
    assert is_new("suspended", Record(500), now=NOON), "nobody takes their word for it"
    assert not is_new("trusted", Record(0), now=NOON)


def reported(db: Session, bank: Phonebank, person: Person, *, many: int, at: Any = NOON) -> None:
    contact = fill(db, bank, range(900, 901))[0] if not db.scalar(_in_900()) else _contact(db)
    for number in range(many):
        db.add(
            Call(
                phonebank_id=bank.id,
                contact_id=contact.id,
                number_id=contact.number_id,
                caller_id=person.id,
                status="reported",
                result_code="no_answer",
                claimed_at=at + timedelta(seconds=number),
                expires_at=at,
                reported_at=at,
            )
        )
    db.flush()


def _in_900() -> Any:
    return select(Contact.id).join(PhoneNumber).where(PhoneNumber.e164 == "+444000000900")


def _contact(db: Session) -> Contact:
    return db.get_one(Contact, db.scalar(_in_900()))


def test_twenty_calls_count_since_the_standing_began_and_practice_is_none(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        reported(db, bank, person, many=19, at=NOON - timedelta(days=1))
        assert callers.is_newcomer(db, person.id, now=NOON)
        reported(db, bank, person, many=1, at=NOON - timedelta(days=1))
        assert not callers.is_newcomer(db, person.id, now=NOON)
        db.add(CallerProfile(person_id=person.id, since=NOON - timedelta(hours=1)))
        db.flush()
        assert callers.is_newcomer(db, person.id, now=NOON), "they begin again"
        reported(db, bank, person, many=20, at=NOON)
        assert not callers.is_newcomer(db, person.id, now=NOON)
        practised = make_person(db)
        reported(db, make_phonebank(db, is_practice=True), practised, many=30)
        assert callers.is_newcomer(db, practised.id, now=NOON)


def test_a_regulars_word_on_a_number_counts_at_once_and_a_suspended_ones_waits(
    database: Database,
) -> None:
    for trust, state in (("regular", "disconnected"), ("suspended", "suspect"), ("new", "suspect")):
        with database.unit_of_work() as db:
            bank, person = make_phonebank(db), make_person(db)
            fill(db, bank, range(1))
            db.add(CallerProfile(person_id=person.id, trust=trust))
            held = claim(db, bank, person)
            held.call.revealed_at, held.call.status = NOON, "revealed"
            record_outcome(db, call=held.call, phonebank=bank, outcome="dead_number", now=NOON)
            assert held.number.state == state, trust
            db.rollback()


def stop(database: Database, person: Person, **values: Any) -> None:
    with database.unit_of_work() as db:
        profile = pausing.profile_for(db, person.id)
        for name, value in values.items():
            setattr(profile, name, value)


def shown(client: ProofReadingClient, cast: Cast) -> str:
    client.sign_in(cast.caller)
    answer = client.post_asking_json(f"{BANK}/claims")
    claim_id = str((answer.json or {})["claim"]["id"])
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    return claim_id


def test_a_paused_caller_is_told_kindly_at_every_door_and_their_report_is_kept(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = shown(client, cast)
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        assert pausing.pause(db, phonebank=bank, person_id=cast.caller.id, why="x", now=NOON)
        assert not pausing.pause(db, phonebank=bank, person_id=cast.caller.id, why="y", now=NOON)
    with database.reading() as db:
        assert {one.state for one in db.scalars(select(Contact))} == {"ready"}, "nobody is held"
    for path in (f"{BANK}/claims", f"/claims/{claim_id}/reveal"):
        answer = client.post_asking_json(path)
        assert (answer.status_code, answer.json["reason"]) == (200, "held_back"), path
    report = {"outcome": "talked", "then": "next", "client_uuid": "late"}
    answer = client.post_asking_json(f"/claims/{claim_id}/outcome", report)
    assert answer.json["saved"]["outcome"] == "talked"
    assert (answer.json["claim"], answer.json["reason"]) == (None, "held_back")
    assert client.post_form(f"{BANK}/claims").status_code == 303
    page = client.get(f"{BANK}/call").text
    assert "A lead will talk to you" in page
    assert "Next person" not in page


@pytest.mark.parametrize(
    ("values", "reason"), [({"paused_at": NOON}, "held_back"), ({"must_read": True}, "feedback")]
)
def test_who_is_stopped_in_mid_call_reports_at_once_and_nobody_follows(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database,
    values: dict[str, Any], reason: str,
) -> None:  # fmt: skip
    claim_id = shown(client, cast)
    stop(database, cast.caller, **values)
    report = {"outcome": "no_answer", "then": "next", "client_uuid": "one"}
    with clock.at(NOON + timedelta(minutes=1)):
        answer = client.post_asking_json(f"/claims/{claim_id}/outcome", report)
    assert answer.json["saved"]["outcome"] == "no_answer"
    assert (answer.json["claim"], answer.json["reason"]) == (None, reason)


def test_a_suspended_caller_is_refused_at_every_door(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = shown(client, cast)
    stop(database, cast.caller, trust="suspended")
    for path in (
        f"{BANK}/claims",
        f"/claims/{claim_id}/reveal",
        "/phonebanks/demo-practice/claims",
    ):
        answer = client.post_asking_json(path)
        assert answer.status_code == 403, path
        assert "calling has been stopped" in answer.text
    report = {"outcome": "no_answer", "then": "next", "client_uuid": "one"}
    answer = client.post_asking_json(f"/claims/{claim_id}/outcome", report)
    assert answer.json["claim"] is None


def test_the_one_look_of_a_report_knows_the_standing(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        fill(db, bank, range(1))
        held = claim(db, bank, person)

        def standing() -> str:
            found = call_at_hand(db, held.call.public_id, person.id, now=NOON)
            assert found is not None
            return found.caller.standing

        assert standing() == "new"
        profile = pausing.profile_for(db, person.id)
        for values, said in (
            ({"trust": "trusted"}, "trusted"),
            ({"must_read": True}, "feedback"),
            ({"paused_at": NOON}, "held_back"),
            ({"trust": "suspended"}, "suspended"),
        ):
            for name, value in values.items():
                setattr(profile, name, value)
            db.flush()
            assert standing() == said


def test_another_lead_lets_them_go_on_and_the_log_says_who(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person, lead = make_phonebank(db), make_person(db), make_person(db, "Lea Lead")
        pausing.pause(db, phonebank=bank, person_id=person.id, why="fast_talks", now=NOON)
        with pytest.raises(Refused, match="Somebody else"):
            pausing.let_go_on(db, phonebank=bank, person=person, actor_id=person.id, now=NOON)
        assert pausing.let_go_on(db, phonebank=bank, person=person, actor_id=lead.id, now=NOON)
        assert not pausing.let_go_on(db, phonebank=bank, person=person, actor_id=lead.id, now=NOON)
        profile = db.get_one(CallerProfile, person.id)
        assert (profile.paused_at, profile.paused_why, profile.let_go_at) == (None, "", NOON)
        rows = db.execute(select(AuditRow.action, AuditRow.actor_id).order_by(AuditRow.id)).all()
        assert [tuple(row) for row in rows if row[0].startswith("caller ")] == [
            ("caller paused", None),
            ("caller goes on", lead.id),
        ]
        person_id = person.id
        people.erase(db, person=person)
        assert db.get(CallerProfile, person_id) is None
