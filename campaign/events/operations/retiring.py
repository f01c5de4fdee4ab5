"""What somebody typed and nobody confirmed: it goes after the days that its letters promise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.events.models import Announcement, Follow
from campaign.events.operations import digests, proposing
from campaign.events.rules.following import UNCONFIRMED_FOR
from campaign.foundation.database import Database

UNCONFIRMED_DAYS = UNCONFIRMED_FOR.days


def unconfirmed_due(db: Session, before: datetime) -> int:
    """How many follows and announcements of before then wait for their button still."""
    follows = select(func.count()).where(Follow.confirmed_at.is_(None), Follow.made_at < before)
    announced = select(func.count()).where(Announcement.made_at <= before)
    return (db.scalar(follows) or 0) + (db.scalar(announced) or 0)


def forget_unconfirmed(database: Database, before: datetime) -> int:
    """Forget them; answers how many."""
    now = before + UNCONFIRMED_FOR
    gone = digests.forget_unconfirmed(database, now=now)
    with database.unit_of_work() as db:
        return gone + proposing.forget_announcements(db, now=now)
