"""What the clock does for meetups: end, follow up and forget an evening."""

from __future__ import annotations

from datetime import timedelta

from campaign.events.messages import Mail
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.meetups.operations import closing, following, joining


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the jobs of this room onto the clock."""

    def forget_rooms() -> None:
        ended_before = clock.now() - timedelta(days=settings.meetup_kept_days)
        with database.unit_of_work() as db:
            joining.forget_the_room(db, ended_before=ended_before)

    queue.add_nightly("forget_rooms", forget_rooms, hour="4")
    mail = Mail(LetterWriter(settings), settings.base_url)

    def follow_up_evenings() -> None:
        with database.unit_of_work() as db:
            closing.end_forgotten(db, now=clock.now())
        following.follow_up(database, mail=mail, now=clock.now())

    queue.add_nightly("follow_up_evenings", follow_up_evenings, hour="*", minute="*/5")
