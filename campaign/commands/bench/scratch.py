"""A database to measure in: made for it, filled with nobody, and thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sqlalchemy import create_engine, text
from sqlalchemy.engine.url import make_url

from campaign.foundation.database import Database
from campaign.foundation.errors import Refused


@contextmanager
def scratch(url: str | None) -> Iterator[tuple[Database, Path]]:
    """An empty database and a folder of its own, gone when the block ends.

    Without a URL it is a SQLite file; with the URL of a PostgreSQL server a database is made on
    that server beside those that are there, and none of them is opened for writing.
    """
    with tempfile.TemporaryDirectory(prefix="campaign-bench-") as folder:
        if url is None:
            database = Database(f"sqlite:///{folder}/bench.db")
            yield database, Path(folder)
            database.dispose()
            return
        if make_url(url).get_backend_name() != "postgresql":
            raise Refused("Name a PostgreSQL server; without --database a SQLite file is made.")
        server = make_url(url).set(drivername="postgresql+psycopg")
        name = f"campaign_bench_{uuid4().hex[:8]}"
        address = server.render_as_string(hide_password=False)
        _say(address, f"CREATE DATABASE {name}")
        database = Database(server.set(database=name).render_as_string(hide_password=False))
        try:
            yield database, Path(folder)
        finally:
            database.dispose()
            _say(address, f"DROP DATABASE {name} WITH (FORCE)")


def _say(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
