"""``campaign serve`` and ``campaign work``: the web server and the background worker."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
from gunicorn.app.base import BaseApplication

from campaign.app import create_app
from campaign.commands import opening
from campaign.commands.answering import Worker
from campaign.commands.replaying import refuse_unreplayed
from campaign.foundation.errors import Refused
from campaign.foundation.settings import load

# So long may a request go on that is under way when the server is told to stop.
GRACE_SECONDS = 20
PATIENCE_S = 10  # with a worker, before it is told more firmly
MEMORY = Path("/dev/shm")  # noqa: S108 (gunicorn makes its own file in it and unlinks it)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8000, show_default=True, help="The port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option("--threads", default=8, show_default=True, help="Threads of each process.")
@click.option("--no-work", is_flag=True, help="Leave the background work to `campaign work`.")
def serve(host: str, port: int, workers: int, threads: int, no_work: bool) -> None:
    """Serve the site and, unless --no-work, do the background work."""
    house = opening.house()
    refuse_unreplayed(house)
    if not house.settings.is_production and not _is_loopback(host):
        raise Refused(
            "Development answers on this machine only: set CAMPAIGN_ENVIRONMENT=production "
            "to serve others."
        )
    house.database.dispose()
    worker = None if no_work else subprocess.Popen([sys.executable, "-m", "campaign", "work"])
    try:
        Server(host=host, port=port, workers=workers, threads=threads).run()
    finally:
        if worker is not None:
            take_along(worker)


def take_along(worker: subprocess.Popen[bytes]) -> None:
    """End the worker before we end: an interrupt may be overlooked, and a busy machine is slow."""
    for firmness in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        worker.send_signal(firmness)
        with contextlib.suppress(subprocess.TimeoutExpired):
            worker.wait(timeout=PATIENCE_S)
            return


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Server(BaseApplication):
    """gunicorn with threads, which proved itself with thousands of connections."""

    def __init__(self, **options: Any) -> None:
        self.chosen = options
        super().__init__()

    def load_config(self) -> None:
        """Take our options instead of a file's or the command line's."""
        self.cfg.set("bind", f"{self.chosen['host']}:{self.chosen['port']}")
        self.cfg.set("workers", self.chosen["workers"])
        self.cfg.set("threads", self.chosen["threads"])
        self.cfg.set("worker_class", Worker)
        self.cfg.set("timeout", 60)
        self.cfg.set("graceful_timeout", GRACE_SECONDS)
        self.cfg.set("keepalive", 5)
        if MEMORY.is_dir():
            # A worker tells by touching a file that it lives; a busy disk must not silence it.
            self.cfg.set("worker_tmp_dir", str(MEMORY))
        self.cfg.set("loglevel", "warning")
        self.cfg.set("proc_name", "campaign")

    def load(self) -> Any:
        """The application, made in each worker, so that no connection crosses a fork."""
        return create_app(load())


@click.command()
def work() -> None:
    """Do the background work: letters, sealing the audit log, nightly jobs."""
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    house = opening.house()
    refuse_unreplayed(house)
    house.queue.work()


COMMANDS = (serve, work)
