"""What a file comes to: read in order, and held against what we know."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation.errors import Refused
from campaign.foundation.staging import Workbench, is_whole
from campaign.phonebanks.operations import checking
from campaign.phonebanks.operations.rejecting import count_kinds, reasons, write_rejects
from campaign.phonebanks.operations.staging import Terms, read_into
from campaign.phonebanks.operations.working.jobs import Job
from campaign.phonebanks.rules.lists import lacks_consent_column

GONE = "The file is no longer here. Bring it again."


@dataclass(frozen=True, slots=True)
class Found:
    """What a file comes to, as it stands with the list."""

    counts: dict[str, int]
    reasons: list[list[Any]]
    held: int
    last_wish: int
    # How many contacts are to be made.
    expected: int

    @property
    def values(self) -> dict[str, Any]:
        """For the row of the list."""
        rows = sum(self.counts.values())
        return {"counts": self.counts, "reasons": self.reasons, "rows": rows}


def set_rows_in_order(job: Job, *, until: int) -> None:
    """Read the file, unless that was done; ``until`` is how far we are then, in thousandths."""
    kept = job.kept
    if is_whole(kept.rows):
        return
    if not kept.file.exists():
        raise Refused(GONE)
    size = max(kept.file.stat().st_size, 1)
    terms = Terms(
        basis=job.batch.basis,
        encoding=job.batch.encoding,
        key=job.shop.key,
        practice=job.phonebank.is_practice,
        allow_unassigned=job.shop.allow_unassigned,
    )
    making = kept.rows_in_hand(job.token)

    def tell(behind: int, rows: int) -> None:
        job.batch.rows = rows
        job.tell("reading", min(behind * until // size, until), rows)

    job.tell("reading", 0, 0, at_once=True)
    read_into(making, kept.file, terms, tell)
    os.replace(making, kept.rows)


def check(job: Job, bench: Workbench) -> Found:
    with bench.reading() as db:
        source = job.batch.source
        last_wish = checking.check(db, phonebank_id=job.batch.phonebank_id, source=source)
        write_rejects(job.kept.rejects, job.kept.rows, checking.held_places(db))
        return found_in(db, job, last_wish)


def found_in(db: Session, job: Job, last_wish: int) -> Found:
    tally, kinds = checking.tally(db), count_kinds(job.kept.rows)
    counts = {
        "new": tally.new,
        "updated": tally.updated,
        "fixed": tally.fixed,
        "shared": tally.shared,
        "duplicate": kinds.get("duplicate", 0),
        "held": tally.held + kinds.get("held", 0),
        "refused": kinds.get("refused", 0),
    }
    if lacks_consent_column(job.batch.basis, job.batch.columns):
        # They come in held: the file cannot say that they agreed.
        counts["held"] += counts["new"] + counts["fixed"]
        counts["new"] = counts["fixed"] = 0
    why = reasons(job.kept.rows, tally.held, checking.first_held(db))
    return Found(counts, why, tally.held, last_wish, tally.new + tally.fixed)
