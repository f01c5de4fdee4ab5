"""What both databases promise alike: named refusals, aware times, one unit of work."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from campaign.foundation import clock, engines
from campaign.foundation.database import (
    Database,
    busy_as_refusal,
    constraint_name,
    lock_alone,
    lock_among,
    refusing,
)
from campaign.foundation.errors import Busy, Conflict
from campaign.people.models import Person, PhoneNumber, RoleGrant, Suppression
from tests.cast import a_person


class AlreadyThere(Conflict):
    """Somebody else has this address."""

    def __init__(self) -> None:
        super().__init__("This address is taken.")


def people(database: Database) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(Person)) or 0


def test_a_broken_constraint_becomes_its_refusal_and_the_rest_is_kept(database: Database) -> None:
    with database.unit_of_work() as db:
        a_person(db, "Bea", email="bea@people.example")
        with (
            pytest.raises(AlreadyThere),
            refusing(db, {"uq_person_email": AlreadyThere}),
        ):
            a_person(db, "Ben", email="bea@people.example")
        a_person(db, "Cal")
    assert people(database) == 2


def test_another_constraint_is_a_bug_and_goes_on_up(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work() as db:
        a_person(db, "Bea", email="bea@people.example")
        with refusing(db, {"uq_person_public_id": AlreadyThere}):
            a_person(db, "Ben", email="bea@people.example")
    assert people(database) == 0


def test_what_is_only_noticed_at_the_flush_is_refused_too(database: Database) -> None:
    with database.unit_of_work() as db:
        a_person(db, "Bea", email="bea@people.example")
        with pytest.raises(AlreadyThere), refusing(db, {"uq_person_email": AlreadyThere}):
            db.add(Person(name="Ben", email="bea@people.example", made_at=clock.now()))


def broken(database: Database, *rows: object) -> str | None:
    """The name of the constraint that these rows break."""
    with pytest.raises(IntegrityError) as caught, database.unit_of_work() as db:
        for row in rows:
            db.add(row)
            db.flush()
    return constraint_name(caught.value)


def test_a_constraint_has_the_same_name_on_both_databases(database: Database) -> None:
    now = clock.now()
    assert (
        broken(
            database,
            Suppression(hmac="a", reason="asked", source="x", made_at=now),
            Suppression(hmac="a", reason="tps", source="x", made_at=now),
        )
        == "uq_suppression_hmac"
    )
    assert (
        broken(database, Suppression(hmac="a", reason="whim", source="x", made_at=now))
        == "ck_suppression_reason"
    )
    assert (
        broken(database, PhoneNumber(e164="+44", hmac="x", state="gone")) == "ck_phone_number_state"
    )


def test_every_unique_and_check_constraint_and_index_has_a_name_that_fits(
    database: Database,
) -> None:
    from campaign.foundation.database import Base

    for table in Base.metadata.tables.values():
        things = [*table.constraints, *table.indexes]
        names = [str(thing.name) for thing in things]
        assert all(thing.name for thing in things), table.name
        assert len(names) == len(set(names)), table.name
        # PostgreSQL cuts longer names, and then no refusal would know them.
        assert [name for name in names if len(name) > 63] == [], table.name


def test_a_foreign_key_is_kept(database: Database) -> None:
    with pytest.raises(IntegrityError), database.unit_of_work() as db:
        db.add(RoleGrant(person_id=999, role="moderator"))


def test_a_naive_time_is_refused(database: Database) -> None:
    with (
        pytest.raises(StatementError, match="a naive datetime cannot be stored"),
        database.unit_of_work() as db,
    ):
        a_person(db, "Bea", made_at=datetime(2026, 11, 22, 19))


def test_an_instant_comes_back_as_it_went_in_whatever_its_zone(database: Database) -> None:
    moment = datetime(2026, 11, 22, 19, 0, 0, 123456, tzinfo=timezone(timedelta(hours=5)))
    with database.unit_of_work() as db:
        bea = a_person(db, "Bea", made_at=moment)
        db.expire(bea)
        assert bea.made_at == moment
        assert bea.made_at.tzinfo is UTC


def test_a_unit_of_work_is_all_or_nothing(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as db:
        a_person(db, "Bea")
        raise ZeroDivisionError
    assert people(database) == 0
    with database.unit_of_work() as db:
        a_person(db, "Bea")
    assert people(database) == 1


def test_nothing_is_kept_of_a_reading(database: Database) -> None:
    with database.reading() as db:
        a_person(db, "Bea")
    assert people(database) == 0


def test_a_lock_that_never_came_is_busy_and_anything_else_is_not() -> None:
    with pytest.raises(Busy), busy_as_refusal():
        raise OperationalError("UPDATE", {}, Exception("database is locked"))
    with pytest.raises(Busy), busy_as_refusal():
        raise OperationalError("x", {}, Exception("canceling statement due to lock timeout"))
    with pytest.raises(OperationalError), busy_as_refusal():
        raise OperationalError("UPDATE", {}, Exception("no such table"))


def test_an_error_does_not_quote_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(IntegrityError) as caught, database.unit_of_work() as db:
        db.add(RoleGrant(person_id=999, role="a private matter"))
    assert "a private matter" not in str(caught.value)


def test_one_alone_holds_a_lock_by_name(database: Database) -> None:
    with database.unit_of_work() as db:
        assert lock_alone(db, "sealer")
        if not database.is_sqlite:  # there the write transaction itself is the lock
            with database.unit_of_work() as other:
                assert not lock_alone(other, "sealer")
                assert lock_alone(other, "something else")
    with database.unit_of_work() as db:
        assert lock_alone(db, "sealer")


def test_who_works_among_others_says_so_once_in_each_transaction_and_again_after_a_savepoint(
    database: Database,
) -> None:
    if database.is_sqlite:
        pytest.skip("the one write transaction is the lock")
    with database.session(write=True) as db:
        db.execute(text("SELECT 1"))
        nested = db.begin_nested()
        lock_among(db, "the door")
        nested.rollback()
        # The lock went with the savepoint, so nobody is there until it is asked for again.
        assert _alone(database)
        with count(database) as sent:
            lock_among(db, "the door")
            lock_among(db, "the door")
        assert len(sent) == 1
        assert not _alone(database)
        db.rollback()
        assert _alone(database)
        db.execute(text("SELECT 1"))
        lock_among(db, "the door")
        assert not _alone(database)


def _alone(database: Database) -> bool:
    with database.unit_of_work() as other:
        return lock_alone(other, "the door")


@contextmanager
def count(database: Database) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", hear)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", hear)


def test_connections_that_a_restart_took_are_noticed_before_they_are_used(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.is_sqlite:
        pytest.skip("a file has no server to restart")
    monkeypatch.setattr(engines, "RESTED_SECONDS", 0.0)
    with database.reading() as one, database.reading() as two:
        before = {db.scalar(text("SELECT pg_backend_pid()")) for db in (one, two)}
    other = Database(database.url.render_as_string(hide_password=False))
    with other.reading() as db:
        for pid in before:
            db.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})
    other.dispose()
    with database.reading() as one, database.reading() as two:
        after = {db.scalar(text("SELECT pg_backend_pid()")) for db in (one, two)}
    assert before.isdisjoint(after)


def test_sqlite_is_set_up_to_lose_nothing_and_to_forget_what_is_erased(
    database: Database,
) -> None:
    if not database.is_sqlite:
        pytest.skip("about the embedded database")
    with database.reading() as db:
        held = {
            name: db.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "foreign_keys", "synchronous", "secure_delete")
        }
    assert held == {
        "journal_mode": "wal",
        "foreign_keys": 1,
        "synchronous": 2,
        "secure_delete": 1,
    }
