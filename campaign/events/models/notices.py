"""News of an event that its people are still to hear."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models.events import Event
from campaign.foundation.database import Base


class EventNotice(Base):
    """What everybody of an event is still to hear; gone once the last letter is written.

    The letters are written after the change, a few at a time: a large event would hold the
    write lock for seconds.
    """

    __tablename__ = "event_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    # Whom it is for, where only the people of one shift shall hear it.
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    sequence: Mapped[int]
    note: Mapped[str] = mapped_column(String(300), default="")
    # The last sign-up, by key, that has its letter.
    told_up_to: Mapped[int] = mapped_column(default=0)
    made_at: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("kind IN ('changed', 'cancelled')", name="kind"),)
