"""One action takes back everything that a caller did since a moment, do-not-calls aside."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks import adapters
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import (
    Answer,
    Call,
    CallerProfile,
    Contact,
    ContactExport,
    Phonebank,
    Sharer,
)
from campaign.phonebanks.operations import reversing
from campaign.phonebanks.operations.locking import end_claim
from campaign.phonebanks.operations.promising import call_off, write_promise
from campaign.phonebanks.operations.reporting import record, record_outcome
from campaign.phonebanks.operations.setup import write_script
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.exporting import _rows_of
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.test_taking_out import World

LATER = NOON + timedelta(hours=3)
CODES = [row.code for row in adapters.outcomes() if not row.is_skip]
WISHES = [row.code for row in adapters.outcomes() if row.suppress]
STEPS = [
    {"key": "opening", "say": "Hello, {movement} here.", "options": []},
    {"key": "come", "say": "Come?", "options": [{"key": "yes", "label": "Yes"}]},
]


@pytest.fixture(autouse=True)
def _at_any_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(record, "_lawful", lambda at, _line: at)


def dump(db: Session, *without: int) -> bytes:
    """Every column of every contact and number, but for the count of changes; ``without`` some."""
    db.expire_all()
    lines = []
    for table, key in ((Contact, "id"), (PhoneNumber, "id")):
        names = ", ".join(name for name in table.__table__.columns.keys() if name != "version")  # noqa: SIM118
        rows = db.execute(text(f"SELECT {names} FROM {table.__tablename__} ORDER BY id")).mappings()
        for row in rows:
            number = row["number_id"] if table is Contact else row[key]
            if number not in without:
                lines.append(json.dumps(dict(row), default=str))
    return "\n".join(lines).encode()


def called(world: World, who: int, contact: Contact, code: str, **said: Any) -> Call:
    """A call that was made and reported, with all that such an outcome asks for."""
    db, at = world.db, said.pop("at", NOON)
    call = world._claim(_Who(who), contact, at)  # type: ignore[arg-type]
    outcome = adapters.outcomes()[code]
    wanted = at + timedelta(days=1) if outcome.next == "callback" else None
    given = {
        "callback_at": wanted,
        "language": "Polish" if outcome.asks == "language" else None,
        **said,
    }
    bank = db.get_one(Phonebank, contact.phonebank_id)
    end = at + timedelta(minutes=5)
    record_outcome(db, call=call, phonebank=bank, outcome=code, now=end, **given)
    return call


class _Who:
    def __init__(self, who: int) -> None:
        self.who = who


def a_night(db: Session) -> World:
    """People of every kind, after an honest day: rung before, promised, at home, sharing."""
    callers = [make_person(db, name) for name in ("Vic", "Hana", "Lena")]
    for caller in callers[:2]:
        db.add(CallerProfile(person_id=caller.id, trust="regular"))
    world = World(db, callers)
    bank = make_phonebank(db, title="Vic's night")
    other = make_phonebank(db, title="Another list")
    write_script(db, phonebank=bank, steps=STEPS, actor_id=callers[2].id, now=NOON)
    world.banks = [bank, other]
    world.people = sorted(fill(db, bank, range(len(CODES) + 6)), key=lambda one: one.id)
    fill(db, other, range(3))
    for place, contact in enumerate(world.people[: len(CODES)]):
        contact.note = "As on the list" if place % 2 else ""
        contact.household_key = "h" * 64 if place in (0, 1) else None
    shared = world.people[2]
    db.add(Sharer(contact_id=shared.id, first_name="Jo", consent=True))
    shared.sharers = 1
    db.flush()
    for place, contact in enumerate(world.people[: len(CODES)]):
        if place % 3 == 0:
            called(world, 1, contact, "no_answer", at=NOON - timedelta(days=9), note="Works late")
        elif place % 3 == 1:
            called(world, 1, contact, "call_later", at=NOON - timedelta(days=2))
    db.flush()
    return world


@pytest.fixture
def night(database: Database) -> Iterator[World]:
    with database.unit_of_work() as db:
        yield a_night(db)


def reversed_by(world: World, mail: Mail, **given: Any) -> Any:
    return reversing.reverse(
        world.db,
        caller=world.callers[0],
        **{
            "phonebanks": world.banks[:1],
            "since": NOON - timedelta(minutes=1),
            "actor_id": world.callers[2].id,
            "mail": mail,
            "now": LATER,
            **given,
        },
    )


def test_afterwards_every_contact_and_number_is_byte_for_byte_as_before(
    night: World, mail: Mail
) -> None:
    db, wished = night.db, []
    for contact, code in zip(night.people, CODES, strict=False):
        if code in WISHES:
            wished.append(contact.number_id)
    before, everything = dump(db, *wished), dump(db)
    for contact, code in zip(night.people, CODES, strict=False):
        called(night, 0, contact, code, note="Nonsense", answers={"come": "yes"})
    asleep, skipped, held = night.people[-3:]
    night._claim(_Who(0), asleep, NOON)  # type: ignore[arg-type]
    end = NOON + timedelta(minutes=30)
    end_claim(db, contact=asleep, phonebank=night.banks[0], now=end, status="expired")
    night._claim(_Who(0), held, NOON + timedelta(hours=2))  # type: ignore[arg-type]
    assert dump(db, *wished) != before
    made = reversed_by(night, mail)
    assert dump(db, *wished) == before
    assert dump(db) != everything
    assert (made.calls, made.done) == (len(CODES) - len(WISHES) + 2, made.calls)
    assert made.finished_at == LATER
    stays = db.scalars(select(Call.result_code).where(Call.status == "reported"))
    assert sorted(code for code in stays if code in WISHES) == sorted(WISHES)
    suppressed = select(Contact.state).where(Contact.number_id.in_(wished))
    assert set(db.scalars(suppressed)) == {"suppressed"}
    assert skipped.state == "ready"


def test_the_calls_stay_as_history_and_leave_every_figure(night: World, mail: Mail) -> None:
    db, bank = night.db, night.banks[0]
    totals = (board.progress(db, bank.id), board.outcomes_of(db, bank.id))
    for contact in night.people[-6:]:
        called(night, 0, contact, "talked", answers={"come": "yes"}, note="Nonsense")
    assert board.answers_of(db, bank.id) == {("come", "yes"): 6}
    made = reversed_by(night, mail)
    assert (board.progress(db, bank.id), board.outcomes_of(db, bank.id)) == totals
    assert board.answers_of(db, bank.id) == {}
    assert db.scalar(select(func.count()).select_from(Answer)) == 0
    counted = sum(many for _, many in board.outcomes_of(db, bank.id))
    rows = select(func.count()).where(Call.phonebank_id == bank.id, Call.status == "reported")
    assert board.progress(db, bank.id).calls == counted == db.scalar(rows)
    calls = db.scalars(select(Call).where(Call.status == "reversed")).all()
    assert {(call.reversal_id, call.result_code, call.note, call.reached) for call in calls} == {
        (made.id, "talked", "Nonsense", False)
    }
    export = ContactExport(phonebank_id=bank.id, shape="attempts")
    assert len(db.execute(_rows_of(export)).all()) == counted
    row = db.scalars(select(AuditRow).where(AuditRow.action == "calls taken back")).one()
    assert row.details[1:] == [
        f"person:{night.callers[0].id}",
        "since:2026-11-24T11:59:00+00:00",
        "calls:6",
    ]


def test_what_others_did_since_stays_and_so_does_what_was_before(night: World, mail: Mail) -> None:
    db = night.db
    early, both, lists = night.people[-6:-3]
    called(night, 0, early, "talked", at=NOON - timedelta(hours=2))
    called(night, 0, both, "refused_soft", note="Nonsense")
    both.state = "ready"
    db.flush()
    called(night, 1, both, "no_answer", at=NOON + timedelta(hours=1), note="Ask for Jo")
    called(night, 0, lists, "talked")
    preview = reversing.preview(
        db,
        caller_id=night.callers[0].id,
        phonebanks=night.banks[:1],
        since=NOON - timedelta(minutes=1),
    )
    assert (preview.calls, preview.people) == (2, 2)
    reversed_by(night, mail)
    db.expire_all()
    assert early.state == "done"
    assert (both.attempts, both.state, both.last_result) == (1, "ready", "no_answer")
    assert (both.note, both.reached_at) == ("Ask for Jo", None)
    assert lists.state == "ready"


def test_nothing_more_is_noted_of_a_call_that_was_taken_back_but_a_wish(
    night: World, mail: Mail
) -> None:
    db, bank = night.db, night.banks[0]
    call = night._claim(_Who(0), night.people[-1], NOON)  # type: ignore[arg-type]
    reversed_by(night, mail)
    before = dump(db)
    with pytest.raises(Conflict, match="taken this call back"):
        record_outcome(db, call=call, phonebank=bank, outcome="talked", now=LATER)
    assert dump(db) == before
    record_outcome(db, call=call, phonebank=bank, outcome="dnc", now=LATER)
    assert night.people[-1].state == "suppressed"


def test_a_moment_too_long_ago_and_one_without_calls_are_refused(night: World, mail: Mail) -> None:
    with pytest.raises(Refused, match="last four weeks"):
        reversed_by(night, mail, since=LATER - timedelta(days=29))
    with pytest.raises(Refused, match="nothing to take back"):
        reversed_by(night, mail)


def test_many_are_taken_out_by_the_worker_in_portions_each_of_them_whole(
    database: Database, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reversing, "AT_ONCE", 3)
    monkeypatch.setattr(reversing, "PORTION", 2)
    with database.unit_of_work() as db:
        night = a_night(db)
        before = dump(db)
        for contact in night.people[-6:]:
            called(night, 0, contact, "talked")
        made = reversed_by(night, mail)
        assert (made.calls, made.done, made.finished_at) == (6, 0, None)
    steps = []
    while reversing.work_on(database, mail=mail, now=LATER):
        with database.reading() as db:
            left = select(func.count()).where(Call.status == "reversed")
            steps.append(db.scalar(left))
    assert steps == [2, 4, 6]
    with database.reading() as db:
        assert dump(db) == before


def test_a_promise_that_stands_again_comes_back_into_its_caller_s_calendar(
    night: World, mail: Mail
) -> None:
    db, contact = night.db, night.people[-1]
    call = called(night, 1, contact, "call_later", callback_at=NOON + timedelta(days=2))
    write_promise(db, call=call, mail=mail, now=NOON)
    at = NOON + timedelta(hours=1)
    called(night, 0, contact, "refused_soft", at=at)
    call_off(db, mail=mail, now=at)
    reversed_by(night, mail, since=at)
    db.flush()
    letters = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id)).all()
    assert [letter.subject.split(":")[0] for letter in letters] == [
        "You promised a call",
        "A call you promised is off",
        "You promised a call",
    ]
    assert contact.callback_owner_id == night.callers[1].id


def test_a_newcomer_s_doubt_is_taken_back_and_a_wish_by_somebody_else_is_not(
    night: World, mail: Mail
) -> None:
    db = night.db
    db.get_one(CallerProfile, night.callers[0].id).trust = "new"
    doubted, wished = night.people[-2:]
    called(night, 0, doubted, "deceased")
    assert doubted.state == "held"
    called(night, 0, wished, "no_answer")
    wished.not_before = None
    called(night, 1, wished, "dnc", at=NOON + timedelta(hours=1))
    reversed_by(night, mail)
    number = db.get_one(PhoneNumber, doubted.number_id)
    assert (doubted.state, number.state) == ("ready", "ok")
    assert (wished.state, wished.attempts) == ("suppressed", 1)
    hmac = db.get_one(PhoneNumber, wished.number_id).hmac
    assert db.scalar(select(Suppression.id).where(Suppression.hmac == hmac)) is not None


def test_whoever_is_in_another_caller_s_hands_stays_there(night: World, mail: Mail) -> None:
    db, contact = night.db, night.people[-1]
    called(night, 0, contact, "tech", note="Nonsense")
    bank, caller = night.banks[0], night.callers[1]
    held = claim(db, bank, caller, LATER - timedelta(minutes=5))
    while held.contact.id != contact.id:
        end_claim(db, contact=held.contact, phonebank=bank, now=LATER, status="released")
        held.contact.state = "done"
        db.flush()
        held = claim(db, bank, caller, LATER - timedelta(minutes=5))
    reversed_by(night, mail)
    assert (contact.state, contact.claim_call_id) == ("claimed", held.call.id)
    assert (contact.note, contact.last_result) == ("", None)
