"""What the clock does for conduct: closed cases are kept only so long."""

from __future__ import annotations

from campaign.conduct.operations.cases import forget_closed
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the job of this room onto the clock."""

    def forget_closed_cases() -> None:
        with database.unit_of_work() as db:
            forget_closed(db, days=settings.case_kept_days, now=clock.now())

    queue.add_nightly("forget_closed_cases", forget_closed_cases)
