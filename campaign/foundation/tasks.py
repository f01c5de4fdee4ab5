"""Work apart from requests: a huey queue for jobs, and what happens every second or night.

SQLite keeps the queue in the data folder; Redis where it is configured. Jobs are named
functions with plain arguments; the registry adds those of each room.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from huey import RedisHuey, SqliteHuey, crontab
from huey.consumer import Consumer

from campaign.foundation import audit
from campaign.foundation.carriers import Carrier
from campaign.foundation.database import Database
from campaign.foundation.journal import Journal, carry
from campaign.foundation.limits import forget_old_counts
from campaign.foundation.outbox import deliver_due

log = logging.getLogger("campaign.work")
Job = Callable[..., Any]
AGAIN_AFTER = 60


class Queue:
    """The jobs of one installation. ``wake`` only adds a row, so a request never waits for it."""

    def __init__(self, data_dir: Path, redis_url: str, *, immediate: bool = False) -> None:
        if redis_url and not immediate:
            self.huey: Any = RedisHuey("campaign", url=redis_url, immediate=False)
        else:
            data_dir.mkdir(parents=True, exist_ok=True)
            self.huey = SqliteHuey(
                "campaign", filename=str(data_dir / "queue.db"), immediate=immediate
            )
        self._jobs: dict[str, Any] = {}
        self._every_second: list[Callable[[], Any]] = []

    def add(self, name: str, job: Job) -> None:
        """Name a job, so that it can be put into the queue."""
        self._jobs[name] = self.huey.task(name=name)(job)

    def add_nightly(
        self, name: str, job: Job, *, hour: str = "3", minute: str = "10", again: int = 0
    ) -> None:
        """A job of every night, in UTC, or of the hours and minutes that are named.

        One that fails is tried ``again`` so many times, a minute apart.
        """
        when = crontab(minute=minute, hour=hour)
        self.huey.periodic_task(when, name=name, retries=again, retry_delay=AGAIN_AFTER)(job)

    def add_every_second(self, job: Callable[[], Any]) -> None:
        """Something short that the worker does each second."""
        self._every_second.append(job)

    def put(self, name: str, *arguments: Any) -> None:
        """Put a job into the queue; it runs once the worker comes to it."""
        self._jobs[name](*arguments)

    def tick(self) -> None:
        """What happens each second, once; one job's error does not stop the next."""
        for job in self._every_second:
            try:
                job()
            except Exception as error:
                log.error("%s failed: %s", getattr(job, "__name__", job), type(error).__name__)

    def work(self, *, workers: int = 1) -> None:
        """Run the worker until it is told to stop."""
        stop = threading.Event()
        ticker = threading.Thread(target=self._tick_until, args=(stop,), daemon=True)
        ticker.start()
        try:
            Consumer(self.huey, workers=workers, worker_type="thread", periodic=True).run()
        finally:
            stop.set()
            ticker.join(timeout=5)

    def _tick_until(self, stop: threading.Event) -> None:
        while not stop.wait(1.0):
            self.tick()


def add_house_jobs(queue: Queue, database: Database, carrier: Carrier, journal: Journal) -> None:
    """The jobs of the house itself: deliver letters, seal the audit log, forget old counts.

    And carry into the journal what a killed process left.
    """

    def deliver() -> None:
        deliver_due(database, carrier)

    def seal() -> None:
        # Look first: an idle house should not take the write lock each second.
        with database.reading() as db:
            if not audit.has_unsealed(db):
                return
        with database.unit_of_work() as db:
            audit.seal(db)

    def write_journal() -> None:
        carry(database, journal)

    def tidy() -> None:
        forget_old_counts(database)

    queue.add_every_second(deliver)
    queue.add_every_second(seal)
    queue.add_every_second(write_journal)
    queue.add_nightly("forget_old_counts", tidy)
