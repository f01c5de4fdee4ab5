"""What is cleared away after a list, whether it came in or came to nothing."""

from __future__ import annotations

import time

from campaign.foundation.staging import beside, is_whole
from campaign.phonebanks.models.imports import SHARED, STAGED
from campaign.phonebanks.operations import storing
from campaign.phonebanks.operations.import_letters import tell_why_nobody
from campaign.phonebanks.operations.importing import note
from campaign.phonebanks.operations.leasing import Stopped, let_go, say
from campaign.phonebanks.operations.parking import park
from campaign.phonebanks.operations.working.bringing import PAUSE, PORTION
from campaign.phonebanks.operations.working.jobs import Job


def give_up(job: Job, why: str) -> None:
    """The list comes to nothing; why stands with it."""
    batch = job.batch
    with job.shop.database.unit_of_work() as db:
        try:
            say(db, batch.id, job.token, batch.state, state="failed", trouble=why[:400], done=0)
        except Stopped:
            let_go(db, batch.id, job.token)
            return
        let_go(db, batch.id, job.token)
        note(db, batch, "list stopped", batch.brought_by or batch.made_by)
        tell_why_nobody(db, batch, why[:400], job.shop.mail)


def clear_away_after(job: Job) -> None:
    """Delete the file and its rows; of one that came to nothing, also the numbers written ahead."""
    kept, came_in = job.kept, job.batch.state == "imported"
    if not came_in and job.batch.brought_at is not None and is_whole(kept.rows):
        _forget_numbers(job)
    kept.forget_people()
    if not came_in:
        kept.forget()
    else:
        park(job.shop.database.unit_of_work, job.phonebank.id)
    with job.shop.database.unit_of_work() as db:
        let_go(db, job.batch.id, job.token, tidy=True)


def _forget_numbers(job: Job) -> None:
    with beside(job.shop.database, job.kept.rows, STAGED, SHARED) as bench:
        with bench.reading() as db:
            last = storing.last_place(db)
        for after in range(0, last + 1, PORTION):
            with bench.unit_of_work() as db:
                storing.forget_numbers(db, after=after, until=after + PORTION)
            time.sleep(PAUSE)
