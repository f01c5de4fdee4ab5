"""The keys of personal calendars."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class CalendarKey(Base):
    """The key of a person's own calendar address; only its fingerprint. A new one ends the old."""

    __tablename__ = "calendar_key"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    fingerprint: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("fingerprint"),)
