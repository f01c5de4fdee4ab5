"""Signs are judged every minute; two strong ones pause a caller, and a lead lets them go on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database, is_postgresql
from campaign.people.models import Person
from campaign.phonebanks.models import CallerProfile, CallerSignal, Contact, Phonebank
from campaign.phonebanks.queries import watching as queries
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.test_reviews import look, noted
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def robots(database: Database, bank_id: int, person_id: int, many: int = 31) -> None:
    """“Talked” four seconds after the name, again and again."""
    with database.unit_of_work() as db:
        bank, person = db.get_one(Phonebank, bank_id), db.get_one(Person, person_id)
        noted(db, bank, person, *["talked"] * many, seconds=4)


def paused(database: Database, person_id: int) -> str | None:
    with database.reading() as db:
        profile = db.get(CallerProfile, person_id)
        return profile.paused_why if profile and profile.paused_at else None


def test_two_strong_signs_pause_and_free_whom_they_hold(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, robot, human = make_phonebank(db), make_person(db), make_person(db)
        fill(db, bank, range(5))
        held = claim(db, bank, robot).contact.id
        noted(db, bank, human, *["no_answer"] * 25, seconds=70)
    robots(database, bank.id, robot.id)
    look(database)
    assert paused(database, robot.id) == "fast one_code minute"
    assert paused(database, human.id) is None, "on some evenings nobody is at home"
    with database.reading() as db:
        assert db.get_one(Contact, held).state == "ready"
        row = db.scalars(select(AuditRow).where(AuditRow.action == "caller paused")).one()
        assert row.details == [f"person:{robot.id}", "fast one_code minute"]
        weak = db.scalars(select(CallerSignal).where(CallerSignal.caller_id == human.id)).all()
        assert [(one.code, one.strong) for one in weak] == [
            ("one_code", False), ("undialled", False),
        ]  # fmt: skip


def test_one_strong_sign_is_shown_and_pauses_nobody(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
    robots(database, bank.id, person.id, many=6)
    look(database)
    assert paused(database, person.id) is None
    with database.reading() as db:
        assert db.scalars(select(CallerSignal.code)).all() == ["fast"]


def test_whoever_shows_a_sign_is_one_tap_from_all_that_they_did(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    robots(database, made[0].id, cast.caller.id, many=6)
    look(database)
    theirs = f"{BANK}/callers/{cast.caller.public_id}"
    # Also long after they left: then they stand in no list of who is here.
    with clock.at(NOON + timedelta(hours=2)):
        client.sign_in(cast.organiser)
        page = client.get(f"{BANK}/lead").text
        assert "Nobody is calling just now." in page
        assert "Talk to them first" in page
        assert f'href="{theirs}"' in page
        assert "Stop Cal’s calling" in client.get(theirs).text


def test_who_only_looks_at_numbers_is_found_by_their_claims(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, person, other = make_phonebank(db), make_person(db), make_person(db)
        noted(db, bank, other, "no_answer")
    look(database)
    with database.unit_of_work() as db:
        bank, person = db.get_one(Phonebank, bank.id), db.get_one(Person, person.id)
        silent = {"status": "released", "result_code": None, "reported_at": None}
        noted(db, bank, person, *["talked"] * 6, **silent)
    look(database, minutes=1)
    with database.reading() as db:
        assert db.scalars(
            select(CallerSignal.code).where(CallerSignal.caller_id == person.id)
        ).all() == ["unreported"]


def test_a_lead_is_never_paused_on_their_own_phonebank(
    database: Database, cast: Cast, made: Made
) -> None:
    robots(database, made[0].id, cast.organiser.id)
    look(database)
    assert paused(database, cast.organiser.id) is None


def test_the_board_shows_the_figures_and_one_tap_lets_them_go_on(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    robots(database, made[0].id, cast.caller.id)
    look(database)
    client.sign_in(cast.organiser)
    page = client.get(f"{BANK}/lead").text
    for words in ("Paused by itself, 12:00", "Cal Caller", "4 s", "31 of 31", "noted as “Talked”"):
        assert words in page, words
    go_on = f"{BANK}/callers/{cast.caller.public_id}/go-on"
    assert go_on in page
    for nobody, code in ((cast.caller, 403), (cast.supporter, 404)):
        client.sign_in(nobody)
        assert client.post_form(go_on).status_code == code
    assert client.get(f"{BANK}/lead").status_code == 404
    assert paused(database, cast.caller.id) is not None
    client.sign_in(cast.organiser)
    assert client.post_form(go_on).status_code == 303
    assert "Paused by itself" not in client.get(f"{BANK}/lead").text
    look(database, minutes=1)
    assert paused(database, cast.caller.id) is None, "what was before is not held against them"
    with database.reading() as db:
        assert db.scalars(select(CallerSignal)).all() == []


def test_a_lead_may_want_to_talk_to_somebody_first(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    robots(database, made[0].id, cast.caller.id, many=6)
    look(database)
    client.sign_in(cast.organiser)
    pause = f"{BANK}/callers/{cast.caller.public_id}/pause"
    assert pause in client.get(f"{BANK}/lead").text
    assert client.post_form(pause).status_code == 303
    assert paused(database, cast.caller.id) == "lead"
    with database.reading() as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == "caller paused")).one()
        assert row.actor_id == cast.organiser.id
    robots(database, made[0].id, cast.organiser.id, many=6)
    own = f"{BANK}/callers/{cast.organiser.public_id}/pause"
    assert client.post_form(own).status_code == 422


def test_another_phonebank_sees_neither_the_signs_nor_the_pause(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        other = make_phonebank(db, cast.group, title="Another", public_id="another")
        bank_id = other.id
    robots(database, bank_id, cast.caller.id)
    look(database)
    assert paused(database, cast.caller.id) is not None
    client.sign_in(cast.organiser)
    assert "Honest calls" not in client.get(f"{BANK}/lead").text.replace("calls wait", "")
    assert "Paused by itself" in client.get("/phonebanks/another/lead").text


def test_calls_are_found_by_an_index_and_not_by_a_scan(database: Database) -> None:
    seen: list[tuple[str, Any]] = []
    with database.unit_of_work() as db:
        bank, person = make_phonebank(db), make_person(db)
        noted(db, bank, person, *["talked"] * 5)
        if is_postgresql(db):
            pytest.skip("it scans a table of five rows, as it should")
        event.listen(
            db.get_bind(), "before_cursor_execute", lambda c, u, s, p, x, m: seen.append((s, p))
        )
        queries.noted_since(db, bank.id, NOON - timedelta(hours=1))
        queries.calls_of(db, bank.id, [person.id], now=NOON)
        queries.outcomes_lately(db, bank.id, now=NOON)
        queries.callers_since(db, 1)
        connection = db.connection().connection
        for statement, parameters in list(seen):
            rows = connection.execute("EXPLAIN QUERY PLAN " + statement, parameters)  # type: ignore[attr-defined]
            plan = " | ".join(row[3] for row in rows)
            assert "SCAN call" not in plan, plan
    assert len(seen) >= 4
