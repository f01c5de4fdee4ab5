"""How a connection to each of the two databases is made, and how its transactions begin and end."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import InvalidatePoolError, OperationalError

from campaign.foundation.writegate import WAIT_SECONDS, WriteGate

# So long may a connection rest before it is asked whether its server is still there.
RESTED_SECONDS = 1.0


def postgresql(url: str, pool_size: int) -> Engine:
    """An engine whose connections are asked whether they live, where they rested."""
    # Claims are short and rely on row locks and unique indexes, so READ COMMITTED is right.
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        pool_timeout=15,
        hide_parameters=True,
    )
    _ask_idle_connections(engine)
    return engine


def _ask_idle_connections(engine: Engine) -> None:
    """Ask a connection that has rested a while whether it is still there, before it is used.

    One that was used a moment ago is not asked: a request takes two connections, and asking each
    time cost it two round trips more.
    """

    @event.listens_for(engine, "checkin")
    def rested(_connection: Any, record: Any) -> None:
        record.info["rests_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ask(connection: Any, record: Any, _proxy: Any) -> None:
        since = record.info.get("rests_since")
        if since is None or time.monotonic() - since < RESTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # The server was restarted: all that rest here are gone, not this one alone.
            raise InvalidatePoolError from error


def sqlite(url: str, pool_size: int) -> Engine:
    """An engine of a file: one writer at a time, and a commit is on the disk."""
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=-1,
        hide_parameters=True,  # an error in a log must not quote names and numbers
        # isolation_level=None: the driver begins nothing by itself, the listeners below do.
        connect_args={
            "timeout": WAIT_SECONDS,
            "check_same_thread": False,
            "isolation_level": None,
        },
    )
    _guard_writes(engine, WriteGate(make_url(url).database))
    event.listen(engine, "connect", _set_up_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",  # an acknowledged outcome is on the disk
        "secure_delete=ON",  # what a person had erased is not left in the file
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _guard_writes(engine: Engine, gate: WriteGate) -> None:
    """Begin, commit and roll back ourselves: the driver is told to begin nothing."""
    for moment, does in (("begin", _begin), ("commit", _commit), ("rollback", _roll_back)):
        event.listen(engine, moment, _unless_it_only_looks(does, gate))


def _unless_it_only_looks(
    does: Callable[[Connection, WriteGate], None], gate: WriteGate
) -> Callable[[Connection], None]:
    def listener(connection: Connection) -> None:
        if not connection.get_execution_options().get("campaign_look"):
            does(connection, gate)

    return listener


def _begin(connection: Connection, gate: WriteGate) -> None:
    if not connection.get_execution_options().get("campaign_write"):
        connection.exec_driver_sql("BEGIN")
        return
    gate.enter(connection)
    try:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    except BaseException:
        gate.leave(connection)
        raise


def _commit(connection: Connection, gate: WriteGate) -> None:
    connection.exec_driver_sql("COMMIT")
    gate.leave(connection)


def _roll_back(connection: Connection, gate: WriteGate) -> None:
    # A full disk or a lost lock may have made SQLite roll back by itself.
    with contextlib.suppress(OperationalError):
        connection.exec_driver_sql("ROLLBACK")
    gate.leave(connection)
