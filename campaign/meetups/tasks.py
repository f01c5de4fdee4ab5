"""What the clock does for meetups: end an evening, follow it up, watch over who is kept apart."""

from __future__ import annotations

from campaign.events.messages import Mail
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.meetups.operations import closing, following, seeds
from campaign.meetups.operations.warning import warn_officers


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the jobs of this room onto the clock."""
    mail = Mail(LetterWriter(settings), settings.base_url)

    def follow_up_evenings() -> None:
        with database.unit_of_work() as db:
            closing.end_forgotten(db, now=clock.now())
        following.follow_up(database, mail=mail, now=clock.now())
        seeds.plant(database, mail=mail, now=clock.now())

    def warn_of_pairs() -> None:
        warn_officers(database, mail=mail)

    queue.add_nightly("warn_of_pairs", warn_of_pairs, hour="*", minute="*")
    queue.add_nightly("follow_up_evenings", follow_up_evenings, hour="*", minute="*/5")
