"""What the clock does for meetups: forget who was in the room."""

from __future__ import annotations

from datetime import timedelta

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.meetups.operations import joining


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the jobs of this room onto the clock."""

    def forget_rooms() -> None:
        ended_before = clock.now() - timedelta(days=settings.meetup_kept_days)
        with database.unit_of_work() as db:
            joining.forget_the_room(db, ended_before=ended_before)

    queue.add_nightly("forget_rooms", forget_rooms, hour="4")
