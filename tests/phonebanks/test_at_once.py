"""The everyday report and the next claim in one statement: the same as the long way, and safe."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import at_once as operation
from campaign.phonebanks.operations.at_once import Next, is_everyday, report_at_once
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.queries import places
from campaign.phonebanks.queries.at_hand import PLANNING, call_at_hand
from tests.phonebanks.everyday import SOON, at_hand, at_once, fill_one_slot, shown
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank

EVERYDAY = ("talked", "no_answer", "busy", "voicemail_left", "voicemail_none", "refused_soft",
            "other_person", "tech", "already_done", "moved", "hostile")  # fmt: skip
LONG = ("dnc", "wrong_person", "dead_number", "deceased", "under_18", "language", "call_later",
        "skip_know")  # fmt: skip
# What two callers, lists and telephones have of their own.
OWN = {"id", "public_id", "phonebank_id", "contact_id", "number_id", "caller_id",
       "claim_call_id", "client_uuid", "shuffle", "slot", "e164", "hmac", "claimed_by",
       "callback_owner_id"}  # fmt: skip


def values(row: Contact | Call | PhoneNumber) -> dict[str, Any]:
    columns = row.__table__.columns.keys()
    return {name: getattr(row, name) for name in columns if name not in OWN}


def rows(db: Session, held: Claim) -> list[dict[str, Any]]:
    db.expire_all()
    return [values(held.call), values(held.contact), values(held.number)]


@pytest.mark.parametrize("outcome", EVERYDAY)
@pytest.mark.parametrize(
    "before",
    [
        {},
        {"attempts": 3},
        {"busy_day": NOON.date(), "busy_count": 2, "voicemails": 1, "note": "Rings late"},
        {"state": "callback", "promised_at": NOON, "not_before": NOON},
    ],
    ids=["fresh", "last attempt", "engaged before", "promised"],
)
def test_an_everyday_report_writes_what_the_long_way_writes(
    database: Database, outcome: str, before: dict[str, Any]
) -> None:
    written = []
    with database.unit_of_work() as db:
        for way in ("long", "at once"):
            phonebank, caller = make_phonebank(db, title=way), make_person(db)
            fill(db, phonebank, range(1) if way == "long" else range(1, 2), **before)
            held, note = shown(db, phonebank, caller), "Ask for Jo\n"
            if way == "long":
                record_outcome(
                    db, call=held.call, phonebank=phonebank, outcome=outcome, now=SOON, note=note,
                    client_uuid="one",
                )  # fmt: skip
                db.flush()
            else:
                kept = at_once(db, held, outcome, note=note, following=None)
                assert kept is not None
                assert (kept.saved.outcome, kept.saved.at) == (outcome, SOON)
            written.append(rows(db, held))
    assert written[0] == written[1]


@pytest.mark.parametrize("outcome", LONG)
def test_what_reaches_beyond_the_list_goes_the_long_way(database: Database, outcome: str) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        found = at_hand(db, shown(db, phonebank, make_person(db)))
        assert not is_everyday(found, adapters.outcomes()[outcome], now=SOON)


def test_what_is_late_unshown_or_practice_goes_the_long_way(database: Database) -> None:
    no_answer = adapters.outcomes()["no_answer"]
    with database.unit_of_work() as db:
        phonebank, practice = make_phonebank(db), make_phonebank(db, is_practice=True)
        fill(db, phonebank, range(2))
        fill(db, practice, range(2, 3))
        held = shown(db, phonebank, make_person(db))
        assert is_everyday(at_hand(db, held), no_answer, now=SOON)
        over = held.call.expires_at
        assert not is_everyday(at_hand(db, held), no_answer, now=over)
        unshown = claim(db, phonebank, make_person(db))
        assert not is_everyday(at_hand(db, unshown), no_answer, now=SOON)
        exercise = shown(db, practice, make_person(db))
        assert not is_everyday(at_hand(db, exercise), no_answer, now=SOON)


def test_the_next_person_is_claimed_as_ever_and_somebody_elses_call_is_nobodys(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller, other = make_phonebank(db), make_person(db), make_person(db)
        # All of one slot, so that the one look finds somebody.
        fill(db, phonebank, range(0, 16 * 64, 16))
        held = shown(db, phonebank, caller)
        assert call_at_hand(db, held.call.public_id, other.id, now=SOON) is None
        kept = None
        for contact in db.scalars(select(Contact)):
            contact.slot = contact.id % 16
        db.flush()
        kept = at_once(db, held)
        assert kept is not None
        assert kept.taken is not None
        call = db.scalars(select(Call).where(Call.public_id == kept.taken.public_id)).one()
        assert (call.status, call.caller_id, call.expires_at) == (
            "claimed", caller.id, SOON + timedelta(seconds=phonebank.claim_seconds),
        )  # fmt: skip
        contact = db.get_one(Contact, call.contact_id)
        db.refresh(contact)
        assert (contact.state, contact.claimed_by, contact.claim_call_id) == (
            "claimed", caller.id, call.id,
        )  # fmt: skip
        assert contact.number_id == call.number_id
        assert (kept.taken.first_name, kept.taken.town) == ("Amina", "Hove")
        # The next claim answers with the same person.
        again = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=SOON, pace=False)
        assert isinstance(again, Claim)
        assert again.call.id == call.id


def test_the_same_report_again_changes_nothing_and_takes_nobody(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(0, 16 * 40))
        held = shown(db, phonebank, make_person(db))
        before = at_hand(db, held)
        assert at_once(db, held) is not None
        claims = select(func.count()).select_from(Call)
        calls = db.scalar(claims)
        sent = {
            "found": before,  # as another worker has read it before
            "outcome": adapters.outcomes()["no_answer"],
            "client_uuid": "uuid-" + held.call.public_id,
            "note": "",
            "following": Next(pace=False),
            "now": SOON,
        }
        assert report_at_once(db, **sent) is None
        assert db.scalar(claims) == calls


def test_a_number_at_its_weekly_cap_is_not_taken(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        held = fill_one_slot(db, phonebank, caller)
        for number in db.scalars(select(PhoneNumber)):
            number.last_attempt_at = NOON - timedelta(days=2)
        waiting = list(db.scalars(select(Contact).where(Contact.state == "ready")))
        for contact in waiting:
            for days in (2, 3, 4):
                db.add(
                    Call(
                        phonebank_id=phonebank.id, contact_id=contact.id, caller_id=caller.id,
                        number_id=contact.number_id, claimed_at=NOON - timedelta(days=days),
                        expires_at=NOON - timedelta(days=days), status="reported",
                        attempted_at=NOON - timedelta(days=days),
                    )
                )  # fmt: skip
        db.flush()
        kept = at_once(db, held)
        assert kept is not None
        assert kept.taken is None


def test_a_suppressed_number_or_a_closed_phonebank_gives_nobody(database: Database) -> None:
    def suppress(db: Session, phonebank: Phonebank) -> None:
        for number in db.scalars(select(PhoneNumber)):
            db.add(Suppression(hmac=number.hmac, reason="asked", source="test", made_at=NOON))

    def close(db: Session, phonebank: Phonebank) -> None:
        phonebank.status = "paused"

    def nothing(db: Session, phonebank: Phonebank) -> None:
        pass

    for do, finds in ((suppress, False), (close, False), (nothing, True)):
        assert _takes_after(database, do) is finds


def _takes_after(database: Database, do: Callable[[Session, Phonebank], None]) -> bool:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        held = fill_one_slot(db, phonebank, make_person(db))
        do(db, phonebank)
        db.flush()
        kept = at_once(db, held)
        assert kept is not None
        db.rollback()
    return kept.taken is not None


def test_who_holds_the_number_past_their_time_sends_the_report_the_long_way(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        first, second = make_phonebank(db), make_phonebank(db, title="Second", claim_seconds=1)
        held = fill_one_slot(db, first, make_person(db))
        fill(db, second, range(17))
        taken = {held.number.id}
        for _ in range(16):
            stale = claim(db, second, make_person(db))
            taken.add(stale.number.id)
        assert len(taken) == 17
        db.commit()
        with database.unit_of_work() as again:
            assert at_once(again, held) is None
            again.rollback()
        db.expire_all()
        assert held.call.status == "revealed"
        # The long way frees whom nobody holds any more.
        record_outcome(db, call=held.call, phonebank=first, outcome="no_answer", now=SOON)
        caller_id = held.call.caller_id
        found = claim_next(db, phonebank=first, caller_id=caller_id, now=SOON, pace=False)
        assert isinstance(found, Claim)


def test_who_stands_before_the_place_that_was_reached_is_not_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "SLOTS", 1)

    def next_of(held: Claim) -> int | None:
        """The place in the order of whom the report of this call brings."""
        held.call.revealed_at = held.call.attempted_at = held.call.claimed_at
        held.call.status = "revealed"
        db.flush()
        kept = at_once(db, held)
        assert kept is not None
        if kept.taken is None:
            return None
        call = db.scalars(select(Call).where(Call.public_id == kept.taken.public_id)).one()
        return db.get_one(Contact, call.contact_id).shuffle

    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        for place, contact in enumerate(fill(db, phonebank, range(6))):
            contact.slot, contact.shuffle = 0, 10 * (place + 1)
        db.flush()
        first, second, third = (claim(db, phonebank, make_person(db)) for _ in range(3))
        assert next_of(first) == 40
        # Somebody comes to the front: looks begin behind them for a while.
        db.refresh(first.contact)
        first.contact.state = "ready"
        first.contact.not_before = first.contact.last_result = None
        db.refresh(first.number)
        first.number.last_attempt_at = None
        db.flush()
        assert next_of(second) == 50
        # After that while the slot is looked at from its front again.
        monkeypatch.setattr(places, "FRESH_SECONDS", -1.0)
        assert next_of(third) == 10


def test_where_nobody_is_behind_the_place_the_long_way_looks_at_all(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        held = fill_one_slot(db, phonebank, make_person(db))
        for slot in range(16):
            places.found_at(db, phonebank.id, slot, begun=places.FRONT, at=(30_000, 0))
        kept = at_once(db, held)
        assert kept is not None
        assert kept.taken is None
        caller_id = held.call.caller_id
        found = claim_next(db, phonebank=phonebank, caller_id=caller_id, now=SOON, pace=False)
        assert isinstance(found, Claim)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_it_is_planned_once_and_what_comes_after_it_as_usual(database: Database) -> None:
    def planning(db: Session) -> list[str]:
        return [str(db.scalar(text(f"SHOW {name}"))) for name in PLANNING]

    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        held = fill_one_slot(db, phonebank, make_person(db))
        db.commit()
        usual = planning(db)
        assert usual == [so for _, so in PLANNING.values()]
        found = at_hand(db, held)
        assert planning(db) == [so for so, _ in PLANNING.values()]
        outcome = adapters.outcomes()["no_answer"]
        kept = report_at_once(
            db, found=found, outcome=outcome, client_uuid="one", note="", following=None, now=SOON
        )
        assert kept is not None
        assert planning(db) == usual
        # And where it comes to no statement, the end of the transaction does it.
        assert call_at_hand(db, held.call.public_id, held.call.caller_id, now=SOON) is not None
        db.rollback()
        assert planning(db) == usual
