"""The work on lists: read a file, bring its people in, clear away. Each may begin again.

Two stages, each ended by one transaction that only the worker whose list it is can make: the
counts of a file that was read, and the people of a file that is brought in. Whatever was done
before that is done again by the next worker, or thrown away; so it may be killed at any point.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Busy, DomainError, Refused
from campaign.foundation.staging import Workbench, beside, is_whole
from campaign.people.rules import Action, may
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.models.imports import SHARED, STAGED
from campaign.phonebanks.operations import checking, storing
from campaign.phonebanks.operations.importing import note
from campaign.phonebanks.operations.leasing import MOST_TRIES, Stopped, let_go, say, take
from campaign.phonebanks.operations.never import suppress_many
from campaign.phonebanks.operations.rejecting import count_kinds, reasons, write_rejects
from campaign.phonebanks.operations.staging import Terms, read_into
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.lists import lacks_consent_column

# So often, in seconds, the row says how far the work is.
EVERY = 0.4
# Rows whose numbers are written in one go: a fifth of a second on SQLite.
PORTION = 20_000
# Between portions others write: without a pause we would be the next at the gate.
PAUSE = 0.02
GONE = "The file is no longer here. Bring it again."
GAVE_UP = "Something went wrong on our side, again and again. Bring the file once more."
log = logging.getLogger("campaign.work")
Watch = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Shop:
    """What work on lists needs of an installation."""

    database: Database
    folder: Path
    key: bytes
    allow_unassigned: bool = False


@dataclass(slots=True)
class Job:
    """A list in the hands of one worker. ``watch`` hears the step, how far it is and the rows."""

    shop: Shop
    batch: ImportBatch
    phonebank: Phonebank
    token: str
    watch: Watch
    said: float = field(default=0.0)

    @property
    def kept(self) -> Kept:
        """Where the file is, and what is made of it."""
        return Kept(self.shop.folder, self.batch.public_id)

    def tell(self, step: str, done: int, rows: int, *, at_once: bool = False) -> None:
        """Say that we are there and how far; Stopped where the list is not ours any more."""
        self.watch(step, done, rows)
        if not at_once and time.monotonic() - self.said < EVERY:
            return
        self.said = time.monotonic()
        with self.shop.database.unit_of_work() as db:
            values = {"seen_at": clock.now(), "step": step, "done": done, "rows": rows}
            say(db, self.batch.id, self.token, self.batch.state, **values)


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
        _hand_back(job)
    except DomainError as refusal:
        _give_up(job, refusal.message)
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
        _clear_away(job)
    elif job.batch.tries > MOST_TRIES:
        raise Refused(GAVE_UP)
    else:
        STEPS[job.batch.state](job)


def _read(job: Job) -> None:
    """The dry run: what the file holds, held against what we know."""
    _set_rows_in_order(job, until=900)
    with beside(job.shop.database, job.kept.rows, STAGED, SHARED) as bench:
        job.tell("checking", 920, job.batch.rows)
        found = _check(job, bench)
    with job.shop.database.unit_of_work() as db:
        _refuse_if_not_theirs_any_more(db, job, job.batch.made_by)
        over = {"worker": None, "step": "", "done": 0}
        say(db, job.batch.id, job.token, "reading", state="previewed", **found.values, **over)
        note(db, job.batch, "list read", job.batch.made_by)


def _bring(job: Job) -> None:
    """Everybody comes in, or nobody: the list is brought in by one transaction."""
    _set_rows_in_order(job, until=300)
    with beside(job.shop.database, job.kept.rows, STAGED, SHARED) as bench:
        job.tell("checking", 320, job.batch.rows, at_once=True)
        found = _check(job, bench)
        _pour_numbers(job, bench)
        job.tell("people", 800, job.batch.rows, at_once=True)
        with bench.unit_of_work() as db:
            late = _bring_everybody(db, job, found)
        if late:
            with bench.reading() as db:
                write_rejects(job.kept.rejects, job.kept.rows, checking.held_places(db))
    # That it is over shows now; its files are cleared away in a step of its own.
    _hand_back(job)


def _bring_everybody(db: Session, job: Job, found: Found) -> bool:
    """Answers whether rows are held that were thought to come in when the file was checked."""
    batch, now = job.batch, clock.now()
    say(db, batch.id, job.token, "bringing", state="imported", done_at=now, step="", done=0)
    _refuse_if_not_theirs_any_more(db, job, batch.brought_by)
    checking.hold(db, checking.new_wishes(db, found.last_wish))
    storing.store(db, phonebank_id=batch.phonebank_id, source=batch.source, expected=found.expected)
    if not job.phonebank.is_practice:
        _keep_wishes(db, job)
    after = checking.held(db)
    late = after != found.held
    values = _found(db, job, found.last_wish).values if late else found.values
    say(db, batch.id, job.token, "imported", **values)
    note(db, batch, "list brought in", batch.brought_by)
    return late


STEPS = {"reading": _read, "bringing": _bring}


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


def _set_rows_in_order(job: Job, *, until: int) -> None:
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


def _check(job: Job, bench: Workbench) -> Found:
    with bench.reading() as db:
        source = job.batch.source
        last_wish = checking.check(db, phonebank_id=job.batch.phonebank_id, source=source)
        write_rejects(job.kept.rejects, job.kept.rows, checking.held_places(db))
        return _found(db, job, last_wish)


def _found(db: Session, job: Job, last_wish: int) -> Found:
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


def _pour_numbers(job: Job, bench: Workbench) -> None:
    with bench.reading() as db:
        last = storing.last_place(db)
    for after in range(0, last + 1, PORTION):
        with bench.unit_of_work() as db:
            storing.pour_numbers(db, after=after, until=after + PORTION)
        job.tell("numbers", 350 + 400 * after // (last + 1), job.batch.rows)
        time.sleep(PAUSE)
    with bench.reading() as db:
        storing.find_numbers(db)
        storing.find_newer(db)


def _keep_wishes(db: Session, job: Job) -> None:
    """A file that says “do not call” is taken at its word, everywhere."""
    batch, asked = job.batch, checking.asked_never(db)
    for start in range(0, len(asked), PORTION):
        part = asked[start : start + PORTION]
        suppress_many(
            db,
            part,
            reason="imported",
            source="import",
            now=clock.now(),
            actor_id=batch.brought_by,
        )
    if asked:
        note(db, batch, "numbers suppressed by a list", batch.brought_by, f"{len(asked)}")


def _refuse_if_not_theirs_any_more(db: Session, job: Job, person_id: int | None) -> None:
    """The phonebank and the person are asked again: both may have changed since."""
    phonebank = db.get(Phonebank, job.batch.phonebank_id)
    if phonebank is None or phonebank.status == "closed":
        raise Refused("This phonebank was closed meanwhile, so nobody was brought in.")
    standings = board.standings(db, phonebank, person_id)
    if person_id is not None and not may(Action.IMPORT_CONTACTS, standings):
        raise Refused(
            "Whoever brought this file may no longer bring lists in here, so it was stopped. "
            "Nobody was brought in."
        )


def _hand_back(job: Job) -> None:
    with job.shop.database.unit_of_work() as db:
        let_go(db, job.batch.id, job.token)


def _give_up(job: Job, why: str) -> None:
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


def _clear_away(job: Job) -> None:
    """Delete the file and its rows; of one that came to nothing, also the numbers written ahead."""
    kept, came_in = job.kept, job.batch.state == "imported"
    if not came_in and job.batch.brought_at is not None and is_whole(kept.rows):
        _forget_numbers(job)
    kept.forget_people()
    if not came_in:
        kept.forget()
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
