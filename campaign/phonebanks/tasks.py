"""What the clock does for phonebanks: lists; letters about access and checks; goals, waits."""

from __future__ import annotations

import time

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.foundation.tasks import Queue
from campaign.phonebanks import adapters
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.operations import (
    goals,
    leasing,
    parking,
    promising,
    reminding,
    reversing,
    shift_letters,
    summing,
    sweeping,
    waiting,
    watching,
    working,
)
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.rules.sampling import Shares

# So long, in seconds, the worker takes back calls before it does what else there is each second.
BUSY_FOR = 0.8


def shop_of(database: Database, settings: Settings) -> Shop:
    """Where lists lie in this installation, and its keys."""
    return Shop(
        database=database,
        folder=settings.data_dir / "imports",
        key=settings.suppression_key.encode(),
        allow_unassigned=settings.is_development,
        mail=Mail(LetterWriter(settings), settings.base_url),
    )


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

    def call_off_promises() -> None:
        with database.unit_of_work() as db:
            promising.call_off(db, mail=mail, now=clock.now())

    def write_shift_letters() -> None:
        shift_letters.write_shift_letters(database, mail=mail, now=clock.now())

    def take_back_calls() -> None:
        # A few portions each second; the next second goes on.
        until = time.monotonic() + BUSY_FOR
        while reversing.work_on(database, mail=mail, now=clock.now()):
            if time.monotonic() > until:
                return

    queue.add_nightly("write_shift_letters", write_shift_letters, hour="*", minute="*/5")
    queue.add_every_second(take_back_calls)
    queue.add_nightly("call_off_promises", call_off_promises, hour="*", minute="*")
    queue.add_nightly("tell_who_has_access", tell_who_has_access, hour="6", again=5)
    queue.add_nightly("warn_of_old_checks", warn_of_old_checks, hour="*", again=5)
    _add_queues(queue, database)
    _add_looks(queue, database, settings)
    _add_lists(queue, shop_of(database, settings))


def _add_queues(queue: Queue, database: Database) -> None:
    """Every five minutes: who signed up by themselves, and whoever waits by rules of yesterday."""

    def look_at_goals() -> None:
        goals.look_at_all(database, now=clock.now())

    def wait_anew() -> None:
        waiting.wait_anew(database, outcomes=adapters.outcomes())

    def sum_up_calls() -> None:
        summing.sum_up(database, now=clock.now())

    queue.add_nightly("sum_up_calls", sum_up_calls, hour="*", minute="*/5")
    queue.add_nightly("look_at_goals", look_at_goals, hour="*", minute="*/5")
    queue.add_nightly("wait_anew", wait_anew, hour="*", minute="*/5")


def _add_looks(queue: Queue, database: Database, settings: Settings) -> None:
    """Every minute: which calls a lead looks at, and signs that calls were not made as noted."""
    terms = looking_terms(settings)

    def look_at_calls() -> None:
        watching.look(database, terms=terms, now=clock.now())

    queue.add_nightly("look_at_calls", look_at_calls, hour="*", minute="*")


def looking_terms(settings: Settings) -> watching.Terms:
    """How many calls are looked at here, and the key that says which."""
    shares = Shares(
        settings.reviewed_percent_new,
        settings.reviewed_percent_regular,
        settings.reviewed_percent_trusted,
    )
    return watching.Terms(shares, settings.secret_key.encode())


def _add_lists(queue: Queue, shop: Shop) -> None:
    """Lists are read and brought in apart from any request."""
    database = shop.database

    def work_on_list(batch_id: int, token: str) -> None:
        working.work_on(shop, batch_id, token)

    def look_for_lists() -> None:
        with database.reading() as db:
            if not leasing.waits(db):
                return
        with database.unit_of_work() as db:
            taken = leasing.take(db, now=clock.now())
        if taken is not None:
            queue.put("work_on_list", *taken)

    def park_listed() -> None:
        parking.park(database.unit_of_work)

    def sweep_lists() -> None:
        sweeping.sweep(database, folder=shop.folder, now=clock.now(), mail=shop.mail)

    queue.add("work_on_list", work_on_list)
    queue.add_every_second(look_for_lists)
    queue.add_nightly("sweep_lists", sweep_lists, hour="*")
    queue.add_nightly("park_listed", park_listed, hour="*")
