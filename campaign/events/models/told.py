"""Which letters of an event's life somebody has had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventTold(Base):
    """This person has this letter about this event: written in the letter's own transaction.

    ``about`` says of which occasion (a day, the hour the host went), so that an event moved to
    another day is told of anew. The constraint is what makes it once, whoever else is at work.
    """

    __tablename__ = "event_told"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    letter: Mapped[str] = mapped_column(String(12))
    about: Mapped[str] = mapped_column(String(32))
    told_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("event_id", "person_id", "letter", "about"),
        Index("ix_event_told_person_id", "person_id"),
    )
