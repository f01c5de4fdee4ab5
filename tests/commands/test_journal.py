"""The journal of what may not come back: written with each commit, and asked for at a restore."""

import json
import signal
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from campaign.foundation.audit import AuditRow
from campaign.people import operations as people
from tests.commands.restoring import OTHER, Installation, ask_for_everything, number_of, states
from tests.proof_reader import ProofReadingClient


def test_the_journal_and_the_log_hold_nobody(
    here: Installation, before: Path, app: Flask, client: ProofReadingClient, tmp_path: Path
) -> None:
    ask_for_everything(here, app, client, tmp_path)
    written = here.journal.read_text()
    assert len(written.splitlines()) > 8
    with here.database.reading() as db:
        logged = [
            f"{row.subject} {row.details}"
            for row in db.scalars(select(AuditRow).order_by(AuditRow.id))
        ]
        kept = db.execute(text("SELECT * FROM journal_entry")).all()
    for words in (written, str(logged), str(kept)):
        for at in range(8):
            assert number_of(at)[3:] not in words
        for nobody in ("7700900123", "people.example", "Erin", "Ada ", "erin", "ada@"):
            assert nobody not in words, nobody


@pytest.mark.parametrize("moment", ["before the line", "in the middle of the line"])
def test_a_process_killed_between_the_commit_and_its_line_loses_no_objection(
    here: Installation, before: Path, moment: str
) -> None:
    torn = moment == "in the middle of the line"
    killed = f"""
import os, signal, sys
from campaign.foundation.journal import pages
write = os.write
def die(file, written):
    if {torn}:
        write(file, written[: len(written) // 2])
    os.kill(os.getpid(), signal.SIGKILL)
pages.os = type("os", (), {{**vars(os), "write": staticmethod(die)}})
from campaign.commands import main
main()
"""
    here.run("suppress", "add", number_of(0))
    here.really_run("suppress", "add", number_of(1), program=killed, code=-signal.SIGKILL)
    written = here.journal.read_text()
    assert written.endswith("\n") is not torn
    here.run("restore", before, "--replace")
    with here.database.reading() as db:
        found = states(db)
        assert found[number_of(0)] == found[number_of(1)] == {"suppressed"}
    lines = here.journal.read_text().splitlines()
    assert [number for number, line in enumerate(lines) if not _is_whole(line)] == [2] * torn


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def test_the_worker_s_next_tick_writes_what_a_killed_process_left(
    here: Installation, before: Path, app: Flask
) -> None:
    with here.database.unit_of_work() as db:
        people.suppress(db, hmac="ab" * 32, reason="asked", source="page")
        db.info.pop("journal written")  # as if it had died there
    assert "ab" * 32 not in _read(here.journal)
    app.extensions["campaign"].queue.tick()
    assert "ab" * 32 in _read(here.journal)


def _read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_what_was_rolled_back_is_never_in_the_journal(
    here: Installation, before: Path, app: Flask
) -> None:
    with pytest.raises(RuntimeError), here.database.unit_of_work() as db:
        people.suppress(db, hmac="ab" * 32, reason="asked", source="page")
        raise RuntimeError
    with here.database.unit_of_work() as db:
        with pytest.raises(RuntimeError), db.begin_nested():
            people.suppress(db, hmac="cd" * 32, reason="asked", source="page")
            raise RuntimeError
        people.suppress(db, hmac="ef" * 32, reason="asked", source="page")
    app.extensions["campaign"].queue.tick()
    written = _read(here.journal)
    assert "ef" * 32 in written
    assert "ab" * 32 not in written
    assert "cd" * 32 not in written


def test_another_key_is_refused_and_changes_nothing(here: Installation, before: Path) -> None:
    here.run("suppress", "add", number_of(0))
    said = here.run("restore", before, "--replace", key=OTHER, code=1)
    assert "another CAMPAIGN_SUPPRESSION_KEY" in said
    here.journal.unlink()
    before.with_name(f"{before.name}.journal").unlink()
    said = here.run("restore", before, "--replace", "--without-journal", key=OTHER, code=1)
    assert "CAMPAIGN_SUPPRESSION_KEY is not the one" in said
    with here.database.reading() as db:
        assert states(db)[number_of(0)] == {"suppressed"}, "the database is as it was"


def test_people_are_thrown_away_only_when_told(here: Installation, before: Path) -> None:
    said = here.run("restore", before, code=1)
    assert "--replace" in said
    assert "people" in said


def test_without_a_journal_it_asks(here: Installation, before: Path) -> None:
    here.journal.unlink(missing_ok=True)
    before.with_name(f"{before.name}.journal").unlink(missing_ok=True)
    assert "There is no journal" in here.run("restore", before, "--replace", code=1)
    here.run("restore", before, "--replace", "--without-journal")


def test_the_journal_beside_the_copy_or_from_elsewhere_serves_a_new_machine(
    here: Installation, before: Path, tmp_path: Path
) -> None:
    here.run("suppress", "add", number_of(0))
    here.run("backup", tmp_path / "later.copy")
    here.run("suppress", "add", number_of(1))
    elsewhere = tmp_path / "elsewhere.jsonl"
    here.journal.rename(elsewhere)
    here.run("restore", tmp_path / "later.copy", "--replace", "--journal", elsewhere)
    with here.database.reading() as db:
        found = states(db)
        assert found[number_of(0)] == found[number_of(1)] == {"suppressed"}
    assert len(here.journal.read_text().splitlines()) == len(elsewhere.read_text().splitlines())
