"""Copies of an SQLite file: by its backup interface, and put back by one rename."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy.orm import Session

from campaign.foundation import schema
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, Refused

MAGIC = b"SQLite format 3\0"
# So many pages at a time, so that writers get their turn in between.
PAGES = 2_000
IN_USE = (
    "Somebody has the database open: stop `campaign serve` and `campaign work` first, so that "
    "nothing they write is lost."
)


def take(database: Database, file: Path) -> None:
    """Copy the file as it is at one moment, while others go on writing."""
    with (
        closing(sqlite3.connect(f"file:{_path(database)}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy, pages=PAGES, sleep=0.01)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, with nothing beside it
        found = copy.execute("PRAGMA quick_check(1)").fetchone()
        if found[0] != "ok":
            raise Refused(f"The copy is damaged ({found[0]}): look at the disk.")


def revision_in(file: Path) -> str | None:
    """The revision of its tables; None where it is no database of ours."""
    try:
        with closing(sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)) as copy:
            found = copy.execute("SELECT version_num FROM alembic_version").fetchone()
            whole = copy.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise Refused(f"{file} cannot be read: {error}.") from error
    if whole != "ok":
        raise Refused(f"{file} is damaged: {whole}.")
    return str(found[0]) if found else None


def put_back(database: Database, file: Path, finish: Callable[[Session], None]) -> None:
    """Finish a copy beside the database, then let it take its place in one step."""
    path = _path(database)
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.restoring")
    _throw_away(beside)
    try:
        with _alone(path):
            beside.touch(mode=0o600)
            shutil.copyfile(file, beside)
            _finish(beside, finish)
            _keep_owner(path, beside)
            os.replace(beside, path)
            _sync(path.parent)
    finally:
        _throw_away(beside)


def _finish(beside: Path, finish: Callable[[Session], None]) -> None:
    made = Database(f"sqlite:///{beside}")
    try:
        schema.upgrade(made)
        with made.unit_of_work() as db:
            finish(db)
    finally:
        made.dispose()
    with closing(sqlite3.connect(beside)) as copy:
        # What was erased must stand neither in free pages nor in a log beside the file.
        copy.execute("PRAGMA secure_delete=ON")
        copy.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        copy.execute("VACUUM")
        copy.execute("PRAGMA journal_mode=DELETE")
    _sync(beside)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Nobody else has the file open; who comes now waits at the gate, or opens the new one.

    SQLite leaves its write-ahead mode only for who is alone, and then takes along what is beside
    the file.
    """
    with open(f"{path}.lock", "a") as gate:
        try:
            fcntl.flock(gate, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(IN_USE) from None
        if path.exists():
            with closing(sqlite3.connect(path, timeout=2)) as held:
                try:
                    held.execute("PRAGMA journal_mode=DELETE")
                except sqlite3.OperationalError:
                    raise Refused(IN_USE) from None
        yield


def _keep_owner(path: Path, beside: Path) -> None:
    """Whoever could open the file before can open it afterwards, whoever puts it back."""
    if path.exists():
        held = path.stat()
        beside.chmod(held.st_mode & 0o777)
        with contextlib.suppress(PermissionError):
            os.chown(beside, held.st_uid, held.st_gid)


def _path(database: Database) -> Path:
    name = database.url.database
    if not name or name == ":memory:":
        raise Refused("A database in memory cannot be copied.")
    return Path(name)


def _throw_away(path: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal", ".lock"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{end}").unlink()


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
