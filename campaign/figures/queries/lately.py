"""What the last day came to, and who is left to ring."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from campaign.foundation.database import whole_hour
from campaign.phonebanks.models import Call
from campaign.phonebanks.queries.counted import counted, is_talk

DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Lately:
    """Calls and conversations of the last 24 hours, and in how many hours there was a call."""

    calls: int
    talks: int
    hours: int


def lately(db: Session, phonebank_id: int, *, now: datetime) -> Lately:
    """What was reported in the last 24 hours."""
    hour = whole_hour(db, Call.reported_at)
    query = (
        select(func.count(), func.count(case((is_talk(), 1))), func.count(hour.distinct()))
        .select_from(Call)
        .where(Call.phonebank_id == phonebank_id, Call.reported_at > now - DAY, counted())
    )
    return Lately(*db.execute(query).one())
