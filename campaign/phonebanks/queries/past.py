"""What was done before: with a number, and by a caller."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Call


def attempts_on(db: Session, number_id: int, *, since: datetime, but: int = 0) -> list[datetime]:
    """When a number was or may have been rung, from any phonebank, the last first."""
    found = db.scalars(
        select(Call.attempted_at)
        .where(Call.number_id == number_id, Call.attempted_at > since, Call.id != but)
        .order_by(Call.attempted_at.desc())
    )
    return [at for at in found if at is not None]


def is_number_suppressed(db: Session, number: PhoneNumber) -> bool:
    """Whether nobody may call this number."""
    return db.scalar(select(Suppression.id).where(Suppression.hmac == number.hmac)) is not None


def others_who_said(db: Session, call: Call, code: str) -> int:
    """How many other callers reported this very outcome of the same number, on whatever list."""
    counted = select(func.count(Call.caller_id.distinct())).where(
        Call.number_id == call.number_id,
        Call.caller_id != call.caller_id,
        Call.status == "reported",
        Call.result_code == code,
    )
    return db.scalar(counted) or 0
