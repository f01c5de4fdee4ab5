"""Statements that are sent so often that making them would cost more than answering them.

A statement is written with SQLAlchemy like any other, so it is built of the same conditions; it is
compiled once for a database, and then handed to the driver as it is: no cache key, no execution
context, and on PostgreSQL prepared at once. It takes part in the session's transaction. Only for
the few statements of the busiest requests; everything else goes through the session.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any]
# Who listens to what is sent, with its values by name: benchmarks, and tests that count.
listeners: list[Callable[[Statement, dict[str, Any]], None]] = []


class Statement:
    """A statement as one kind of database is sent it.

    ``clause`` may have named values without a value; each sending gives them, save the lists in
    ``fixed``, whose length makes the statement another. Columns that come back are those of a
    SELECT or of RETURNING, in their order, as the session would give them.
    """

    def __init__(self, clause: Executable, database: str, **fixed: Sequence[Any]) -> None:
        dialect = _dialect(database)
        compiled: SQLCompiler = clause.compile(dialect=dialect)  # type: ignore[attr-defined]
        later = [name for bind, name in compiled.bind_names.items() if bind.value is None]
        state = compiled.construct_expanded_state({**dict.fromkeys(later), **fixed})
        self.sql: str = state.statement
        self._names: Sequence[str] | None = state.positiontup
        self._constants: dict[str, Any] = dict(state.parameters)
        self._processors = _processors(compiled, dialect)
        self._results = _results(compiled, dialect)

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Send it in the connection's transaction; every row of the answer.

        Raises the errors that SQLAlchemy raises.
        """
        given = self._constants | values
        for name, process in self._processors.items():
            value = given[name]
            if value is not None:
                given[name] = process(value)
        for hear in listeners:
            hear(self, given)
        try:
            found = self._send(connection, given)
        except connection.dialect.loaded_dbapi.Error as error:
            told = DBAPIError.instance(
                self.sql, None, error, connection.dialect.loaded_dbapi.Error, hide_parameters=True
            )
            raise told from error
        if not self._results:
            return found
        return [self._read(row) for row in found]

    @property
    def with_names(self) -> str:
        """The statement with ``%(name)s`` or ``:name`` where its values go."""
        if self._names is None:
            return self.sql
        names = self._names
        doubled = self.sql.replace("%", "%%")
        return re.sub(r"\$(\d+)", lambda found: f"%({names[int(found[1]) - 1]})s", doubled)

    def _send(self, connection: Connection, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        driver: Any = connection.connection.driver_connection
        if self._names is None:
            return list(driver.execute(self.sql, given))
        cursor = RawCursor(driver)
        cursor.execute(self.sql, [given[name] for name in self._names], prepare=True)
        return cursor.fetchall()

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        read = list(row)
        for place, process in self._results:
            read[place] = process(read[place])
        return tuple(read)


def _dialect(database: str) -> Dialect:
    if database == "postgresql":
        return PGDialect_psycopg(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
    return SQLiteDialect_pysqlite(paramstyle="named")


def _processors(compiled: SQLCompiler, dialect: Dialect) -> dict[str, Process]:
    """What makes a value of a parameter what the driver wants."""
    found = {
        name: bind.type.dialect_impl(dialect).bind_processor(dialect)
        for bind, name in compiled.bind_names.items()
    }
    return {name: process for name, process in found.items() if process is not None}


def _results(compiled: SQLCompiler, dialect: Dialect) -> list[tuple[int, Process]]:
    """The columns that the driver gives as something else, and what makes them right."""
    found: list[tuple[int, Process]] = []
    for place, column in enumerate(compiled._result_columns):
        process = column.type.dialect_impl(dialect).result_processor(dialect, None)
        if process is not None:
            found.append((place, process))
    return found
