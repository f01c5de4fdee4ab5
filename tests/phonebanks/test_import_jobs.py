"""A list that comes in by a job: killed, taken up again, stopped, given twice, not allowed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.people.models import PhoneNumber
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank, PhonebankRole
from campaign.phonebanks.operations import leasing, storing, sweeping, working
from campaign.phonebanks.operations.dispensing import claim_next
from campaign.phonebanks.operations.working import Shop, findings, jobs
from campaign.phonebanks.rules.claims import Nothing
from campaign.phonebanks.rules.imports import seconds_left
from tests.cast import Cast
from tests.phonebanks.lists import bring, bring_in, decide, finish, give, preview, stop
from tests.phonebanks.making import KEY, NOON, make_person, make_phonebank

HEAD = "ID,First name,Surname,Phone,OK to ring\r\n"
LONG = 60


def rows(many: int) -> str:
    return HEAD + "".join(f"B{n},Amina,Kay{n},+44 4{n:09d},yes\r\n" for n in range(many))


def there(shop: Shop, **values: Any) -> Phonebank:
    with shop.database.unit_of_work() as db:
        return make_phonebank(db, **values)


def count(database: Database, table: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def state_of(shop: Shop, batch_id: int) -> ImportBatch:
    with shop.database.reading() as db:
        batch = db.get_one(ImportBatch, batch_id)
        db.expunge(batch)
        return batch


def take(shop: Shop, now: Any = None) -> tuple[int, str] | None:
    with shop.database.unit_of_work() as db:
        return leasing.take(db, now=now or clock.now())


def left_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_two_workers_are_never_at_the_same_list(bench_shop: Shop) -> None:
    batch_id = give(bench_shop, there(bench_shop), rows(3))
    found: list[tuple[int, str] | None] = []
    ready = threading.Barrier(8)

    def one() -> None:
        ready.wait(LONG)
        found.append(take(bench_shop))

    workers = [threading.Thread(target=one) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(LONG)
    assert [took[0] for took in found if took] == [batch_id]
    assert take(bench_shop) is None


def test_one_list_at_a_time_is_worked_on(bench_shop: Shop) -> None:
    phonebank = there(bench_shop)
    first, second = (give(bench_shop, phonebank, rows(3)) for _ in range(2))
    taken = take(bench_shop)
    assert taken is not None
    assert taken[0] == first
    assert take(bench_shop) is None
    working.work_on(bench_shop, *taken)
    assert (take(bench_shop) or (0, ""))[0] == second


def test_a_worker_that_is_gone_is_followed_by_another(bench_shop: Shop) -> None:
    batch_id = give(bench_shop, there(bench_shop), rows(3))
    gone = take(bench_shop)
    assert gone is not None
    assert take(bench_shop, clock.now() + leasing.GONE_AFTER / 2) is None
    later = clock.now() + leasing.GONE_AFTER + timedelta(seconds=1)
    with clock.at(later):
        taken = take(bench_shop)
        assert taken is not None
        assert taken[0] == batch_id
        # The first was only slow: what it does now is not kept.
        working.work_on(bench_shop, *gone)
        assert state_of(bench_shop, batch_id).state == "reading"
        working.work_on(bench_shop, *taken)
    assert state_of(bench_shop, batch_id).counts["new"] == 3


def test_a_worker_that_lost_its_list_brings_nobody_in(
    bench_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = preview(bench_shop, there(bench_shop), rows(3)).id
    decide(bench_shop, batch_id)
    find = storing.find_numbers

    def meanwhile(db: Any) -> None:
        find(db)
        with bench_shop.database.unit_of_work() as other:
            other.execute(
                update(ImportBatch).where(ImportBatch.id == batch_id).values(worker="another")
            )

    monkeypatch.setattr(storing, "find_numbers", meanwhile)
    assert working.work_off(bench_shop, batch_id)
    assert count(bench_shop.database, Contact) == 0
    assert state_of(bench_shop, batch_id).state == "bringing"


def test_nobody_of_a_list_is_handed_out_before_all_of_it_is_in(
    bench_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    phonebank = there(bench_shop)
    batch_id = preview(bench_shop, phonebank, rows(50)).id
    decide(bench_shop, batch_id)
    seen: list[object] = []
    find = storing.find_numbers

    def look(db: Any) -> None:
        find(db)
        with bench_shop.database.unit_of_work() as other:
            caller = make_person(other).id
            seen.append(
                claim_next(other, phonebank=phonebank, caller_id=caller, now=NOON, pace=False)
            )
        seen.append(count(bench_shop.database, PhoneNumber))
        seen.append(count(bench_shop.database, Contact))

    monkeypatch.setattr(storing, "find_numbers", look)
    finish(bench_shop, batch_id)
    assert isinstance(seen[0], Nothing)
    assert seen[1:] == [50, 0], "the numbers are there, and nobody has one"
    assert count(bench_shop.database, Contact) == 50


@pytest.mark.parametrize("stage", ["reading", "bringing"])
def test_a_list_that_is_stopped_at_either_stage_leaves_nothing(
    bench_shop: Shop, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    phonebank = there(bench_shop)
    batch_id = give(bench_shop, phonebank, rows(25))
    if stage == "reading":
        monkeypatch.setattr("campaign.phonebanks.operations.staging.PORTION", 10)
        monkeypatch.setattr(jobs, "EVERY", 0.0)
    else:
        finish(bench_shop, batch_id)
        decide(bench_shop, batch_id)

    def watch(step: str, done: int, behind: int) -> None:
        late = step == "people" if stage == "bringing" else behind == 10
        if late and state_of(bench_shop, batch_id).state != "dropped":
            stop(bench_shop, batch_id)

    assert working.work_off(bench_shop, batch_id, watch=watch)
    assert state_of(bench_shop, batch_id).state == "dropped"
    working.clear_away(bench_shop, batch_id)
    assert left_in(bench_shop.folder) == []
    assert count(bench_shop.database, Contact) == count(bench_shop.database, PhoneNumber) == 0
    assert state_of(bench_shop, batch_id).tidy
    with pytest.raises(Conflict):
        decide(bench_shop, batch_id)


def test_stopping_takes_no_number_away_that_stands_for_somebody(bench_shop: Shop) -> None:
    phonebank, other = there(bench_shop), there(bench_shop, title="Another")
    bring(bench_shop, other, rows(2))
    batch_id = preview(bench_shop, phonebank, rows(5)).id
    decide(bench_shop, batch_id)

    def watch(step: str, *_: int) -> None:
        if step == "people":
            stop(bench_shop, batch_id)

    working.work_off(bench_shop, batch_id, watch=watch)
    working.clear_away(bench_shop, batch_id)
    assert count(bench_shop.database, Contact) == count(bench_shop.database, PhoneNumber) == 2


def test_who_stops_just_too_late_is_told_so(bench_shop: Shop) -> None:
    batch = bring(bench_shop, there(bench_shop), rows(2))
    with pytest.raises(Conflict):
        stop(bench_shop, batch.id)
    assert count(bench_shop.database, Contact) == 2


def test_the_same_file_given_twice_brings_everybody_in_once(bench_shop: Shop) -> None:
    phonebank = there(bench_shop)
    first, second = (give(bench_shop, phonebank, rows(30)) for _ in range(2))
    for batch_id in (first, second):
        assert finish(bench_shop, batch_id).counts["new"] == 30
        decide(bench_shop, batch_id)
    workers = [threading.Thread(target=finish, args=(bench_shop, one)) for one in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(LONG)
    counts = [state_of(bench_shop, one).counts for one in (first, second)]
    assert sorted((one["new"], one["updated"]) for one in counts) == [(0, 30), (30, 0)]
    assert count(bench_shop.database, Contact) == count(bench_shop.database, PhoneNumber) == 30


@pytest.mark.parametrize("stage", ["reading", "bringing"])
def test_a_phonebank_that_was_closed_meanwhile_takes_nobody_in(
    bench_shop: Shop, stage: str
) -> None:
    phonebank = there(bench_shop)
    batch_id = give(bench_shop, phonebank, rows(3))
    if stage == "bringing":
        finish(bench_shop, batch_id)
        decide(bench_shop, batch_id)
    with bench_shop.database.unit_of_work() as db:
        db.get_one(Phonebank, phonebank.id).status = "closed"
    with pytest.raises(Refused, match="closed meanwhile"):
        finish(bench_shop, batch_id)
    working.clear_away(bench_shop, batch_id)
    assert left_in(bench_shop.folder) == []
    assert count(bench_shop.database, Contact) == count(bench_shop.database, PhoneNumber) == 0


def test_who_may_no_longer_bring_lists_in_brings_nobody_in(bench_shop: Shop, cast: Cast) -> None:
    with bench_shop.database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        db.add(PhonebankRole(phonebank_id=phonebank.id, person_id=cast.caller.id))
    batch_id = preview(bench_shop, phonebank, rows(3), actor_id=cast.caller.id).id
    decide(bench_shop, batch_id, cast.caller.id)
    with bench_shop.database.unit_of_work() as db:
        db.delete(db.get_one(PhonebankRole, (phonebank.id, cast.caller.id)))
    with pytest.raises(Refused, match="may no longer bring lists in"):
        finish(bench_shop, batch_id)
    assert count(bench_shop.database, Contact) == 0


def test_a_file_that_is_no_table_after_all_says_where(bench_shop: Shop) -> None:
    text = rows(3) + 'B9,"Amina,Kay,+44 4000000009,yes\r\n'
    batch_id = give(bench_shop, there(bench_shop), text)
    with pytest.raises(Refused, match="A quotation mark opens in row 5 and is never closed"):
        finish(bench_shop, batch_id)
    working.clear_away(bench_shop, batch_id)
    assert left_in(bench_shop.folder) == []


def test_a_list_that_goes_wrong_again_and_again_is_given_up(
    bench_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch_id = give(bench_shop, there(bench_shop), rows(3))
    monkeypatch.setattr(findings, "read_into", lambda *_: 1 / 0)
    for hour in range(leasing.MOST_TRIES):
        with clock.at(clock.now() + timedelta(hours=hour)), pytest.raises(ZeroDivisionError):
            working.work_off(bench_shop, batch_id)
    with clock.at(clock.now() + timedelta(days=2)):
        working.work_off(bench_shop, batch_id)
    assert "on our side" in state_of(bench_shop, batch_id).trouble


def test_judged_rows_that_were_damaged_are_made_anew(bench_shop: Shop) -> None:
    batch = preview(bench_shop, there(bench_shop), rows(3))
    Kept(bench_shop.folder, batch.public_id).rows.write_bytes(b"no database at all" * 100)
    assert bring_in(bench_shop, batch.id).counts["new"] == 3


def test_files_on_which_nobody_decides_go_after_a_week(bench_shop: Shop) -> None:
    phonebank = there(bench_shop)
    waits = preview(bench_shop, phonebank, rows(3), now=clock.now())
    in_already = bring(bench_shop, phonebank, rows(3), now=clock.now())
    working.clear_away(bench_shop, in_already.id)
    (bench_shop.folder / "nobodyknows").mkdir()
    old = time.time() - sweeping.GRACE.total_seconds() - 60
    for path in bench_shop.folder.iterdir():
        os.utime(path, (old, old))
    sweep = {"folder": bench_shop.folder}
    sweeping.sweep(bench_shop.database, now=clock.now(), **sweep)
    names = {path.name for path in bench_shop.folder.iterdir()}
    assert names == {waits.public_id, in_already.public_id}
    sweeping.sweep(bench_shop.database, now=clock.now() + timedelta(days=8), **sweep)
    assert state_of(bench_shop, waits.id).state == "dropped"
    working.clear_away(bench_shop, waits.id)
    assert list(bench_shop.folder.iterdir()) == []


def test_an_estimate_waits_until_it_can_be_one() -> None:
    since = NOON - timedelta(seconds=10)
    assert seconds_left(10, since=since, now=NOON) is None
    assert seconds_left(500, since=since, now=NOON) == 10
    assert seconds_left(300, since=since, now=NOON) == 25


WORKER = """
import sys
from pathlib import Path
from campaign import registry
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import load
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.operations import staging, working
from campaign.phonebanks.operations.working import Shop, bringing
registry.subscribe()
staging.PORTION = bringing.PORTION = 500
staging.LONG = 0
url, folder, key, batch = sys.argv[1:]
settings = load({}, environment="testing", secret_key="k" * 64, suppression_key="k" * 64)
mail = Mail(LetterWriter(settings), settings.base_url)
working.work_off(Shop(Database(url), Path(folder), key.encode(), True, mail), int(batch))
"""


@pytest.mark.storm
@pytest.mark.timeout(400)
def test_a_list_whose_workers_are_killed_at_any_point_comes_in_once(
    bench_shop: Shop, cast: Cast, settings: Settings
) -> None:
    """Killed with SIGKILL nine times, wherever that is; the tenth worker sees it through."""
    bench_shop = replace(bench_shop, mail=Mail(LetterWriter(settings), settings.base_url))
    many, dice = 6_000, random.Random(29)
    with bench_shop.database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
    batch_id = give(bench_shop, phonebank, rows(many), actor_id=cast.organiser.id)
    address = bench_shop.database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", WORKER, address, str(bench_shop.folder), KEY.decode()]
    killed = 0
    for round_ in range(18):
        worker = subprocess.Popen([*command, f"{batch_id}"])
        time.sleep(1.0 + dice.random() * 2.5)
        killed += worker.poll() is None
        worker.send_signal(signal.SIGKILL)
        worker.wait(LONG)
        # As one look: what a worker sent last may be kept a moment after it was killed.
        with bench_shop.database.reading() as db:
            counted = (select(func.count()).select_from(one) for one in (Contact, OutboxLetter))
            now_there = db.execute(select(*(one.scalar_subquery() for one in counted))).one()
        assert now_there in ((0, 0), (many, 1)), "a letter is written with the people, or not"
        with bench_shop.database.unit_of_work() as db:
            batch = db.get_one(ImportBatch, batch_id)
            # As if a minute had passed; six tries would be enough for anybody else.
            batch.worker, batch.tries = None, 0
            state = batch.state
        if state == "previewed":
            decide(bench_shop, batch_id, cast.organiser.id)
        if round_ >= 9 and state == "imported":
            break
    final = finish(bench_shop, batch_id)
    if final.state == "previewed":
        final = bring_in(bench_shop, batch_id, cast.organiser.id)
    assert killed
    assert count(bench_shop.database, OutboxLetter) == 1
    assert (final.state, final.counts["new"]) == ("imported", many)
    assert count(bench_shop.database, Contact) == count(bench_shop.database, PhoneNumber) == many
    working.clear_away(bench_shop, batch_id)
    assert left_in(bench_shop.folder) == ["rejects.csv"]
