"""The one way in which the audit log becomes shorter: whole sealed months, from its beginning.

First a row that keeps the last seal's hash, then, in portions, what lies before it. The database
itself refuses to let go of anything else, and ``audit.verify`` goes on from that hash.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock
from campaign.foundation.audit import AuditHorizon, AuditRow, AuditSeal, AuditSealed
from campaign.foundation.database import Database

PORTION = 1_000


def to_be_removed(db: Session, before: datetime) -> int:
    """How many rows ``shorten`` would remove now."""
    known = audit.last_horizon(db)
    after = known.seal_id if known else 0
    left = db.scalar(select(func.count()).where(AuditSealed.seal_id <= after)) or 0
    last = _last_seal(db, before)
    return left + (_rows_between(db, after, last.id) if last and last.id > after else 0)


def shorten(database: Database, before: datetime) -> int:
    """Remove the sealed months that were over by then; answers how many rows.

    It may be stopped at any moment: the next time goes on.
    """
    with database.unit_of_work() as db:
        due = to_be_removed(db, before)
        horizon = _move_horizon(db, before)
    removed = 0
    while horizon and (portion := _remove_portion(database, horizon)):
        removed += portion
    return due if removed else 0


def _move_horizon(db: Session, before: datetime) -> int:
    """Keep the hash of the last seal that goes; answers its number, 0 where nothing goes."""
    known = audit.last_horizon(db)
    after = known.seal_id if known else 0
    last = _last_seal(db, before)
    if last is None or last.id <= after:
        return after
    rows = _rows_between(db, after, last.id)
    db.add(
        AuditHorizon(
            seal_id=last.id,
            digest=last.digest,
            rows=rows,
            ends_at=_month_of(before),
            at=clock.now(),
        )
    )
    db.flush()
    audit.append(db, "audit log shortened", subject=f"seal:{last.id}", details=[f"{rows}"])
    return last.id


def _last_seal(db: Session, before: datetime) -> AuditSeal | None:
    """The last seal that was made before the month of this instant, as were all before it."""
    later = select(func.min(AuditSeal.id)).where(AuditSeal.at >= _month_of(before))
    first_kept = db.scalar(later)
    query = select(AuditSeal).order_by(AuditSeal.id.desc()).limit(1)
    return db.scalar(query if first_kept is None else query.where(AuditSeal.id < first_kept))


def _month_of(moment: datetime) -> datetime:
    return moment.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _rows_between(db: Session, after: int, until: int) -> int:
    between = (AuditSeal.id > after, AuditSeal.id <= until)
    return db.scalar(select(func.sum(AuditSeal.rows)).where(*between)) or 0


def _remove_portion(database: Database, horizon: int) -> int:
    """Rows first, then what says in which seal they stood, and the seals last."""
    with database.unit_of_work() as db:
        old = select(AuditSealed.row_id).where(AuditSealed.seal_id <= horizon)
        ids = db.scalars(old.order_by(AuditSealed.row_id).limit(PORTION)).all()
        if ids:
            db.execute(delete(AuditRow).where(AuditRow.id.in_(ids)))
            db.execute(delete(AuditSealed).where(AuditSealed.row_id.in_(ids)))
            return len(ids)
        seals = select(AuditSeal.id).where(AuditSeal.id <= horizon).order_by(AuditSeal.id)
        gone = db.scalars(seals.limit(PORTION)).all()
        db.execute(delete(AuditSeal).where(AuditSeal.id.in_(gone)))
        return len(gone)
