"""The journal: only ever longer, by many at once, each thing once, and nothing readable in it."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import func, literal, select

from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.foundation.journal import (
    Entry,
    Journal,
    JournalEntry,
    carry,
    keep_journal,
    note_erased,
    note_suppressed,
)
from tests.phonebanks.making import NOON

KEY, OTHER = "one-key-" * 5, "other-key-" * 4


def said(of: str) -> Entry:
    return Entry("suppressed", of, NOON.isoformat(), reason="asked", source="page")


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path / "kept" / "journal.jsonl", KEY)


def test_what_is_written_is_read_once_each_in_its_order(journal: Journal) -> None:
    journal.append([said("b"), said("a")])
    journal.append([said("a")])
    pages = journal.read()
    assert [entry.of for entry in pages.entries] == ["b", "a"]
    assert pages.entries[0] == said("b")
    assert pages.damaged == 0
    assert journal.path.stat().st_mode & 0o077 == 0, "for its owner alone"


@pytest.mark.parametrize("left", ['{"kind":"suppr', '{"kind":"suppressed","of":"x"}', "\0\0\0\n"])
def test_a_torn_line_is_passed_over_and_closed_before_the_next(journal: Journal, left: str) -> None:
    journal.append([said("a")])
    with journal.path.open("a") as file:
        file.write(left)
    assert [entry.of for entry in journal.read().entries] == ["a"]
    journal.append([said("b")])
    pages = journal.read()
    assert [entry.of for entry in pages.entries] == ["a", "b"]
    assert pages.damaged == 1


def test_a_whole_line_without_its_end_is_not_lost_when_the_next_comes(journal: Journal) -> None:
    journal.append([said("a")])
    journal.path.write_text(journal.path.read_text()[:-1])
    journal.append([said("b")])
    assert [entry.of for entry in journal.read().entries] == ["a", "b"]


def test_another_key_neither_reads_nor_writes(journal: Journal) -> None:
    journal.append([said("a")])
    other = Journal(journal.path, OTHER)
    with pytest.raises(Refused, match="another CAMPAIGN_SUPPRESSION_KEY"):
        other.read()
    with pytest.raises(Refused, match="another CAMPAIGN_SUPPRESSION_KEY"):
        other.append([said("b")])
    assert len(journal.read().entries) == 1


def test_what_is_no_journal_is_refused(journal: Journal) -> None:
    journal.path.parent.mkdir()
    journal.path.write_text("hello\n")
    with pytest.raises(Refused, match="no journal"):
        journal.read()
    with pytest.raises(Refused, match="no journal"):
        journal.append([said("a")])


def test_hashes_of_one_kind_are_not_those_of_another(journal: Journal) -> None:
    assert journal.hashed("email", "x") != journal.hashed("person", "x")
    assert "amina" not in journal.hashed("email", "amina@people.example")


def test_the_table_forgets_whom_a_line_is_about_once_it_is_carried(
    database: Database, journal: Journal
) -> None:
    keep_journal(database, journal)
    with database.unit_of_work() as db:
        note_erased(db, "email", "amina@people.example")
        note_suppressed(db, select(literal("ab")), reason="asked", source="page", now=NOON)
    lines = journal.read().entries
    assert [line.kind for line in lines] == ["email", "suppressed"]
    with database.reading() as db:
        kept = db.scalars(select(JournalEntry)).one()
        assert (kept.kind, kept.of, kept.mark) == ("email", "", lines[0].mark)
        assert kept.carried_at is not None


def test_a_database_without_a_journal_keeps_none(database: Database) -> None:
    with database.unit_of_work() as db:
        note_erased(db, "email", "amina@people.example")
        note_suppressed(db, select(literal("ab")), reason="asked", source="page", now=NOON)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(JournalEntry)) == 0


def test_a_journal_that_cannot_be_written_undoes_nothing_and_is_written_later(
    database: Database, tmp_path: Path
) -> None:
    (tmp_path / "kept").write_text("in the way")
    journal = Journal(tmp_path / "kept" / "journal.jsonl", KEY)
    keep_journal(database, journal)
    with database.unit_of_work() as db:
        note_suppressed(db, select(literal("ab")), reason="asked", source="page", now=NOON)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(JournalEntry)) == 1
    (tmp_path / "kept").unlink()
    assert carry(database, journal) == 1
    assert [entry.of for entry in journal.read().entries] == ["ab"]


@pytest.mark.storm
def test_many_at_once_lose_nothing(database: Database, journal: Journal) -> None:
    """Eight web processes commit while the worker ticks; some transactions are rolled back."""
    keep_journal(database, journal)
    done = threading.Event()
    trouble: list[BaseException] = []

    def web(at: int) -> None:
        try:
            for number in range(20):
                of = f"{at}-{number}"
                try:
                    with database.unit_of_work() as db:
                        note_suppressed(
                            db, select(literal(of)), reason="asked", source="page", now=NOON
                        )
                        if number % 5 == 4:
                            raise KeyError
                except KeyError:
                    continue
        except BaseException as error:
            trouble.append(error)

    def worker() -> None:
        while not done.is_set():
            carry(database, Journal(journal.path, KEY))

    ticking = threading.Thread(target=worker)
    threads = [threading.Thread(target=web, args=(at,)) for at in range(8)]
    for thread in [ticking, *threads]:
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    ticking.join()
    carry(database, journal)
    assert trouble == []
    pages = journal.read()
    wanted = {f"{at}-{number}" for at in range(8) for number in range(20) if number % 5 != 4}
    assert {entry.of for entry in pages.entries} == wanted
    assert pages.damaged == 0
