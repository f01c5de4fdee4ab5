"""``campaign serve`` on this machine, in processes of its own, for as long as a block lasts."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from sqlalchemy import text

from campaign.foundation.database import Database
from campaign.foundation.errors import Refused


@dataclass(frozen=True)
class Served:
    """A server that answers."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(
    folder: Path, database_url: str, *, workers: int = 2, more: Mapping[str, str] | None = None
) -> Iterator[Served]:
    """The server, with these settings beside the usual ones."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {
        "CAMPAIGN_ENVIRONMENT": "development",
        "CAMPAIGN_DATA_DIR": str(folder),
        "CAMPAIGN_DATABASE_URL": database_url,
        "CAMPAIGN_BASE_URL": f"http://127.0.0.1:{port}",
        **(more or {}),
    }
    serve = [sys.executable, "-m", "campaign", "serve", "--no-work", "--port", str(port)]
    serve += ["--workers", str(workers)]
    server = subprocess.Popen(serve, env=environment)  # noqa: S603 (our own command)
    try:
        _wait(port)
        yield Served(port, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), closing(HTTPConnection("127.0.0.1", port, timeout=2)) as asked:
            asked.request("GET", "/health/live")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise Refused("The server did not start.")


def spending(server: Served, database: Database) -> Callable[[], tuple[float, float]]:
    """What the web and the database have used; 0 where the database lives elsewhere."""
    postmaster = None
    if not database.is_sqlite:
        with database.engine.connect() as db:
            postmaster = _parent_of(db.scalar(text("SELECT pg_backend_pid()")) or 0)

    def spent() -> tuple[float, float]:
        store = _cpu_ms(postmaster) if postmaster else 0.0
        return _cpu_ms(server.pid) or 0.0, store or 0.0

    return spent


def _cpu_ms(pid: int) -> float | None:
    """What a process and all its children have used so far; None where that cannot be read.

    What children that have ended used is counted with their parent.
    """
    try:
        mine = _times(pid)
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return None
    total = sum(mine)
    for child in children:
        with suppress(OSError):
            total += sum(_times(int(child))[:2])
    return total * 1000 / os.sysconf("SC_CLK_TCK")


def _times(pid: int) -> list[int]:
    fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    return [int(ticks) for ticks in fields[11:15]]


def _parent_of(pid: int) -> int | None:
    """The parent of a process of this machine."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()
    except OSError:
        return None
    return int(fields[1])
