"""The database: one base for all tables, one way to write, the two engines' differences.

SQLite is the embedded default, PostgreSQL the production database. What differs between them
lives in this file (locks, how a broken constraint is named) and in ``engines`` (how a connection is
made and a write begins).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    Index,
    MetaData,
    SQLColumnExpression,
    String,
    UniqueConstraint,
    cast,
    func,
    text,
)
from sqlalchemy.engine import Connection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker
from sqlalchemy.types import TypeDecorator

from campaign.foundation import engines
from campaign.foundation.errors import Busy, DomainError


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
        self.engine = (engines.sqlite if self.is_sqlite else engines.postgresql)(url, pool_size)
        self.write_engine = self.engine.execution_options(campaign_write=True)
        # What every session carries along, and who is told once one that writes has committed.
        self.info: dict[str, Any] = {}
        self.committed: list[Callable[[Session], None]] = []
        self._looking_engine = self.engine.execution_options(
            campaign_look=True, **({} if self.is_sqlite else {"isolation_level": "AUTOCOMMIT"})
        )
        self._reading = sessionmaker(self.engine, expire_on_commit=False, info=self.info)
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


def lock_among(db: Session, name: str) -> None:
    """Work beside others who do the same, until the transaction ends; waits for who is alone."""
    if is_postgresql(db) and not _holds(db, name):
        shared = text("SELECT pg_advisory_xact_lock_shared(hashtext(:name))")
        db.execute(shared, {"name": f"campaign:{name}"})


def _holds(db: Session, name: str) -> bool:
    """Whether this transaction has said so before; noted as it is asked.

    What is locked after a savepoint goes with it, so there each asks anew.
    """
    if db.get_nested_transaction() is not None:
        return False
    transaction = db.get_transaction()
    of, names = db.info.get("locked", (None, set()))
    if of is not transaction or transaction is None:
        of, names = transaction, set()
    known = name in names
    db.info["locked"] = (of, names | {name})
    return known


def lock_after_all(db: Session, name: str) -> None:
    """Wait for all who work ``lock_among`` others, and then be alone until the transaction ends."""
    if is_postgresql(db):
        whole = text("SELECT pg_advisory_xact_lock(hashtext(:name))")
        db.execute(whole, {"name": f"campaign:{name}"})


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
