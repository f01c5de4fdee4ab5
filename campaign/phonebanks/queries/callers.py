"""What callers are to us: their standing over all phonebanks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import account_kept_out, is_account_kept_out
from campaign.foundation.database import UTCDateTime
from campaign.phonebanks.models import Call, CallerProfile, Phonebank
from campaign.phonebanks.rules.trust import FEEDBACK, HELD_BACK, SUSPENDED, Record, Trust, is_new


def standing_of(person_id: Any) -> ColumnElement[str | None]:
    """A column: what keeps a caller from calling, or how far they are trusted; None: they are new.

    Two looks by an index, so that the everyday report can carry it; ``now`` is given. Whoever is
    kept out of everything counts as suspended, and no lead learns why.
    """
    out = account_kept_out(person_id, bindparam("now", type_=UTCDateTime()))
    standing = case(
        (CallerProfile.trust == Trust.SUSPENDED, SUSPENDED),
        (CallerProfile.paused_at.is_not(None), HELD_BACK),
        (CallerProfile.must_read, FEEDBACK),
        else_=CallerProfile.trust,
    )
    own = select(standing).where(CallerProfile.person_id == person_id).scalar_subquery()
    return case((out, SUSPENDED), else_=own)


def is_suspended(db: Session, person_id: int) -> bool:
    """Whether somebody's calling was stopped altogether."""
    profile = profile_of(db, person_id)
    if profile is not None and profile.trust == Trust.SUSPENDED:
        return True
    return is_account_kept_out(db, person_id)


def profile_of(db: Session, person_id: int) -> CallerProfile | None:
    """Somebody's own row, if anything was ever said of them."""
    return db.get(CallerProfile, person_id)


def is_newcomer(db: Session, person_id: int, *, now: datetime) -> bool:
    """Whether a caller's word on a person waits for a second one."""
    profile = profile_of(db, person_id)
    trust = profile.trust if profile else Trust.NEW
    since = profile.since if profile else None
    calls = calls_reported(db, person_id, since=since) if trust == Trust.NEW else 0
    return is_new(trust, Record(calls, since=since), now=now)


def calls_reported(db: Session, caller_id: int, *, since: datetime | None = None) -> int:
    """How many calls somebody has reported since then, or in all; practice is none."""
    theirs = and_(Call.caller_id == caller_id, Call.status == "reported")
    counted = (
        select(func.count())
        .select_from(Call)
        .join(Phonebank, Phonebank.id == Call.phonebank_id)
        .where(theirs, ~Phonebank.is_practice)
    )
    if since is not None:
        counted = counted.where(Call.claimed_at >= since)
    return db.scalar(counted) or 0
