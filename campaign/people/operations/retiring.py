"""What is not kept of signing in: links that nobody used in time, and sign-ins that ended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import SignInLink, SignInSession

PORTION = 1_000


def sign_ins_due(db: Session, ended_before: datetime) -> int:
    """How many links and sign-ins were over before then."""
    counts = [select(func.count()).where(ended < ended_before) for _, ended in OLD]
    return sum(db.scalar(counted) or 0 for counted in counts)


def forget_sign_ins(database: Database, ended_before: datetime) -> int:
    """Delete the links and sign-ins that were over before then; answers how many."""
    return sum(_forget(database, table, ended, ended_before) for table, ended in OLD)


def _forget(database: Database, table: Any, ended: Any, ended_before: datetime) -> int:
    gone = 0
    while True:
        with database.unit_of_work() as db:
            old = select(table.id).where(ended < ended_before).order_by(table.id).limit(PORTION)
            ids = db.scalars(old).all()
            db.execute(delete(table).where(table.id.in_(ids)))
        gone += len(ids)
        if len(ids) < PORTION:
            return gone


OLD = ((SignInLink, SignInLink.expires_at), (SignInSession, SignInSession.ends_at))
