"""What is proposed for a kind of event, where an administrator changed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class EventTemplate(Base):
    """The template of one kind, in place of that of config/; lists have one thing a line."""

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
