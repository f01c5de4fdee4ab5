"""Whose turn it is: a list that waits is taken up, and what is next for it is done."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from campaign.foundation import clock
from campaign.foundation.errors import Busy, DomainError, Refused
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations.leasing import MOST_TRIES, Stopped, take
from campaign.phonebanks.operations.working.bringing import bring, hand_back, read
from campaign.phonebanks.operations.working.clearing import clear_away_after, give_up
from campaign.phonebanks.operations.working.jobs import EVERY, Job, Shop, Watch

GAVE_UP = "Something went wrong on our side, again and again. Bring the file once more."
log = logging.getLogger("campaign.work")


def work_on(shop: Shop, batch_id: int, token: str, watch: Watch = lambda *_: None) -> None:
    """Do what is next for a list that was taken up; what goes wrong stands with the list."""
    with shop.database.reading() as db:
        batch = db.get(ImportBatch, batch_id)
        if batch is None or batch.worker != token:
            return
        job = Job(shop, batch, db.get_one(Phonebank, batch.phonebank_id), token, watch)
        db.expunge_all()
    try:
        _next_step(job)
    except (Stopped, Busy):
        hand_back(job)
    except DomainError as refusal:
        give_up(job, refusal.message)
    except Exception as error:
        # Not handed back: the next try is when the worker is taken for gone.
        log.error("list %d: %s", batch_id, type(error).__name__)
        job.kept.rows.unlink(missing_ok=True)
        raise


def see_through(shop: Shop, batch_id: int, watch: Callable[[int], None]) -> ImportBatch:
    """Work on one list until its stage is over, or watch a worker that was quicker."""
    while True:
        with shop.database.reading() as db:
            batch = db.get_one(ImportBatch, batch_id)
            db.expunge(batch)
        if batch.state not in STEPS:
            return batch
        watch(batch.done)
        if not work_off(shop, batch_id, watch=lambda _, done, __: watch(done)):
            time.sleep(EVERY)


def clear_away(shop: Shop, batch_id: int) -> None:
    """Clear away after a list that is over, if nobody is at it."""
    work_off(shop, batch_id)


def work_off(shop: Shop, batch_id: int | None = None, *, watch: Watch = lambda *_: None) -> bool:
    """Take up a list that waits, or this one, and do what is next for it; False where none does."""
    with shop.database.unit_of_work() as db:
        taken = take(db, now=clock.now(), batch_id=batch_id)
    if taken is None:
        return False
    work_on(shop, *taken, watch)
    return True


def _next_step(job: Job) -> None:
    if job.batch.state not in STEPS:
        clear_away_after(job)
    elif job.batch.tries > MOST_TRIES:
        raise Refused(GAVE_UP)
    else:
        STEPS[job.batch.state](job)


STEPS = {"reading": read, "bringing": bring}
