"""What moderators decided, with the reason that everybody may read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base


class Decision(Base):
    """One decision about one thing. ``category`` and ``public`` are what the log tells."""

    __tablename__ = "moderation_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    subject_kind: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(80))
    group_slug: Mapped[str | None] = mapped_column(String(80))
    verdict: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(40), default="")
    public: Mapped[str] = mapped_column(String(200), default="")
    # What the host read; never public.
    note: Mapped[str] = mapped_column(Text, default="")
    # How the thing stood before, so that it can be put back.
    before: Mapped[str] = mapped_column(String(20), default="")
    report_id: Mapped[int | None] = mapped_column(
        ForeignKey("report.id", ondelete="SET NULL"), index=True
    )
    undone_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(
            "verdict IN ('listed', 'link-only', 'asked', 'hidden', 'shown', 'kept')",
            name="verdict",
        ),
        CheckConstraint("verdict <> 'hidden' OR public <> ''", name="hidden_has_reason"),
        Index("ix_moderation_decision_subject", "subject_kind", "subject_id"),
        Index("ix_moderation_decision_group_slug_at", "group_slug", "at"),
    )
