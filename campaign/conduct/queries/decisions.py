"""The moderation log, and what was decided about one thing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.rules.reasons import PUBLIC, Verdict

MOST = 50
COUNTED_FOR = timedelta(days=365)
_STANDS = Decision.undone_at.is_(None)


def decision_by_public_id(db: Session, public_id: str) -> Decision | None:
    """The decision with this public id, undone or not."""
    return db.scalar(select(Decision).where(Decision.public_id == public_id))


def latest_about(
    db: Session, *, kind: str, public_id: str, verdict: Verdict | None = None
) -> Decision | None:
    """The last decision about a thing that was not undone."""
    query = select(Decision).where(
        Decision.subject_kind == kind, Decision.subject_id == public_id, _STANDS
    )
    if verdict is not None:
        query = query.where(Decision.verdict == verdict.value)
    return db.scalar(query.order_by(Decision.id.desc()).limit(1))


def decided_about(db: Session, *, kind: str, public_id: str) -> list[Decision]:
    """Everything that was decided about a thing and stands, newest first, at most 20."""
    query = (
        select(Decision)
        .where(Decision.subject_kind == kind, Decision.subject_id == public_id, _STANDS)
        .order_by(Decision.id.desc())
        .limit(20)
    )
    return list(db.scalars(query))


def log(
    db: Session, *, group_slug: str | None = None, after: int | None = None, most: int = MOST
) -> tuple[list[Decision], int | None]:
    """The public log, newest first, and where it goes on; of one group with ``group_slug``."""
    query = select(Decision).where(Decision.verdict.in_(PUBLIC), _STANDS, Decision.public != "")
    if group_slug is not None:
        query = query.where(Decision.group_slug == group_slug)
    if after is not None:
        edge = select(Decision.at).where(Decision.id == after).scalar_subquery()
        query = query.where(tuple_(Decision.at, Decision.id) < tuple_(edge, after))
    found = list(db.scalars(query.order_by(Decision.at.desc(), Decision.id.desc()).limit(most + 1)))
    return found[:most], found[most - 1].id if len(found) > most else None


def counts_for(db: Session, group_slug: str, *, now: datetime) -> Sequence[tuple[str, int]]:
    """How often what of a group was taken down in a year, by category, most first."""
    query = (
        select(Decision.category, func.count())
        .where(
            Decision.group_slug == group_slug,
            Decision.verdict == Verdict.HIDDEN.value,
            Decision.at > now - COUNTED_FOR,
            _STANDS,
        )
        .group_by(Decision.category)
        .order_by(func.count().desc(), Decision.category)
    )
    return [(category, number) for category, number in db.execute(query)]
