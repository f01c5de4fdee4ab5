"""The everyday report and the next claim, by many at one moment: once each, and nobody twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.at_once import Next, report_at_once
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.queries.at_hand import call_at_hand
from tests.phonebanks.everyday import SOON, at_hand, fill_one_slot, shown
from tests.phonebanks.making import fill, make_person, make_phonebank


@pytest.mark.storm
def test_forty_identical_reports_at_one_moment_are_one(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        held = fill_one_slot(db, phonebank, make_person(db))
        found = at_hand(db, held)
    gate = threading.Barrier(20)

    def send(_turn: int) -> bool:
        gate.wait()
        with database.unit_of_work() as db:
            kept = report_at_once(
                db,
                found=found,
                outcome=adapters.outcomes()["no_answer"],
                client_uuid="the same",
                note="",
                following=Next(pace=False),
                now=SOON,
            )
            if kept is None:
                db.rollback()
            return kept is not None

    with ThreadPoolExecutor(20) as pool:
        kept = [*pool.map(send, range(20)), *pool.map(send, range(20))]
    assert sum(kept) == 1
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Call)) == 2
        claimed = select(func.count()).select_from(Contact).where(Contact.state == "claimed")
        assert db.scalar(claimed) == 1


@pytest.mark.storm
def test_many_callers_on_overlapping_lists_never_share_a_number(database: Database) -> None:
    with database.unit_of_work() as db:
        banks = [make_phonebank(db, title=f"List {turn}") for turn in range(3)]
        for bank in banks:
            fill(db, bank, range(400))
        callers = [make_person(db) for _ in range(12)]
        held = [shown(db, banks[turn % 3], caller) for turn, caller in enumerate(callers)]
        ids = [one.call.public_id for one in held]
    seen: list[tuple[int, int]] = []
    lock = threading.Lock()

    def call(place: int) -> None:
        caller_id, public_id = callers[place].id, ids[place]
        for turn in range(25):
            public_id = _report_and_next(database, public_id, caller_id, f"{place}-{turn}")
            if not public_id:
                return
            with lock, database.unit_of_work() as db:
                mine = db.scalars(select(Call).where(Call.public_id == public_id)).one()
                seen.append((mine.number_id, mine.contact_id))
                mine.status, mine.revealed_at = "revealed", SOON
                mine.attempted_at = SOON

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(call, range(12)))
    with database.reading() as db:
        attempts = db.execute(
            select(Call.number_id, func.count())
            .where(Call.status == "reported", Call.attempted_at.is_not(None))
            .group_by(Call.number_id)
        ).all()
        reported = db.scalar(
            select(func.count()).select_from(Call).where(Call.status == "reported")
        )
    assert len(seen) == len({number for number, _ in seen})
    assert all(count == 1 for _, count in attempts)
    assert reported == len({client for client, _ in attempts}) > 12 * 20


def _report_and_next(database: Database, public_id: str, caller_id: int, key: str) -> str:
    with database.unit_of_work() as db:
        found = call_at_hand(db, public_id, caller_id, now=SOON)
        assert found is not None
        kept = report_at_once(
            db,
            found=found,
            outcome=adapters.outcomes()["no_answer"],
            client_uuid=key,
            note="",
            following=Next(pace=False),
            now=SOON,
        )
        if kept is not None and kept.taken is not None:
            return kept.taken.public_id
        if kept is None:
            db.rollback()
    return _the_long_way(database, public_id, caller_id)


def _the_long_way(database: Database, public_id: str, caller_id: int) -> str:
    with database.unit_of_work() as db:
        mine = db.scalars(select(Call).where(Call.public_id == public_id)).one()
        phonebank = db.get_one(Phonebank, mine.phonebank_id)
        if mine.status != "reported":
            record_outcome(db, call=mine, phonebank=phonebank, outcome="no_answer", now=SOON)
        found = claim_next(db, phonebank=phonebank, caller_id=caller_id, now=SOON, pace=False)
        return found.call.public_id if isinstance(found, Claim) else ""
