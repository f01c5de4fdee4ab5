"""The audit log holds what it was given, and says where it was touched."""

from sqlalchemy import delete, text, update

from campaign.foundation import audit
from campaign.foundation.database import Database


def write_and_seal(database: Database, rows: int) -> None:
    with database.unit_of_work() as db:
        for number in range(rows):
            audit.append(db, "tried", subject=f"thing:{number}", details=["title"])
    with database.unit_of_work() as db:
        audit.seal(db)


def take_the_guard_away(database: Database) -> None:
    """What a forger with the rights of the owner would do first: the triggers refuse changes."""
    with database.unit_of_work() as db:
        if not database.is_sqlite:
            db.execute(text("ALTER TABLE audit_row DISABLE TRIGGER USER"))
            return
        for how in ("update", "delete"):
            db.execute(text(f"DROP TRIGGER IF EXISTS audit_row_no_{how}"))


def test_a_sealed_log_holds_and_counts_its_unsealed_tail(database: Database) -> None:
    write_and_seal(database, 3)
    write_and_seal(database, 2)
    with database.unit_of_work() as db:
        audit.append(db, "tried", subject="thing:9")
    with database.reading() as db:
        assert audit.verify(db) == audit.Verdict(rows=5, seals=2, unsealed=1, broken=None)


def test_a_changed_row_breaks_the_seal_it_stands_in(database: Database) -> None:
    write_and_seal(database, 3)
    write_and_seal(database, 3)
    take_the_guard_away(database)
    with database.unit_of_work() as db:
        db.execute(update(audit.AuditRow).where(audit.AuditRow.id == 5).values(action="forged"))
    with database.reading() as db:
        assert audit.verify(db).broken == "seal 2 does not hold: a row from 4 on was changed"


def test_a_row_that_was_taken_out_is_named(database: Database) -> None:
    write_and_seal(database, 3)
    take_the_guard_away(database)
    with database.unit_of_work() as db:
        db.execute(delete(audit.AuditRow).where(audit.AuditRow.id == 2))
    with database.reading() as db:
        assert audit.verify(db).broken == "row 2 of seal 1 is gone"
