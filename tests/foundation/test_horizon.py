"""The audit log grows shorter by whole sealed months and in no other way; the chain holds on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.exc import DBAPIError

from campaign.foundation import audit, clock, horizon
from campaign.foundation.audit import AuditHorizon, AuditRow, AuditSeal, AuditSealed
from campaign.foundation.database import Database

NOVEMBER = datetime(2026, 11, 27, 4, 0, tzinfo=UTC)


@pytest.fixture
def months(database: Database) -> Database:
    """Three rows and a seal in each month of the year, and a row that waits for its seal."""
    for month in range(1, 12):
        with clock.at(datetime(2026, month, 15, tzinfo=UTC)):
            for number in range(3):
                with database.unit_of_work() as db:
                    audit.append(db, "tried", subject=f"thing:{month}-{number}")
            with database.unit_of_work() as db:
                audit.seal(db)
    with database.unit_of_work() as db:
        audit.append(db, "tried", subject="thing:last")
    return database


def counts(database: Database) -> tuple[int, ...]:
    with database.reading() as db:
        return tuple(
            db.scalar(select(func.count()).select_from(table)) or 0
            for table in (AuditRow, AuditSealed, AuditSeal)
        )


def test_whole_months_go_and_the_chain_holds_from_there(months: Database) -> None:
    before = datetime(2026, 6, 20, tzinfo=UTC)
    with months.reading() as db:
        assert horizon.to_be_removed(db, before) == 15
    assert horizon.shorten(months, before) == 15, "January to May: of June there is more to come"
    assert counts(months) == (19 + 1, 18, 6), "the row that tells of it, too"
    with months.reading() as db:
        assert audit.verify(db) == audit.Verdict(
            rows=18, seals=6, unsealed=2, broken=None, removed=15
        )
        oldest = db.scalars(select(AuditRow).order_by(AuditRow.id)).first()
        assert oldest is not None
        assert oldest.subject == "thing:6-0"
        told = db.scalars(select(AuditRow).where(AuditRow.action == "audit log shortened")).one()
        assert told.details == ["15"]
    assert horizon.shorten(months, before) == 0
    with months.unit_of_work() as db:
        audit.seal(db)
    assert horizon.shorten(months, datetime(2026, 8, 1, tzinfo=UTC)) == 6
    with months.reading() as db:
        found = audit.verify(db)
    assert (found.broken, found.removed, found.seals) == (None, 21, 5)


def test_stopped_in_the_middle_it_goes_on_and_the_chain_holds_meanwhile(
    months: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(horizon, "PORTION", 4)
    before = datetime(2026, 6, 1, tzinfo=UTC)
    done = []

    def stopped(database: Database, at: int) -> int:
        done.append(at)
        if len(done) > 2:
            raise KeyboardInterrupt
        return remove(database, at)

    remove = horizon._remove_portion
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(horizon, "_remove_portion", stopped)
        horizon.shorten(months, before)
    with months.reading() as db:
        found = audit.verify(db)
        assert (found.broken, found.rows, found.unsealed) == (None, 18, 2)
        assert horizon.to_be_removed(db, before) == 7
    assert horizon.shorten(months, before) == 7
    assert counts(months) == (20, 18, 6)


@pytest.mark.parametrize("table", [AuditRow, AuditSealed, AuditSeal, AuditHorizon])
def test_nothing_else_goes_not_even_after_that(months: Database, table: type) -> None:
    horizon.shorten(months, datetime(2026, 6, 1, tzinfo=UTC))
    before = counts(months)
    with pytest.raises(DBAPIError, match="append-only"), months.unit_of_work() as db:
        db.execute(delete(table))
    assert counts(months) == before


@pytest.mark.parametrize("seal_id", [7, 99])
def test_a_horizon_that_does_not_repeat_a_seal_s_hash_is_refused(
    months: Database, seal_id: int
) -> None:
    forged = {"seal_id": seal_id, "digest": "0" * 64, "rows": 1, "ends_at": NOVEMBER}
    with pytest.raises(DBAPIError, match="append-only"), months.unit_of_work() as db:
        db.execute(insert(AuditHorizon).values(**forged, at=NOVEMBER))
    with pytest.raises(DBAPIError, match="append-only"), months.unit_of_work() as db:
        db.execute(text("DELETE FROM audit_seal WHERE id = 1"))


def test_a_row_changed_after_the_horizon_still_breaks_its_seal(months: Database) -> None:
    horizon.shorten(months, datetime(2026, 6, 1, tzinfo=UTC))
    with months.unit_of_work() as db:
        if months.is_sqlite:
            db.execute(text("DROP TRIGGER audit_row_no_update"))
        else:
            db.execute(text("ALTER TABLE audit_row DISABLE TRIGGER USER"))
        db.execute(text("UPDATE audit_row SET action = 'forged' WHERE subject = 'thing:6-1'"))
    with months.reading() as db:
        assert "seal 6 does not hold" in str(audit.verify(db).broken)
