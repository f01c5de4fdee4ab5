"""What the clock does for phonebanks: letters about access and old checks, goals, waits."""

from __future__ import annotations

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.phonebanks import adapters
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.operations import goals, reminding, waiting


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the jobs of this room onto the clock.

    The letter of the month is asked for every morning: the first morning on which the worker
    runs writes it, and no other does.
    """
    mail = Mail(LetterWriter(settings), settings.base_url)

    def tell_who_has_access() -> None:
        with database.unit_of_work() as db:
            reminding.tell_who_has_access(db, mail=mail, now=clock.now())

    def warn_of_old_checks() -> None:
        with database.unit_of_work() as db:
            reminding.warn_of_old_checks(db, mail=mail, now=clock.now())

    queue.add_nightly("tell_who_has_access", tell_who_has_access, hour="6", again=5)
    queue.add_nightly("warn_of_old_checks", warn_of_old_checks, hour="*", again=5)
    _add_queues(queue, database)


def _add_queues(queue: Queue, database: Database) -> None:
    """Every five minutes: who signed up by themselves, and whoever waits by rules of yesterday."""

    def look_at_goals() -> None:
        goals.look_at_all(database, now=clock.now())

    def wait_anew() -> None:
        waiting.wait_anew(database, outcomes=adapters.outcomes())

    queue.add_nightly("look_at_goals", look_at_goals, hour="*", minute="*/5")
    queue.add_nightly("wait_anew", wait_anew, hour="*", minute="*/5")
