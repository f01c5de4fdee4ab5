"""The two stages of a list: its file is read and judged, and its people are brought in."""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.errors import Refused
from campaign.foundation.staging import Workbench, beside
from campaign.people.rules import Action, may
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.models.imports import CHECKED, SHARED, STAGED
from campaign.phonebanks.operations import checking, storing, storing_newer
from campaign.phonebanks.operations.import_letters import tell_who_came_in
from campaign.phonebanks.operations.importing import note
from campaign.phonebanks.operations.leasing import let_go, say
from campaign.phonebanks.operations.never import suppress_many
from campaign.phonebanks.operations.rejecting import write_rejects
from campaign.phonebanks.operations.working.findings import (
    Found,
    check,
    found_in,
    set_rows_in_order,
)
from campaign.phonebanks.operations.working.jobs import Job
from campaign.phonebanks.queries import board

# Rows whose numbers are written in one go: a fifth of a second on SQLite, where all others wait.
# On PostgreSQL they wait for the same number only, and each portion is held against all numbers.
PORTION = 20_000
LARGER = 5
# Between portions others write: without a pause we would be the next at SQLite’s gate.
PAUSE = 0.02


def read(job: Job) -> None:
    """The dry run: what the file holds, held against what we know."""
    set_rows_in_order(job, until=900)
    with beside(job.shop.database, job.kept.rows, CHECKED, SHARED) as bench:
        job.tell("checking", 920, job.batch.rows)
        found = check(job, bench)
    with job.shop.database.unit_of_work() as db:
        _refuse_if_not_theirs_any_more(db, job, job.batch.made_by)
        over = {"worker": None, "step": "", "done": 0}
        say(db, job.batch.id, job.token, "reading", state="previewed", **found.values, **over)
        note(db, job.batch, "list read", job.batch.made_by)


def bring(job: Job) -> None:
    """Everybody comes in, or nobody: the list is brought in by one transaction."""
    set_rows_in_order(job, until=300)
    with beside(job.shop.database, job.kept.rows, STAGED, SHARED) as bench:
        job.tell("checking", 320, job.batch.rows, at_once=True)
        found = check(job, bench)
        _pour_numbers(job, bench)
        job.tell("people", 800, job.batch.rows, at_once=True)
        with bench.unit_of_work() as db:
            late = _bring_everybody(db, job, found)
        if late:
            with bench.reading() as db:
                write_rejects(job.kept.rejects, job.kept.rows, checking.held_places(db))
    # That it is over shows now; its files are cleared away in a step of its own.
    hand_back(job)


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
    if late:
        found = found_in(db, job, found.last_wish)
    say(db, batch.id, job.token, "imported", **found.values)
    note(db, batch, "list brought in", batch.brought_by)
    tell_who_came_in(db, batch, found.counts, job.shop.mail)
    return late


def _pour_numbers(job: Job, bench: Workbench) -> None:
    with bench.reading() as db:
        last = storing.last_place(db)
    portion = PORTION if bench.is_sqlite else LARGER * PORTION
    for after in range(0, last + 1, portion):
        with bench.unit_of_work() as db:
            storing.pour_numbers(db, after=after, until=after + portion)
        job.tell("numbers", 350 + 400 * after // (last + 1), job.batch.rows)
        if bench.is_sqlite:
            time.sleep(PAUSE)
    with bench.reading() as db:
        storing.find_numbers(db)
        storing_newer.find_newer(db, job.batch.source)


def _keep_wishes(db: Session, job: Job) -> None:
    """A file that says “do not call” is taken at its word, everywhere."""
    batch = job.batch
    asked = checking.asked_never(db, phonebank_id=batch.phonebank_id, source=batch.source)
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


def hand_back(job: Job) -> None:
    with job.shop.database.unit_of_work() as db:
        let_go(db, job.batch.id, job.token)
