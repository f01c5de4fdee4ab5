"""Photos of what came of an event."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventPhoto(Base):
    """One photo: its files stand in the data folder under its name. Who gave it said that
    everyone recognisable agreed; without that there is no row and no file."""

    __tablename__ = "event_photo"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    caption: Mapped[str] = mapped_column(String(200))
    width: Mapped[int]
    height: Mapped[int]
    small_width: Mapped[int]
    small_height: Mapped[int]
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("name"),)
