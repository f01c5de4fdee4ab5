"""Counting the calls of large phonebanks apart from any request, every few minutes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation.database import Database, with_room
from campaign.phonebanks.models import Call, FigureSheet, Phonebank
from campaign.phonebanks.queries import sheets
from campaign.phonebanks.queries.sums import asked_of, sums_of


def sum_up(database: Database, *, now: datetime) -> int:
    """Count anew what has changed; answers how many phonebanks that were.

    Each is counted by a session that only looks, and kept in a short transaction of its own:
    nobody who reports a call waits for it.
    """
    with database.reading() as db:
        due = [one.id for one in sheets.large(db) if sheets.is_due(db, one, now=now)]
    for phonebank_id in due:
        with database.reading() as db:
            with_room(db)
            (asked,) = asked_of(db, [db.get_one(Phonebank, phonebank_id)])
            found = sums_of(db, asked).as_json()
        with database.unit_of_work() as db:
            db.merge(FigureSheet(phonebank_id=phonebank_id, made_at=now, sums=found))
    return len(due)


def forget_sheets(db: Session, calls: Iterable[Call]) -> None:
    """Keep no sums that have these calls in them: they are taken back."""
    first: dict[int, datetime] = {}
    for call in calls:
        if call.reported_at is not None:
            before = first.get(call.phonebank_id, call.reported_at)
            first[call.phonebank_id] = min(before, call.reported_at)
    for phonebank_id, at in sorted(first.items()):
        theirs = FigureSheet.phonebank_id == phonebank_id
        gone = delete(FigureSheet).where(theirs, FigureSheet.made_at >= at)
        db.execute(gone.execution_options(synchronize_session=False))
