"""A restore does not resurrect: who objected stays on the list, who was erased stays gone."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from campaign.events import operations as events
from campaign.events.models import Follower, Rsvp
from campaign.events.operations.following import write_follow_key
from campaign.foundation import audit, copies, schema
from campaign.foundation.copies import postgresql
from campaign.foundation.database import Database
from campaign.people.models import Person, Suppression
from campaign.phonebanks.models import Call, Contact
from tests.commands.restoring import (
    Installation,
    ask_for_everything,
    number_of,
    people_named,
    states,
)
from tests.phonebanks.making import NOON
from tests.proof_reader import ProofReadingClient


def still_suppressed_and_still_gone(database: Database) -> None:
    with database.reading() as db:
        found = states(db)
        for at in range(5):
            assert found[number_of(at)] == {"suppressed"}, at
        assert number_of(5) not in found, "erased by number"
        assert number_of(7) not in found, "erased with the person"
        assert found[number_of(6)] == {"ready"}, "who asked for nothing is untouched"
        assert people_named(db, "Erin Erased") == people_named(db, "Ada Warren") == 0
        assert "erin" not in str(db.scalars(select(Contact.email)).all())
        assert db.scalar(select(Contact.note).where(Contact.note != "")) is None
        names = db.scalars(select(Rsvp.name)).all()
        assert {"Ada Warren", "Erin Erased"}.isdisjoint(names)
        assert db.scalar(select(Rsvp.phone).where(Rsvp.phone.is_not(None))) is None
        assert audit.verify(db).broken is None


def test_an_older_copy_put_back_brings_nobody_back(
    here: Installation, before: Path, app: Flask, client: ProofReadingClient, tmp_path: Path
) -> None:
    ask_for_everything(here, app, client, tmp_path)
    still_suppressed_and_still_gone(here.database)
    said = here.really_run("restore", before, "--replace")
    assert "5 numbers never rung again" in said
    still_suppressed_and_still_gone(here.database)
    with here.database.reading() as db:
        reasons = select(Suppression.reason).where(Suppression.source != "probe")
        assert sorted(db.scalars(reasons)) == ["asked", "asked", "imported", "imported", "staff"]
        assert db.scalar(select(func.count()).select_from(Call)) == 0, "the call was later"
    again = here.run("restore", before, "--replace")
    assert again == said
    still_suppressed_and_still_gone(here.database)
    assert "0 numbers never rung again, 0 erasures" in here.run("restore", "--replay-only")
    assert "NOT  journal" not in here.run("check", code=1)


def test_a_copy_that_is_none_is_refused_with_a_sentence(
    here: Installation, before: Path, tmp_path: Path
) -> None:
    here.run("suppress", "add", number_of(0))
    (tmp_path / "text").write_text("hello, this is no database at all")
    assert "no copy of a database" in here.run("restore", tmp_path / "text", "--replace", code=1)
    assert "no file" in here.run("restore", tmp_path / "nowhere", "--replace", code=1)
    whole = before.read_bytes()
    (tmp_path / "half").write_bytes(whole[: len(whole) // 2])
    here.run("restore", tmp_path / "half", "--replace", code=1)
    magic = b"PGDMP" if here.database.is_sqlite else b"SQLite format 3\0"
    (tmp_path / "other").write_bytes(magic + whole[16:])
    said = here.run("restore", tmp_path / "other", "--replace", code=1)
    assert "the kind of database it came from" in said
    with here.database.reading() as db:
        assert states(db)[number_of(0)] == {"suppressed"}
        assert states(db)[number_of(6)] == {"ready"}
    assert "is there already" in here.run("backup", before, code=1)


def test_a_copy_of_an_older_release_is_brought_up(here: Installation, tmp_path: Path) -> None:
    older = schema.present(here.database)
    schema.downgrade(here.database, "-1")
    file = tmp_path / "older.copy"
    copies.take(here.database, file)
    schema.upgrade(here.database)
    here.run("suppress", "add", number_of(0))
    here.run("restore", file, "--replace")
    assert schema.present(here.database) == older
    with here.database.reading() as db:
        assert states(db)[number_of(0)] == {"suppressed"}


def test_a_copy_of_a_newer_release_is_refused(here: Installation, tmp_path: Path) -> None:
    newest = schema.present(here.database)
    with here.database.unit_of_work() as db:
        db.execute(text("UPDATE alembic_version SET version_num = 'from_tomorrow'"))
    copies.take(here.database, tmp_path / "newer.copy")
    with here.database.unit_of_work() as db:
        db.execute(text("UPDATE alembic_version SET version_num = :held"), {"held": newest})
    said = here.run("restore", tmp_path / "newer.copy", "--replace", "--without-journal", code=1)
    assert "newer release" in said


def test_nothing_is_put_back_under_a_running_server(here: Installation, before: Path) -> None:
    here.run("suppress", "add", number_of(0))
    url = here.database.url.render_as_string(hide_password=False)
    other = Database(url)
    with other.reading() as db:
        db.scalar(select(func.count()).select_from(Person))
        said = here.run("restore", before, "--replace", code=1)
    assert "stop `campaign serve`" in said
    other.dispose()
    with here.database.reading() as db:
        assert states(db)[number_of(0)] == {"suppressed"}


def test_put_back_by_hand_the_server_does_not_start_before_the_journal_was_replayed(
    here: Installation, before: Path
) -> None:
    here.run("suppress", "add", number_of(0))
    with here.database.unit_of_work() as db:  # as an older copy would be
        db.execute(text("DELETE FROM suppression WHERE source = 'command'"))
        db.execute(text("UPDATE contact SET state = 'ready'"))
    said = here.run("check", code=1)
    assert "NOT  journal: the journal holds 1 do-not-call and 0 erasures" in said
    for command in ("serve", "work"):
        assert "Not started" in here.run(command, code=1)
    said = here.run("restore", "--replay-only")
    assert "1 number never rung again" in said
    with here.database.reading() as db:
        assert states(db)[number_of(0)] == {"suppressed"}
    assert "ok   journal" in here.run("check", code=1)


def test_who_ended_their_mails_gets_none_from_an_older_copy(
    here: Installation, app: Flask, tmp_path: Path
) -> None:
    with here.database.unit_of_work() as db:
        for name in ("ends", "stays"):
            follower = Follower(
                public_id=name, email=f"{name}@people.example", made_at=NOON, told_up_to=0
            )
            db.add(follower)
            db.flush()
        key = write_follow_key(
            db, follower=db.scalars(select(Follower).where(Follower.public_id == "ends")).one()
        )
    here.run("backup", tmp_path / "a.copy")
    with here.database.unit_of_work() as db:
        events.stop_following(db, key=key)
    here.run("restore", tmp_path / "a.copy", "--replace")
    with here.database.reading() as db:
        assert db.scalars(select(Follower.public_id)).all() == ["stays"]


def test_an_sqlite_file_that_was_put_back_has_no_trace_beside_it_or_in_free_pages(
    here: Installation, before: Path
) -> None:
    if not here.database.is_sqlite:
        pytest.skip("PostgreSQL cleans up after itself")
    here.run("rights", "erase", "ada@people.example", "--sure")
    here.run("restore", before, "--replace")
    folder = Path(str(here.database.url.database)).parent
    assert not [path for path in folder.glob("campaign.db*") if path.suffix not in (".db", ".lock")]
    held = (folder / "campaign.db").read_bytes()
    assert b"Ada Warren" in before.read_bytes()
    assert b"Ada Warren" not in held
    assert b"ada@people" not in held
    with closing(sqlite3.connect(folder / "campaign.db")) as opened:
        assert opened.execute("PRAGMA integrity_check").fetchone()[0] == "ok"


def test_a_postgresql_password_stands_on_no_command_line(
    here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if here.database.is_sqlite:
        pytest.skip("SQLite knows no password")
    seen: list[Any] = []

    def look(words: list[str], environment: dict[str, str]) -> bytes:
        seen.append((words, environment))
        return b""

    monkeypatch.setattr(postgresql, "_run", look)
    with_password = here.database.url.set(password="hushhush").render_as_string(hide_password=False)
    postgresql.take(Database(with_password), tmp_path / "x")
    words, environment = seen[0]
    assert "hushhush" not in " ".join(words)
    assert environment["PGPASSWORD"] == "hushhush"


def test_without_the_programs_of_postgresql_a_sentence_says_what_to_install(
    here: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if here.database.is_sqlite:
        pytest.skip("SQLite needs no program")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    said = here.run("backup", tmp_path / "x.copy", code=1)
    assert "install PostgreSQL’s client programs" in said
    assert not list(tmp_path.glob("x.copy*"))
