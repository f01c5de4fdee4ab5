"""Rows beside the database: set in order in a file of their own, then laid beside its tables.

A long list is read and judged without a lock on the database: its rows go into a SQLite file of
their own, whichever database is in use. Then a connection sees them as a table, by the same name
on both: SQLite opens the file beside its own, PostgreSQL is handed the rows (COPY) and keeps them
in a temporary table. What a statement needs of them never travels through Python.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateIndex, CreateTable

from campaign.foundation.database import Database, busy_as_refusal

# What a connection may hold of each file while it lays a long list; the usual 2 MB would have it
# read and write each page of an index again and again.
CACHE_KB = 32 * 1024
STAGE_CACHE_KB = 24 * 1024
# The same on PostgreSQL, whose usual 4 MB send each join of a long list to the disk; and nothing
# here gains by being compiled first.
SETTINGS = ("work_mem = '64MB'", "temp_buffers = '32MB'", "jit = off")
# So many rows go into a file by one statement, the most that fit: few statements, each made once.
BY_ONE = (1_024, 256, 64, 16, 4, 1)
Values = Sequence[tuple[Any, ...]]


class StageFile:
    """A file of rows that is being written. It is whole only once it has been closed well."""

    def __init__(self, path: Path, *tables: Table) -> None:
        path.unlink(missing_ok=True)
        self.path = path
        # Whoever makes it may have another write, one after the other.
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        # Nobody else looks at it, and one that is not finished is made anew.
        for pragma in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{STAGE_CACHE_KB}"):
            self._db.execute(f"PRAGMA {pragma}")
        for table in tables:
            self._db.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))
            for index in sorted(table.indexes, key=lambda one: str(one.name)):
                self._db.execute(str(CreateIndex(index).compile(dialect=sqlite.dialect())))
        self._columns = {table.name: table.columns for table in tables}
        self._db.execute("BEGIN")

    def add(self, table: str, rows: Values) -> int:
        """Add rows; one that breaks a constraint is left out. Answers how many went in.

        Many in one statement: other threads have Python to themselves while they are taken in.
        """
        before = self._db.total_changes
        wide = len(self._columns[table])
        most = self._db.getlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER) // wide
        start = 0
        for many in BY_ONE:
            while many <= most and len(rows) - start >= many:
                places = ", ".join([f"({', '.join('?' * wide)})"] * many)
                statement = f"INSERT OR IGNORE INTO {table} VALUES {places}"  # noqa: S608 (our own)
                self._db.execute(statement, list(chain.from_iterable(rows[start : start + many])))
                start += many
        return self._db.total_changes - before

    def ask(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What a SELECT finds."""
        return self._db.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        """Change rows that are in it already."""
        self._db.execute(statement, values)

    def finish(self) -> None:
        """Write all of it to the disk."""
        self._db.execute("COMMIT")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.execute("PRAGMA user_version=1")
        self._db.close()

    def abandon(self) -> None:
        """Let go of it; what there is of it is of no use."""
        self._db.close()
        self.path.unlink(missing_ok=True)


def is_whole(path: Path) -> bool:
    """Whether a file of rows was finished."""
    if not path.exists():
        return False
    with closing(sqlite3.connect(path)) as db:
        try:
            return bool(db.execute("PRAGMA user_version").fetchone() == (1,))
        except sqlite3.DatabaseError:
            return False


def rows_of(path: Path, statement: str) -> Iterator[tuple[Any, ...]]:
    """What a SELECT finds in a finished file, one row after the other."""
    with closing(sqlite3.connect(path)) as db:
        yield from db.execute(statement)


class Workbench:
    """One connection beside whose tables a file's rows lie; it goes back to no pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.is_sqlite = connection.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Look at the database and fill temporary tables: no lock that another waits for."""
        self._connection.execution_options(campaign_write=False)
        with Session(self._connection, expire_on_commit=False) as db:
            yield db
            db.commit()

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """One transaction that writes: kept when the block ends well, or nothing of it."""
        self._connection.execution_options(campaign_write=True)
        with busy_as_refusal(), Session(self._connection, expire_on_commit=False) as db:
            try:
                yield db
                db.commit()
            except BaseException:
                db.rollback()
                raise
        self._carry_over()

    def _carry_over(self) -> None:
        """SQLite: move what was written from its log into the file, while others may write."""
        if self.is_sqlite:
            _raw(self._connection).execute("PRAGMA wal_checkpoint(PASSIVE)")


@contextmanager
def beside(database: Database, path: Path, *tables: Table) -> Iterator[Workbench]:
    """Lay the rows of a finished file beside the database's tables, until the block ends."""
    with database.engine.connect() as connection:
        try:
            lay = _attach if database.is_sqlite else _copy
            lay(connection, path, tables)
            yield Workbench(connection)
        finally:
            # Its settings and temporary tables end with it.
            connection.invalidate()


def _attach(connection: Connection, path: Path, _: Sequence[Table]) -> None:
    raw = _raw(connection)
    raw.execute("ATTACH DATABASE ? AS stage", (str(path),))
    for pragma in (
        f"main.cache_size=-{CACHE_KB}",
        f"stage.cache_size=-{STAGE_CACHE_KB}",
        # Not while others wait for us: see _carry_over.
        "wal_autocheckpoint=0",
    ):
        raw.execute(f"PRAGMA {pragma}")


def _copy(connection: Connection, path: Path, tables: Sequence[Table]) -> None:
    for setting in SETTINGS:
        connection.exec_driver_sql(f"SET {setting}")
    for table in tables:
        made = str(CreateTable(_bare(table)).compile(connection))
        connection.exec_driver_sql(made.replace("CREATE TABLE", "CREATE TEMPORARY TABLE", 1))
        names = ", ".join(column.name for column in table.columns)
        with (
            _raw(connection).cursor() as cursor,
            cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy,
        ):
            for row in rows_of(path, f"SELECT {names} FROM {table.name}"):  # noqa: S608
                copy.write_row(row)
        for column in table.primary_key:
            connection.exec_driver_sql(f"CREATE INDEX ON {table.name} ({column.name})")
        connection.exec_driver_sql(f"ANALYZE {table.name}")
    connection.commit()


def _bare(table: Table) -> Table:
    """The same without its constraints: the file's rows keep them, and each would cost an index."""
    return Table(table.name, MetaData(), *(Column(one.name, one.type) for one in table.columns))


def _raw(connection: Connection) -> Any:
    """The driver's own connection."""
    return connection.connection.driver_connection
