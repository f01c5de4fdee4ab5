"""Statements that are sent so often that making them would cost more than answering them.

A statement is written with SQLAlchemy like any other, so it is built of the same conditions; it is
compiled once for a database, and then handed to the driver as it is: no cache key, no execution
context, and on PostgreSQL prepared at once. It takes part in the session's transaction. Only for
the few statements of the busiest requests; everything else goes through the session.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from psycopg import RawCursor
from sqlalchemy import Connection, Executable
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any]
# Who listens to what is sent: benchmarks, and tests that count.
listeners: list[Callable[[str, Any], None]] = []


class Statement:
    """A statement as one kind of database is sent it.

    ``clause`` may have named values without a value; each sending gives them. Columns that come
    back are those of a SELECT or of RETURNING, in their order, as the session would give them.
    """

    def __init__(self, clause: Executable, database: str) -> None:
        dialect = _dialect(database)
        eased = visitors.cloned_traverse(clause, {}, {"bindparam": _need_not_be_given})  # type: ignore[type-var]
        compiled = eased.compile(dialect=dialect)  # type: ignore[attr-defined]
        state = compiled.construct_expanded_state()
        self.sql: str = state.statement
        self._names: Sequence[str] | None = state.positiontup
        self._constants: dict[str, Any] = dict(state.parameters)
        self._processors: dict[str, Process] = dict(state.processors)
        self._results = _results(compiled, dialect)
        # A constant is made ready once.
        for name, value in self._constants.items():
            self._constants[name] = self._ready(name, value)

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """Send it in the connection's transaction; every row of the answer.

        Raises the errors that SQLAlchemy raises.
        """
        given = {name: self._ready(name, value) for name, value in values.items()}
        given = self._constants | given
        for hear in listeners:
            hear(self.sql, given)
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

    def _send(self, connection: Connection, given: dict[str, Any]) -> list[tuple[Any, ...]]:
        driver: Any = connection.connection.driver_connection
        if self._names is None:
            return list(driver.execute(self.sql, given))
        cursor = RawCursor(driver)
        cursor.execute(self.sql, [given[name] for name in self._names], prepare=True)  # type: ignore[arg-type]
        return cursor.fetchall()

    def _ready(self, name: str, value: Any) -> Any:
        process = self._processors.get(name)
        return value if process is None or value is None else process(value)

    def _read(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        read = list(row)
        for place, process in self._results:
            read[place] = process(read[place])
        return tuple(read)


def _need_not_be_given(parameter: Any) -> None:
    parameter.required = False


def _dialect(database: str) -> Dialect:
    if database == "postgresql":
        return PGDialect_psycopg(paramstyle="numeric_dollar")
    return SQLiteDialect_pysqlite(paramstyle="named")


def _results(compiled: SQLCompiler, dialect: Dialect) -> list[tuple[int, Process]]:
    """The columns that the driver does not give as the program wants them, and how they become so."""
    found = []
    for place, column in enumerate(compiled._result_columns):
        process = column.type._cached_result_processor(dialect, None)
        if process is not None:
            found.append((place, process))
    return found
