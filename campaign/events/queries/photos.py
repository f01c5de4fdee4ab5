"""The photos of an event."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import EventPhoto, EventReport


def photos_of(db: Session, event_id: int) -> Sequence[EventPhoto]:
    """The photos that stand with the report of an event, in the order they came."""
    query = (
        select(EventPhoto)
        .join(EventReport, EventReport.event_id == EventPhoto.event_id)
        .where(EventPhoto.event_id == event_id)
        .order_by(EventPhoto.id)
    )
    return db.scalars(query).all()
