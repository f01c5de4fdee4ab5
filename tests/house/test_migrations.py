"""The way of the tables up and down: one head, nothing lost, models and tables agree."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Integer, MetaData, Table, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from campaign.foundation import audit, schema
from campaign.foundation.database import Base, Database
from campaign.foundation.settings import files_folder
from campaign.groups.models import Membership
from campaign.people.models import Person
from tests.cast import call_the_cast
from tests.conftest import MIGRATED

# From the first migration on, each of these runs; until then the models make the tables.
migrated = pytest.mark.skipif(not MIGRATED, reason="the first migration is not written yet")
VERSIONS = files_folder("migrations") / "versions"


@pytest.fixture
def populated(database: Database) -> Database:
    """A database with the cast in it, and something in the audit log."""
    with database.unit_of_work() as db:
        call_the_cast(db)
        audit.append(db, "tried", subject="thing:1")
    with database.unit_of_work() as db:
        audit.seal(db)
    return database


def counts(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.reading() as db:
        return {
            table.name: db.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
        }


@migrated
def test_there_is_one_head() -> None:
    heads = ScriptDirectory.from_config(schema.configuration()).get_heads()
    assert len(heads) == 1, f"give one of these the other as its down_revision: {heads}"
    assert schema.newest() == heads[0]


@migrated
def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


@migrated
def test_the_names_of_constraints_agree_too(database: Database) -> None:
    """A refusal is told by the name of its constraint, and alembic does not compare checks."""
    with database.engine.connect() as connection:
        seen = inspect(connection)
        for table in Base.metadata.sorted_tables:
            wanted = {
                str(constraint.name)
                for constraint in table.constraints
                if type(constraint).__name__ in ("CheckConstraint", "UniqueConstraint")
            }
            present = [
                *seen.get_check_constraints(table.name),
                *seen.get_unique_constraints(table.name),
            ]
            assert {str(found["name"]) for found in present} == wanted, table.name


@migrated
def test_up_down_and_up_again_on_a_populated_database(populated: Database) -> None:
    revisions = [script.revision for script in _scripts()]
    assert schema.present(populated) == revisions[-1]
    for revision in [*reversed(revisions[:-1]), "base"]:
        schema.downgrade(populated, revision)
    assert schema.present(populated) is None
    with populated.engine.connect() as connection:
        assert set(inspect(connection).get_table_names()) <= {"alembic_version"}
    for revision in revisions:
        schema.upgrade(populated, revision)
    assert schema.present(populated) == revisions[-1]
    assert set(counts(populated).values()) == {0}
    with populated.unit_of_work() as db:
        call_the_cast(db)


@migrated
def test_one_step_down_and_up_loses_nothing_that_was_there_before(populated: Database) -> None:
    scripts = _scripts()
    if len(scripts) < 2:
        pytest.skip("there is only the first")
    before = counts(populated)
    schema.downgrade(populated, scripts[-2].revision)
    schema.upgrade(populated)
    after = counts(populated)
    made_last = {name for name, rows in before.items() if rows and not after[name]}
    assert after == before | dict.fromkeys(made_last, 0)


@migrated
def test_upgrading_what_is_new_already_changes_nothing(populated: Database) -> None:
    before = counts(populated)
    schema.upgrade(populated)
    assert counts(populated) == before


def _scripts() -> list:
    """Every migration, first to last."""
    return list(
        reversed(list(ScriptDirectory.from_config(schema.configuration()).walk_revisions()))
    )


LATER = '''"""Planted: a column more, which SQLite adds by making the table anew."""
import sqlalchemy as sa
from alembic import op

revision = "planted"
down_revision = {before!r}
branch_labels = None
depends_on = None


def how() -> str:
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"


def upgrade() -> None:
    with op.batch_alter_table("person", recreate=how()) as table:
        table.add_column(sa.Column("planted", sa.Integer(), nullable=True))
    {broken}


def downgrade() -> None:
    with op.batch_alter_table("person", recreate=how()) as table:
        table.drop_column("planted")
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The migrations in a folder of our own, where one more can be planted."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for path in files_folder("migrations").rglob("*"):
        if path.suffix in (".py", ".mako"):
            (folder / path.relative_to(files_folder("migrations"))).write_text(path.read_text())
    monkeypatch.setattr(schema, "files_folder", lambda name: folder)
    return folder


def plant(folder: Path, *, broken: str = "pass") -> None:
    text_ = LATER.format(before=schema.newest(), broken=broken)
    (folder / "versions" / "planted.py").write_text(text_)


def test_making_a_table_anew_does_not_sweep_away_what_points_to_it(
    populated: Database, later: Path
) -> None:
    plant(later)
    before = counts(populated)
    assert before["membership"] > 0
    schema.upgrade(populated)
    assert counts(populated) == before
    with populated.engine.connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("person")}
    assert "planted" in columns
    schema.downgrade(populated, "-1")
    assert counts(populated) == before


def test_foreign_keys_are_kept_again_after_a_migration(populated: Database, later: Path) -> None:
    plant(later)
    schema.upgrade(populated)
    with populated.unit_of_work() as db:
        db.execute(text("DELETE FROM person WHERE name = 'Cal Caller'"))
    with populated.reading() as db:
        orphans = select(func.count()).select_from(Membership).outerjoin(Person)
        assert db.scalar(orphans.where(Person.id.is_(None))) == 0


def test_a_migration_that_breaks_half_way_changes_nothing(populated: Database, later: Path) -> None:
    plant(later, broken='op.execute("SELECT * FROM nowhere")')
    before, revision = counts(populated), schema.present(populated)
    with pytest.raises(DBAPIError):
        schema.upgrade(populated)
    assert schema.present(populated) == revision
    assert counts(populated) == before
    with populated.engine.connect() as connection:
        columns = {column["name"] for column in inspect(connection).get_columns("person")}
    assert "planted" not in columns


def test_a_migration_that_leaves_a_row_pointing_nowhere_is_refused(
    populated: Database, later: Path
) -> None:
    plant(later, broken="op.execute(\"DELETE FROM person WHERE name = 'Cal Caller'\")")
    if not populated.is_sqlite:
        pytest.skip("PostgreSQL keeps foreign keys during a migration")
    before = counts(populated)
    with pytest.raises(RuntimeError, match="points nowhere"):
        schema.upgrade(populated)
    assert counts(populated) == before


# The audit log is append-only: triggers of the first migration refuse everything else.


@migrated
@pytest.mark.parametrize("table", ["audit_row", "audit_seal"])
@pytest.mark.parametrize("how", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_audit_log_takes_no_change(populated: Database, table: str, how: str) -> None:
    before = counts(populated)
    assert before[table] > 0
    with pytest.raises(DBAPIError, match="append-only"), populated.unit_of_work() as db:
        db.execute(text(how.format(table)))
    assert counts(populated) == before


@migrated
def test_the_audit_log_cannot_be_emptied_at_a_stroke_either(populated: Database) -> None:
    if populated.is_sqlite:
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DBAPIError, match="append-only"), populated.unit_of_work() as db:
        db.execute(text("TRUNCATE audit_row"))


@migrated
def test_a_stray_column_is_found(database: Database) -> None:
    """The comparison itself can fail."""
    planted = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(planted)
    Table("person", planted, Column("planted", Integer), extend_existing=True)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, planted) != []
