"""What came of an event, in its host's words and numbers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventReport(Base):
    """The one report of an event; None is a number that nobody counted."""

    __tablename__ = "event_report"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    people: Mapped[int | None]
    calls: Mapped[int | None]
    doors: Mapped[int | None]
    leaflets: Mapped[int | None]
    story: Mapped[str] = mapped_column(Text, default="")
    written_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("people BETWEEN 0 AND 100000", name="people"),
        CheckConstraint("calls BETWEEN 0 AND 100000", name="calls"),
        CheckConstraint("doors BETWEEN 0 AND 100000", name="doors"),
        CheckConstraint("leaflets BETWEEN 0 AND 100000", name="leaflets"),
    )
