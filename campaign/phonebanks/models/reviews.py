"""Calls that a lead looks at, signs that calls were not made as noted, and how far we looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base

WAITING = text("verdict IS NULL")


class CallReview(Base):
    """A call that was chosen for a lead to look at; with a verdict once somebody has."""

    __tablename__ = "call_review"
    call_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("call.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    caller_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    chosen_at: Mapped[datetime]
    verdict: Mapped[str | None] = mapped_column(String(8))
    feedback: Mapped[str] = mapped_column(Text, default="")
    reviewed_at: Mapped[datetime | None]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # When the caller has said that they read it.
    read_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("verdict IN ('ok', 'minor', 'serious')", name="verdict"),
        Index(
            "ix_call_review_waiting",
            "phonebank_id",
            "call_id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
        Index("ix_call_review_caller_id_reviewed_at", "caller_id", "reviewed_at"),
        Index("ix_call_review_reviewed_by", "reviewed_by"),
    )


class CallerSignal(Base):
    """A sign (rules.signals) with the figures it last had; gone when a lead lets them go on."""

    __tablename__ = "caller_signal"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    caller_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    code: Mapped[str] = mapped_column(String(12), primary_key=True)
    strong: Mapped[bool]
    figures: Mapped[list[float]] = mapped_column(JSON)
    word: Mapped[str] = mapped_column(String(20), default="")
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]


class QualityMark(Base):
    """How far the calls were looked at: one row."""

    __tablename__ = "quality_mark"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    looked_at: Mapped[datetime]
    call_id: Mapped[int] = mapped_column(BigKey)

    __table_args__ = (CheckConstraint("id = 1", name="one"),)
