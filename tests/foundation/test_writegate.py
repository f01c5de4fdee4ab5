"""SQLite takes one write at a time, and nobody hears the word "locked"."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import func, select

from campaign.foundation import writegate
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy
from campaign.people.models import Person
from tests.cast import a_person

LONG = 60  # seconds; no machine that works at all is as slow
_turns = count(1)


def in_threads(many: int, work: Callable[[int], None]) -> list[BaseException]:
    """Run in so many threads at once; what went wrong."""
    wrong: list[BaseException] = []
    ready = threading.Barrier(many)

    def run(number: int) -> None:
        try:
            ready.wait(LONG)
            work(number)
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONG)
    return wrong


@pytest.mark.storm
def test_forty_writers_at_once_all_write(database: Database) -> None:
    def write(number: int) -> None:
        for turn in range(3):
            with database.unit_of_work() as db:
                a_person(db, f"Writer {number} turn {turn}")

    assert in_threads(40, write) == []
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 120


@pytest.fixture
def embedded(sqlite_template: Path, tmp_path: Path) -> Database:
    """A SQLite database of our own."""
    path = tmp_path / "gate.db"
    path.write_bytes(sqlite_template.read_bytes())
    return Database(f"sqlite:///{path}")


@contextmanager
def held_elsewhere(database: Database) -> Iterator[threading.Event]:
    """Another thread holds the write transaction until this block ends or the event is set."""
    has_it, enough = threading.Event(), threading.Event()

    def hold() -> None:
        with database.unit_of_work() as db:
            a_person(db, f"Holder {next(_turns)}")
            has_it.set()
            enough.wait()

    thread = threading.Thread(target=hold)
    thread.start()
    try:
        assert has_it.wait(LONG)
        yield enough
    finally:
        enough.set()
        thread.join()


def waits_for_its_turn(database: Database, elsewhere: Database) -> None:
    """Write while a thread of the other has its turn: it comes in when that is over."""
    with held_elsewhere(elsewhere) as over:
        threading.Timer(0.5, over.set).start()
        with database.unit_of_work() as db:
            a_person(db, "Patient")
            assert over.is_set()


def test_a_writer_waits_for_its_turn(embedded: Database) -> None:
    waits_for_its_turn(embedded, embedded)


def test_who_waits_too_long_is_told_that_we_are_busy(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    with held_elsewhere(embedded):
        monkeypatch.setattr(writegate, "WAIT_SECONDS", 0.2)
        with pytest.raises(Busy) as busy, embedded.unit_of_work() as db:
            a_person(db, "Unlucky")
    assert (busy.value.status, busy.value.retry_after) == (503, 5)
    monkeypatch.undo()
    with embedded.unit_of_work() as db:
        a_person(db, "Next")


def test_another_process_is_waited_for_by_the_file(
    embedded: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second Database of the same file has a gate of its own, as another process has.
    other = Database(embedded.url.render_as_string(hide_password=False))
    waits_for_its_turn(embedded, other)
    with held_elsewhere(other):
        monkeypatch.setattr(writegate, "WAIT_SECONDS", 0.2)
        with pytest.raises(Busy), embedded.unit_of_work() as db:
            a_person(db, "Unlucky")
    other.dispose()


def test_reading_does_not_wait_for_a_writer(embedded: Database) -> None:
    with held_elsewhere(embedded) as over, embedded.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 0
        assert not over.is_set()


def test_a_second_write_in_the_same_thread_is_a_bug_and_said_at_once(embedded: Database) -> None:
    with embedded.unit_of_work() as db:
        a_person(db, "First")
        with (
            pytest.raises(RuntimeError, match="already has a write transaction"),
            embedded.unit_of_work() as second,
        ):
            a_person(second, "Second")


def test_a_writer_that_fails_leaves_the_gate_open(embedded: Database) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), embedded.unit_of_work() as db:
            a_person(db, "Bea")
            raise ZeroDivisionError
    with embedded.unit_of_work() as db:
        a_person(db, "Bea")
