"""What is proposed for a kind of event, where an administrator changed it; what a host was told."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventTemplate(Base):
    """The proposals for one kind, in place of those of ``rules.templates``."""

    __tablename__ = "event_template"
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    minutes: Mapped[int]
    about: Mapped[str] = mapped_column(Text, default="")
    kit: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[str] = mapped_column(Text, default="")
    safety: Mapped[str] = mapped_column(Text, default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (CheckConstraint("minutes BETWEEN 15 AND 4320", name="minutes"),)


class EventBriefing(Base):
    """What its host was told when the event was announced: a later change does not touch it."""

    __tablename__ = "event_briefing"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True
    )
    kit: Mapped[str] = mapped_column(Text, default="")
    roles: Mapped[str] = mapped_column(Text, default="")
    safety: Mapped[str] = mapped_column(Text, default="")
