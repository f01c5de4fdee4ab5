"""Bringing the tables of a database up or down, by the migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from campaign.foundation.database import Database
from campaign.foundation.settings import files_folder


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, with the connection the migrations shall run on."""
    config = Config()
    config.set_main_option("script_location", str(files_folder("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def upgrade(database: Database, revision: str = "head") -> None:
    """Bring the tables up to a revision; what is there already stays as it is."""
    with moving(database) as connection:
        command.upgrade(configuration(connection), revision)


def downgrade(database: Database, revision: str) -> None:
    """Bring the tables down to a revision."""
    with moving(database) as connection:
        command.downgrade(configuration(connection), revision)


def bring_up(connection: Connection) -> None:
    """Bring the tables up to the newest revision, in the transaction of who asks."""
    command.upgrade(configuration(connection), "head")


def knows(revision: str) -> bool:
    """Whether this program has that revision among its own."""
    scripts = ScriptDirectory.from_config(configuration()).walk_revisions()
    return any(script.revision == revision for script in scripts)


@contextmanager
def moving(database: Database) -> Iterator[Connection]:
    """One transaction for all steps: a migration that breaks half-way changes nothing.

    SQLite changes a table by making it anew, and dropping the old one would sweep away every row
    that points to it: foreign keys rest meanwhile, and are checked before anything is kept.
    """
    with database.write_engine.connect() as connection:
        if not database.is_sqlite:
            with connection.begin():
                yield connection
            return
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                _check_foreign_keys(connection)
        finally:
            driver.execute("PRAGMA foreign_keys=ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise RuntimeError(f"after the migration a row of {broken[0]} points nowhere")


def present(database: Database) -> str | None:
    """The revision a database is at; None where it has no tables yet."""
    with database.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The revision this program wants."""
    return ScriptDirectory.from_config(configuration()).get_current_head()
