"""The audit log holds what it was given, and says where it was touched."""

from sqlalchemy import update

from campaign.foundation import audit
from campaign.foundation.database import Database


def write_and_seal(database: Database, rows: int) -> None:
    with database.unit_of_work() as db:
        for number in range(rows):
            audit.append(db, "tried", subject=f"thing:{number}", details=["title"])
    with database.unit_of_work() as db:
        audit.seal(db)


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
    with database.unit_of_work() as db:
        db.execute(update(audit.AuditRow).where(audit.AuditRow.id == 5).values(action="forged"))
    with database.reading() as db:
        assert audit.verify(db).broken == "seal 2 does not hold: a row from 4 on was changed"
