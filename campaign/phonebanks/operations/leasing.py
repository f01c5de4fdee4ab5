"""Whose work a list is: one worker's at a time, and another's when that one is gone.

A worker says again and again that it is there. One that has not for a while was killed, and what
it was at is taken up by the next that looks; should it be alive after all, it finds at its next
word, and at the latest when everybody is to come in, that the list is no longer its own.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.foundation.database import lock_alone
from campaign.phonebanks.models import ImportBatch

# A worker that was not seen for so long is gone. The longest stretch without a word is bringing
# everybody in, some seconds for half a million.
GONE_AFTER = timedelta(seconds=60)
MOST_TRIES = 6
WORK = ("reading", "bringing")
OVER = ("imported", "dropped", "failed")


class Stopped(Exception):
    """The list is no longer this worker's: somebody threw it away, or another took it up."""


def take(db: Session, *, now: datetime, batch_id: int | None = None) -> tuple[int, str] | None:
    """Take up the next list that waits for a worker: its id, and the word that it is ours.

    One at a time in the whole house, so that two lists do not write the same numbers.
    """
    if not lock_alone(db, "lists"):
        return None
    here = and_(ImportBatch.worker.is_not(None), ImportBatch.seen_at > now - GONE_AFTER)
    if db.scalar(select(ImportBatch.id).where(here, ~ImportBatch.tidy).limit(1)) is not None:
        return None
    query = select(ImportBatch.id).where(to_do()).order_by(ImportBatch.id).limit(1)
    found = db.scalar(query if batch_id is None else query.where(ImportBatch.id == batch_id))
    if found is None:
        return None
    token = tokens.public_id()
    db.execute(_its(found).values(worker=token, seen_at=now, tries=ImportBatch.tries + 1))
    return found, token


def waits(db: Session) -> bool:
    """Whether there is anything to do: an idle house should not take the write lock each second."""
    return db.scalar(select(ImportBatch.id).where(to_do()).limit(1)) is not None


def to_do() -> ColumnElement[bool]:
    """What is to be read or brought in, or is over and not cleared away yet."""
    over = ImportBatch.state.in_(OVER)
    return and_(~ImportBatch.tidy, or_(ImportBatch.state.in_(WORK), over))


def say(db: Session, batch_id: int, token: str, state: str, /, **values: Any) -> None:
    """Write something about a list that is ours and stands where we think; Stopped otherwise."""
    ours = db.execute(
        _its(batch_id)
        .where(ImportBatch.worker == token, ImportBatch.state == state)
        .values(**values)
    )
    if ours.rowcount != 1:  # type: ignore[attr-defined]
        raise Stopped


def let_go(db: Session, batch_id: int, token: str, **values: Any) -> None:
    """Hand a list back, whatever became of it; nothing where it is another's."""
    db.execute(_its(batch_id).where(ImportBatch.worker == token).values(worker=None, **values))


def _its(batch_id: int) -> Any:
    return (
        update(ImportBatch)
        .where(ImportBatch.id == batch_id)
        .execution_options(synchronize_session=False)
    )
