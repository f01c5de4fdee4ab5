"""The database: one base for all tables, one way to write, the two engines' differences.

SQLite is the embedded default, PostgreSQL the production database. What differs between them
(how a write begins, locks, how a broken constraint is named) lives in this file.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Engine,
    Float,
    Index,
    MetaData,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    cast,
    create_engine,
    event,
    func,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import IntegrityError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from campaign.foundation.errors import Busy, DomainError
from campaign.foundation.writegate import WAIT_SECONDS, WriteGate

# So long may a connection rest before it is asked whether its server is still there.
RESTED_SECONDS = 1.0


class UTCDateTime(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. A naive one is a bug and refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of every table. Constraints carry names, so that a refusal can be told."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime}  # noqa: RUF012 (SQLAlchemy reads it so)


class Database:
    """One engine with its two kinds of session: reading, and a unit of work that writes."""

    def __init__(self, url: str, *, pool_size: int = 20) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite(url, pool_size) if self.is_sqlite else _postgresql(url, pool_size)
        self.write_engine = self.engine.execution_options(campaign_write=True)
        # What every session that writes carries along, and who is told once it has committed.
        self.info: dict[str, Any] = {}
        self.committed: list[Callable[[Session], None]] = []
        self._looking_engine = self.engine.execution_options(
            campaign_look=True, **({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        self._reading = sessionmaker(self.engine, expire_on_commit=False)
        self._writing = sessionmaker(self.write_engine, expire_on_commit=False, info=self.info)

    def session(self, *, write: bool) -> Session:
        """A session of the caller's own: the caller commits, rolls back and closes it."""
        return self._writing() if write else self._reading()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that only looks; nothing it does is kept."""
        with self._reading() as db:
            try:
                yield db
            finally:
                db.rollback()

    @contextmanager
    def looking(self) -> Iterator[Connection]:
        """A connection for one statement that looks, without a transaction around it.

        To begin and end one are two more journeys to the database, and one statement sees one
        moment anyway.
        """
        with self._looking_engine.connect() as connection:
            yield connection

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """One transaction: kept when the block ends well, otherwise as if it had not been."""
        with busy_as_refusal(), self._writing() as db:
            try:
                yield db
                db.commit()
            except BaseException:
                db.rollback()
                raise
            self.tell(db)

    def tell(self, db: Session) -> None:
        """Tell who waits for it that a session has committed; it cannot be undone by them."""
        for told in self.committed:
            told(db)

    @contextmanager
    def joining(self, connection: Connection) -> Iterator[Session]:
        """A session in somebody else's transaction, who keeps it or does not."""
        with Session(connection, join_transaction_mode="create_savepoint") as db:
            yield db
            db.commit()

    def dispose(self) -> None:
        """Close every connection of this process."""
        self.engine.dispose()


def _postgresql(url: str, pool_size: int) -> Engine:
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


def _sqlite(url: str, pool_size: int) -> Engine:
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


@contextmanager
def busy_as_refusal() -> Iterator[None]:
    """Turn "database is locked" after a fair wait into Busy; everything else goes on up."""
    try:
        yield
    except OperationalError as error:
        if "locked" in str(error.orig) or "lock timeout" in str(error.orig):
            raise Busy("We are very busy for a moment. Nothing was lost: try again.") from error
        raise


@contextmanager
def refusing(db: Session, refusals: dict[str, Callable[[], DomainError]]) -> Iterator[None]:
    """Write inside a savepoint; a broken constraint of these names becomes its refusal.

    A constraint with another name is a bug and goes on up.
    """
    try:
        with db.begin_nested():
            yield
            db.flush()
    except IntegrityError as error:
        refusal = refusals.get(constraint_name(error) or "")
        if refusal is None:
            raise
        raise refusal() from error


def constraint_name(error: IntegrityError) -> str | None:
    """The name of the broken constraint, told the same on both databases."""
    diagnostics = getattr(error.orig, "diag", None)
    if diagnostics is not None:
        return str(diagnostics.constraint_name) if diagnostics.constraint_name else None
    return _sqlite_constraint_name(str(error.orig))


def _sqlite_constraint_name(message: str) -> str | None:
    """SQLite names columns ("UNIQUE constraint failed: rsvp.event_id, rsvp.person_id")."""
    kind, _, what = message.partition(" constraint failed: ")
    if kind == "CHECK":
        return what.strip()
    if what.startswith("index '"):
        return what.split("'")[1]
    names = [column.strip().partition(".") for column in what.split(",")]
    table = Base.metadata.tables.get(names[0][0])
    if kind != "UNIQUE" or table is None:
        return None
    columns = {column for _, _, column in names}
    candidates: list[UniqueConstraint | Index] = [
        constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)
    ]
    candidates += [index for index in table.indexes if index.unique]
    for candidate in candidates:
        if {column.name for column in candidate.columns} == columns:
            return str(candidate.name)
    return None


def is_postgresql(db: Session) -> bool:
    """Whether this session talks to PostgreSQL: for the few named queries that differ."""
    return db.get_bind().dialect.name == "postgresql"


def is_writing(db: Session) -> bool:
    """Whether this session's transaction may hold changes that nobody else sees yet."""
    return bool(db.get_bind().get_execution_options().get("campaign_write"))


def epoch_seconds(db: Session, moment: SQLColumnExpression[datetime]) -> ColumnElement[float]:
    """An instant as whole seconds since 1970, made by the database."""
    if is_postgresql(db):
        return cast(func.floor(func.extract("epoch", moment)), Float)
    return cast(func.strftime("%s", moment), Float)


def whole_hour(db: Session, moment: Any) -> ColumnElement[Any]:
    """An instant without its minutes, made by the database; ``hour_said`` reads what it gives."""
    if is_postgresql(db):
        return func.date_trunc("hour", moment)
    return func.substr(cast(moment, String), 1, 13)


def hour_said(told: Any) -> datetime:
    """The instant that ``whole_hour`` gave."""
    moment = told if isinstance(told, datetime) else datetime.fromisoformat(told)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def with_room(db: Session) -> None:
    """Let what this transaction joins stay in memory: PostgreSQL's usual 4 MB send it to disk."""
    if is_postgresql(db):
        db.execute(text("SET LOCAL work_mem = '64MB'"))


def lock_alone(db: Session, name: str) -> bool:
    """Be alone at some work until the transaction ends; False where another is at it.

    SQLite needs no more than the write transaction one is already in.
    """
    if not is_postgresql(db):
        return True
    taken = db.scalar(
        text("SELECT pg_try_advisory_xact_lock(hashtext(:name))"), {"name": f"campaign:{name}"}
    )
    return bool(taken)
