"""Marking the tables of a hall: quiet, step-free, with the BSL interpreter."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.meetups.models import Batch, TableMark
from campaign.meetups.operations.locking import lock
from campaign.meetups.queries.marks import table_mark
from campaign.meetups.rules.needs import check_mark


def mark_table(
    db: Session, *, batch: Batch, number: int, key: str, on: bool, actor_id: int
) -> None:
    """Mark a table, or take the mark off; the same again changes nothing.

    Nobody who sits already is moved for it: the desk is told whom it leaves without. Refuses a
    table that no hall has.
    """
    check_mark(number, key)
    batch = lock(db, batch.id)
    held = table_mark(db, meetup_id=batch.meetup_id, number=number)
    if held is None:
        held = TableMark(meetup_id=batch.meetup_id, number=number)
        db.add(held)
    setattr(held, key, on)
    audit.append(db, "table marked", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()
