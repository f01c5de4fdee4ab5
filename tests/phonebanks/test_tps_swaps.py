"""A TPS file takes the place of the last at once: loads that die or meet, claims in between."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.phonebanks.models import NeverLoad, TpsFile, TpsPart
from campaign.phonebanks.operations import tps
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.revealing import release, reveal
from campaign.phonebanks.queries import screening
from tests.phonebanks.making import KEY, NOON, fictitious, fill, make_person, make_phonebank

SCREENED = {"consent": False, "screened": True}


def lines(numbers: Iterable[int]) -> list[str]:
    return [f"0{fictitious(number)[3:]}\r\n" for number in numbers]


def load(work: Callable[[], Any], numbers: Iterable[int]) -> None:
    tps.load_tps(work, lines(numbers), key=KEY, now=NOON, smaller_is_right=True)


def listed(db: Session, numbers: Iterable[int]) -> set[int]:
    """Which of these numbers the file in force holds."""
    return {
        number
        for number in numbers
        if db.scalar(select(screening.on_tps(literal(phone.hmac_key(fictitious(number), KEY)))))
    }


def kept(db: Session) -> tuple[int, int]:
    """How many files there are, and how many of them have numbers."""
    files = db.scalar(select(func.count()).select_from(TpsFile)) or 0
    return files, db.scalar(select(func.count(TpsPart.file_id.distinct()))) or 0


DIES = """
import sys, time
from campaign.foundation.database import Database
from campaign.phonebanks.operations import tps
from tests.phonebanks import test_tps_swaps as here
database = Database(sys.argv[1])
tps.PORTION = 5
begun = 0
def work():
    global begun
    begun += 1
    if begun == int(sys.argv[2]):
        print("now", flush=True)
        time.sleep(60)
    return database.unit_of_work()
here.load(work, range(100, 200))
"""


@pytest.mark.parametrize("transaction", [1, 2, 6, 22])
def test_a_load_that_is_killed_leaves_the_old_file_in_force(
    database: Database, transaction: int
) -> None:
    load(database.unit_of_work, range(10))
    url = database.url.render_as_string(hide_password=False)
    running = subprocess.Popen(
        [sys.executable, "-c", DIES, url, f"{transaction}"], stdout=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "now\n"
    running.send_signal(signal.SIGKILL)
    assert running.wait() == -signal.SIGKILL
    running.stdout.close()
    with database.reading() as db:
        assert listed(db, [*range(10), *range(100, 200)]) == set(range(10))
        assert db.scalars(select(NeverLoad.rows)).all() == [10]
    load(database.unit_of_work, range(100, 200))
    with database.reading() as db:
        assert listed(db, range(200)) == set(range(100, 200))
        assert kept(db) == (1, 1), "what the dead load left is swept away"


def test_a_load_that_another_overtakes_is_refused_and_the_other_counts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tps, "PORTION", 5)
    begun = []

    def overtaken() -> Any:
        begun.append(None)
        if len(begun) == 3:
            load(database.unit_of_work, range(50, 80))
        return database.unit_of_work()

    with pytest.raises(Conflict, match="Another load began after this one"):
        load(overtaken, range(30))
    with database.reading() as db:
        assert listed(db, range(90)) == set(range(50, 80))
        assert kept(db) == (1, 1)


def at_once(*works: Callable[[], None]) -> list[BaseException]:
    """Run each in a thread of its own; answers with what was raised."""
    raised: list[BaseException] = []

    def run(work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:
            raised.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_of_many_loads_at_once_one_whole_file_is_in_force(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tps, "PORTION", 20)
    files = [range(100 * n, 100 * n + 60) for n in range(4)]
    raised = at_once(*(lambda one=one: load(database.unit_of_work, one) for one in files))
    assert all(isinstance(error, Conflict) for error in raised), raised
    assert len(raised) < len(files)
    with database.reading() as db:
        assert listed(db, range(400)) in [set(one) for one in files]
        assert db.scalars(select(TpsFile.state).where(TpsFile.state == "in_force")).all() == [
            "in_force"
        ]
    load(database.unit_of_work, files[0])
    with database.reading() as db:
        assert kept(db) == (1, 1)


def test_nobody_who_is_listed_is_ever_handed_out_while_files_change(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Person 0 is in every file and person 1 in none: the first never comes, the second always."""
    monkeypatch.setattr(tps, "PORTION", 10)
    monkeypatch.setattr(tps, "SWEPT", 10)
    load(database.unit_of_work, [0, *range(100, 130)])
    with database.unit_of_work() as db:
        banks = [make_phonebank(db, title=f"Bank {n}") for n in range(2)]
        for n, bank in enumerate(banks):
            fill(db, bank, range(1), **SCREENED)
            fill(db, bank, range(n + 1, n + 2), **SCREENED)
        callers = [make_person(db).id for _ in banks]
    over = threading.Event()
    seen: list[Any] = []

    def change() -> None:
        try:
            for turn in range(5):
                load(database.unit_of_work, [0, *range(100 * turn + 100, 100 * turn + 140)])
        finally:
            over.set()

    def call(n: int) -> None:
        while not over.is_set():
            with database.unit_of_work() as db:
                bank = db.merge(banks[n], load=False)
                given = {"phonebank": bank, "now": NOON, "pace": False}
                found = claim_next(db, caller_id=callers[n], **given)
                seen.append(found.number.e164 if isinstance(found, Claim) else found)
                if isinstance(found, Claim):
                    assert isinstance(reveal(db, call=found.call, **given), Claim)
                    release(db, call=found.call, reason="stop", **given)
                db.rollback()

    assert at_once(change, lambda: call(0), lambda: call(1)) == []
    assert set(seen) == {fictitious(1), fictitious(2)}
