"""Copies of a PostgreSQL database: by pg_dump, and put back in one transaction of our own.

pg_restore writes out what an archive holds, and we carry it out: so the tables, the rows, the
migrations and what is done after them are one transaction, that needs no right but to own the
tables. A password goes to these programs by their environment, never on a command line.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from campaign.foundation import schema
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused

MAGIC = b"PGDMP"
COPY = re.compile(rb"COPY .* FROM stdin;\n")
# Of the session and of psql, not of what is put back; newer ones an older server does not know.
NOT_OURS = re.compile(
    rb"(SET \w+ = .*;|SELECT pg_catalog\.set_config\('search_path', .*;|"
    rb"CREATE SCHEMA public;|\\(un)?restrict .*|--.*|)\n"
)
REVISION = re.compile(rb"COPY \S*alembic_version \(version_num\) FROM stdin;\n(\w+)\n")
IN_USE = (
    "Somebody has the database open: stop `campaign serve` and `campaign work` first, so that "
    "nothing they write is lost."
)
OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND coalesce(backend_type, 'client backend') = 'client backend'"
)
# Within a transaction the list is read once, unless it is told to be read anew.
LOOK_ANEW = text("SELECT pg_stat_clear_snapshot()")
GOING_S = 2.0
EVERYTHING = text(
    """
    SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE relkind
      WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
      ELSE 'TABLE' END, nspname, relname)
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = 'public' AND relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', pg_proc.oid::regprocedure)
    FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
    WHERE nspname = 'public' AND NOT EXISTS
      (SELECT 1 FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')
    """
)


def take(database: Database, file: Path) -> None:
    """Have pg_dump write its own archive, of one moment, while others go on writing."""
    words, environment = _reached(database)
    _run(
        [
            "pg_dump",
            "--format=custom",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            f"--file={file}",
            f"--dbname={words}",
        ],
        environment,
    )


def revision_in(file: Path) -> str | None:
    """The revision of its tables; None where it is no database of ours."""
    table = ["pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)]
    found = REVISION.search(_run(table, dict(os.environ)))
    return found[1].decode() if found else None


def _in_use(connection: Connection) -> bool:
    """Whether anybody else has the database open. Who has just gone is waited for a moment: the
    server lets a connection go a little after it was closed."""
    until = time.monotonic() + GOING_S
    while connection.scalar(OTHERS):
        if time.monotonic() > until:
            return True
        time.sleep(0.05)
        connection.execute(LOOK_ANEW)
    return False


def put_back(database: Database, file: Path, finish: Callable[[Session], None]) -> None:
    """Take what is there away, carry the archive out and finish it, in one transaction."""
    try:
        with database.write_engine.connect() as connection, connection.begin():
            if _in_use(connection):
                raise Refused(IN_USE)
            for statement in connection.scalars(EVERYTHING).all():
                connection.exec_driver_sql(statement)
            with _written_out(file) as lines:
                _carry_out(connection.connection.driver_connection, lines)
            schema.bring_up(connection)
            with database.joining(connection) as db:
                finish(db)
            connection.exec_driver_sql("ANALYZE")
    except (psycopg.Error, DBAPIError) as error:
        raise Refused(_failed("Putting it back", str(error).encode())) from error


def _carry_out(driver: Any, lines: IO[bytes]) -> None:
    """Run the statements of a script as pg_restore writes it, and the rows between them."""
    with driver.cursor() as cursor:
        statements: list[bytes] = []
        for line in lines:
            if COPY.fullmatch(line):
                _run_together(cursor, statements)
                with cursor.copy(line.rstrip(b";\n")) as rows:
                    for row in _rows(lines):
                        rows.write(row)
            elif not (_ended(statements) and NOT_OURS.fullmatch(line)):
                statements.append(line)
        _run_together(cursor, statements)


def _ended(statements: list[bytes]) -> bool:
    return not statements or statements[-1].endswith(b";\n")


def _run_together(cursor: psycopg.Cursor[Any], statements: list[bytes]) -> None:
    if statements:
        cursor.execute(b"".join(statements))
        statements.clear()


def _rows(lines: IO[bytes]) -> Iterator[bytes]:
    for line in lines:
        if line == b"\\.\n":
            return
        yield line
    # A program that was cut off ends its script here.
    raise Refused("The copy breaks off in the middle of a table: it is not whole.")


@contextmanager
def _written_out(file: Path) -> Iterator[IO[bytes]]:
    """What an archive holds, as a script; Refused at its end where pg_restore was not content."""
    words = ["--no-owner", "--no-privileges", "--no-comments", "--file=-", str(file)]
    with TemporaryFile() as said:
        program = subprocess.Popen(  # noqa: S603 (our words, no shell)
            [_found("pg_restore"), *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        )
        assert program.stdout is not None
        try:
            yield program.stdout
            program.stdout.close()
            if program.wait():
                said.seek(0)
                raise Refused(_failed("pg_restore", said.read()))
        finally:
            program.kill()
            program.wait()


def _run(words: list[str], environment: dict[str, str]) -> bytes:
    done = subprocess.run(  # noqa: S603 (our words, no shell)
        [_found(words[0]), *words[1:]],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise Refused(_failed(words[0], done.stderr))
    return done.stdout


def _found(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Refused(
            f"{name} is not on this machine: install PostgreSQL’s client programs, of the "
            "server’s version or a newer one."
        )
    return found


def _failed(name: str, said: bytes) -> str:
    lines = [line for line in said.decode(errors="replace").splitlines() if line.strip()]
    first = lines[0] if lines else "it does not say why"
    older = "version" in first
    mend = " Install the client programs of the server’s version, or newer ones." if older else ""
    return f"{name} failed, and nothing was changed: {first}.{mend}"


def _reached(database: Database) -> tuple[str, dict[str, str]]:
    """How the database is reached: words for a command line, and the password apart from them."""
    url = database.url
    given: dict[str, Any] = {name: value for name, value in url.query.items() if name != "password"}
    named = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    given |= {name: value for name, value in named.items() if value}
    password = url.password or url.query.get("password")
    environment = {name: value for name, value in os.environ.items() if name != "PGPASSWORD"}
    if password:
        environment["PGPASSWORD"] = str(password)
    return make_conninfo(**given), environment
