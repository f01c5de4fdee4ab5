"""Copies of a whole database: taken while people work, and put back all or not at all.

A copy is the database's own kind of file: an SQLite file, or an archive of ``pg_dump -Fc``. So
its owner can look into it with the database's own tools, and a copy taken with those can be put
back. What differs between the two stands here, in a file for each.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from campaign.foundation.copies import postgresql, sqlite
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused

# What is done to what was put back, before anybody can see it.
Finish = Callable[[Session], None]


def take(database: Database, file: Path) -> None:
    """Write a copy beside ``file`` and give it that name once it is whole and on the disk.

    Refuses to write over a file that is there.
    """
    if file.exists():
        raise Refused(f"{file} is there already: choose another name, or move it away.")
    if not file.parent.is_dir():
        raise Refused(f"There is no folder {file.parent}: make it first.")
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    half.touch(mode=0o600)
    try:
        (sqlite if database.is_sqlite else postgresql).take(database, half)
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.rename(file)
    finally:
        half.unlink(missing_ok=True)


def revision_in(database: Database, file: Path) -> str:
    """The revision of the tables in a copy. Refuses what is no copy of this kind of database."""
    if not file.is_file():
        raise Refused(f"There is no file {file}.")
    with file.open("rb") as opened:
        start = opened.read(16)
    kinds = {sqlite.MAGIC: "SQLite", postgresql.MAGIC: "PostgreSQL"}
    kind = next((name for magic, name in kinds.items() if start.startswith(magic)), None)
    if kind is None:
        raise Refused(f"{file} is no copy of a database: it was not made by `campaign backup`.")
    wanted = "SQLite" if database.is_sqlite else "PostgreSQL"
    if kind != wanted:
        raise Refused(
            f"{file} is a copy of {kind}, and CAMPAIGN_DATABASE_URL names {wanted}: "
            "a copy goes back into the kind of database it came from."
        )
    found = sqlite.revision_in(file) if database.is_sqlite else postgresql.revision_in(file)
    if found is None:
        raise Refused(f"{file} holds no database of Campaign.")
    return found


def put_back(database: Database, file: Path, finish: Finish) -> None:
    """Put a copy in the place of the database, bring its tables up, and ``finish`` it.

    Nobody sees it before that. All or nothing: an error, also one of ``finish``, leaves the
    database as it was. Refuses while anybody else has the database open.
    """
    database.dispose()
    (sqlite if database.is_sqlite else postgresql).put_back(database, file, finish)
