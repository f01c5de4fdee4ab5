"""Carrying committed rows into the file: at once, and again by whoever comes next."""

from __future__ import annotations

import logging

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.journal.entries import JOURNAL, WRITTEN, JournalEntry
from campaign.foundation.journal.pages import Entry, Journal

PORTION = 2_000
LINE = (
    JournalEntry.id,
    JournalEntry.kind,
    JournalEntry.of,
    JournalEntry.at,
    JournalEntry.mark,
    JournalEntry.reason,
    JournalEntry.source,
)
log = logging.getLogger("campaign.journal")


def keep_journal(database: Database, journal: Journal) -> None:
    """From now on what is committed to this database is carried into this journal."""
    database.info[JOURNAL] = journal
    database.committed.append(lambda db: _after_commit(database, journal, db))


def carry(database: Database, journal: Journal) -> int:
    """Write the rows that wait into the file, then take them away; answers how many.

    Killed in between, or at it twice at the same moment, a line stands twice and says no more
    than once.
    """
    carried = 0
    while True:
        with database.reading() as db:
            waiting = select(*LINE).where(JournalEntry.carried_at.is_(None))
            rows = db.execute(waiting.order_by(JournalEntry.id).limit(PORTION))
            lines = {
                row_id: Entry(kind, of, at.isoformat(), mark or "", reason, source)
                for row_id, kind, of, at, mark, reason, source in rows
            }
        if not lines:
            return carried
        journal.append(lines.values())
        with database.unit_of_work() as db:
            _take_away(db, lines)
        carried += len(lines)


def _take_away(db: Session, lines: dict[int, Entry]) -> None:
    """What stands in the file now. SQLite gives the number of a row that is gone to the next, so
    a number alone would take away what nobody has carried yet."""
    objections = {row_id: line.of for row_id, line in lines.items() if not line.mark}
    marks = [line.mark for line in lines.values() if line.mark]
    if objections:
        these = (JournalEntry.id.in_(objections), JournalEntry.of.in_(objections.values()))
        db.execute(delete(JournalEntry).where(*these, JournalEntry.mark.is_(None)))
    if marks:
        done = update(JournalEntry).where(JournalEntry.mark.in_(marks))
        db.execute(done.values(of="", carried_at=clock.now()))


def _after_commit(database: Database, journal: Journal, db: Session) -> None:
    """What was committed stands, whatever becomes of the file: the worker tries again."""
    if not db.info.pop(WRITTEN, False):
        return
    try:
        carry(database, journal)
    except Exception as error:
        log.error("the journal waits: %s", type(error).__name__)
