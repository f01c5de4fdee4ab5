"""What the clock does for events: address and reminder, the day before; news for everybody."""

from __future__ import annotations

import logging
from datetime import timedelta

from campaign.events import operations
from campaign.events.messages import Mail
from campaign.events.operations import bringing, photos, unasked
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue

log = logging.getLogger("campaign.work")


def add_jobs(queue: Queue, database: Database, settings: Settings) -> None:
    """Put the jobs of this room onto the clock: once an hour is often enough for 24 hours."""
    mail = Mail(LetterWriter(settings), settings.base_url)

    def send_addresses() -> None:
        with database.unit_of_work() as db:
            operations.send_addresses(db, mail=mail, now=clock.now())

    def send_reminders() -> None:
        operations.send_reminders(database, mail=mail, now=clock.now())

    def tell_everybody() -> None:
        operations.tell_everybody(database, mail=mail)

    def forget_old_files() -> None:
        with database.unit_of_work() as db:
            bringing.forget_old_files(db, made_before=clock.now() - timedelta(days=1))

    queue.add_nightly("forget_old_files", forget_old_files, hour="4")

    def sweep_offers() -> None:
        operations.sweep_offers(database, mail=mail, now=clock.now())

    def look_after_hostless() -> None:
        operations.look_after_hostless(database, mail=mail, now=clock.now())

    def write_day_letters() -> None:
        operations.write_day_letters(database, mail=mail, now=clock.now())

    queue.add_nightly("write_day_letters", write_day_letters, hour="*", minute="*/5")
    queue.add_nightly("look_after_hostless", look_after_hostless, hour="*", minute="*/5")

    _add_following(queue, database, mail)
    _add_series(queue, database)
    _add_forgetting(queue, database)
    _add_photos(queue, database, settings)
    queue.add_nightly("send_home_addresses", send_addresses, hour="*")
    queue.add_nightly("send_reminders", send_reminders, hour="*")
    queue.add_every_second(tell_everybody)
    queue.add_every_second(sweep_offers)


def _add_following(queue: Queue, database: Database, mail: Mail) -> None:
    """The mail of the day, from seven to nine in the evening; and groups that are quiet."""

    def send_digests() -> None:
        operations.send_digests(database, mail=mail, now=clock.now())

    def look_after_groups() -> None:
        operations.warn_quiet_groups(database, mail=mail, now=clock.now())

    queue.add_nightly("send_digests", send_digests, hour="7-20", again=5)
    queue.add_nightly("look_after_groups", look_after_groups)


def _add_series(queue: Queue, database: Database) -> None:
    """Each night the dates of what repeats, as far ahead as they are made."""

    def make_days_of_series() -> None:
        operations.make_all_days(database)

    queue.add_nightly("make_days_of_series", make_days_of_series)


def _add_forgetting(queue: Queue, database: Database) -> None:
    def forget_unanswered() -> None:
        with database.unit_of_work() as db:
            unasked.forget_unanswered(db, now=clock.now())

    queue.add_nightly("forget_unanswered", forget_unanswered)


def _add_photos(queue: Queue, database: Database, settings: Settings) -> None:
    """Files of photos that were taken down, or never got their row."""

    def sweep_photos() -> None:
        photos.sweep_photos(database, folder=settings.data_dir / "photos")

    queue.add_nightly("sweep_photos", sweep_photos, hour="*", minute="*/5")
