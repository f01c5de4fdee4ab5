"""Announcements that wait for their mailed link."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Announcement
from campaign.events.rules.announcements import KEPT
from campaign.foundation import tokens


def announcement_by_key(
    db: Session, key: str, *, now: datetime, alone: bool = False
) -> Announcement | None:
    """What a mailed key opens for fourteen days; ``alone`` keeps others from it meanwhile."""
    query = select(Announcement).where(
        Announcement.fingerprint == tokens.fingerprint(key), Announcement.made_at > now - KEPT
    )
    if alone:
        query = query.with_for_update().execution_options(populate_existing=True)
    return db.scalar(query)


def announced_before(db: Session, client_uuid: str | None) -> Announcement | None:
    """What the very same form announced already."""
    if client_uuid is None:
        return None
    return db.scalar(select(Announcement).where(Announcement.client_uuid == client_uuid))
