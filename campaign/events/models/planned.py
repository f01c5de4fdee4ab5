"""What was planned where: events that came out of a meeting, and the page that sums it up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class PlannedEvent(Base):
    """This event was planned at that meeting: a promise, of which we say later whether it held."""

    __tablename__ = "planned_event"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    meeting_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]


class EventRecap(Base):
    """What came of a meeting stands on a page, set by the room above that writes it."""

    __tablename__ = "event_recap"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    path: Mapped[str] = mapped_column(String(200))
    made_at: Mapped[datetime]
