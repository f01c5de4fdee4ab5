"""What callers are to us over all phonebanks: how far they are trusted, and who was stopped."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, false
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class CallerProfile(Base):
    """A caller's standing (rules.trust). Without a row somebody is new, and free to call."""

    __tablename__ = "caller_profile"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    trust: Mapped[str] = mapped_column(String(9), default="new", server_default="new")
    # Since when they have this standing; None: from their first call.
    since: Mapped[datetime | None]
    # A lead talks to them first: since when, for which signals (rules.signals), and where.
    paused_at: Mapped[datetime | None]
    paused_why: Mapped[str] = mapped_column(String(200), default="", server_default="")
    paused_in: Mapped[int | None] = mapped_column(ForeignKey("phonebank.id", ondelete="SET NULL"))
    # What was before then is no longer held against them.
    let_go_at: Mapped[datetime | None]
    # A serious mistake was found in a call of theirs, and they have not read about it.
    must_read: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        CheckConstraint(
            "trust IN ('new', 'regular', 'trusted', 'lead', 'suspended')", name="trust"
        ),
    )
