"""Rows that wait to be carried into the journal, written with the change they tell of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    Index,
    Select,
    String,
    UniqueConstraint,
    insert,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaign.foundation import clock
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base
from campaign.foundation.journal.pages import SUPPRESSED, Entry, Journal

# What a session that keeps a journal carries along: the journal, and whether it was written.
JOURNAL, WRITTEN = "journal", "journal written"
PORTION = 500
WAITING = text("carried_at IS NULL")


class JournalEntry(Base):
    """A line of the journal before it is one.

    That of an objection goes once it is carried: the do-not-call list holds the same. That of an
    erasure stays as its mark alone, which says that it was done in this database.
    """

    __tablename__ = "journal_entry"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    of: Mapped[str] = mapped_column(String(64))
    mark: Mapped[str | None] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(10), default="", server_default="")
    source: Mapped[str] = mapped_column(String(60), default="", server_default="")
    at: Mapped[datetime]
    carried_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("mark"),
        Index("ix_journal_entry_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
    )


def note_suppressed(
    db: Session, hmacs: Select[str], *, reason: str, source: str, now: datetime
) -> None:
    """Write into the present transaction that the numbers a query gives are never rung."""
    if JOURNAL not in db.info:
        return
    of = hmacs.subquery().c[0]
    rows: Select[*tuple[Any, ...]] = select(
        literal(SUPPRESSED),
        of,
        literal(reason),
        literal(source),
        literal(now, JournalEntry.at.type),
    )
    names = ["kind", "of", "reason", "source", "at"]
    db.execute(insert(JournalEntry).from_select(names, rows, include_defaults=False))
    db.info[WRITTEN] = True


def note_erased(db: Session, kind: str, what: str) -> None:
    """Write into the present transaction that something was erased; only its hash is kept.

    ``what`` names it in a way that it also had in older copies: a public id, an address.
    """
    journal: Journal | None = db.info.get(JOURNAL)
    if journal is None:
        return
    db.execute(
        insert(JournalEntry).values(
            kind=kind, of=journal.hashed(kind, what), mark=uuid4().hex, at=clock.now()
        )
    )
    db.info[WRITTEN] = True


def unknown(db: Session, entries: Sequence[Entry]) -> list[Entry]:
    """Those of these erasures that were never done in this database."""
    known: set[str] = set()
    for start in range(0, len(entries), PORTION):
        marks = [entry.mark for entry in entries[start : start + PORTION]]
        known.update(
            mark
            for mark in db.scalars(select(JournalEntry.mark).where(JournalEntry.mark.in_(marks)))
            if mark
        )
    return [entry for entry in entries if entry.mark not in known]


def know_erased(db: Session, entries: Sequence[Entry]) -> None:
    """Note that these erasures were done here, too: the same again has nothing to do."""
    now = clock.now()
    if entries:
        db.execute(
            insert(JournalEntry),
            [
                {
                    "kind": entry.kind,
                    "of": "",
                    "mark": entry.mark,
                    "at": entry.moment,
                    "carried_at": now,
                }
                for entry in entries
            ],
        )
