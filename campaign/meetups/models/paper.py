"""Sheets on paper: each has an id that stands on all its pages."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation.database import Base
from campaign.meetups.models.rooms import Card


class PaperSheet(Base):
    """A local sheet that was printed. Once it was read in, it knows the card it became."""

    __tablename__ = "paper_sheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    number: Mapped[int]
    code: Mapped[str] = mapped_column(String(6))
    printed_at: Mapped[dt.datetime]
    card_id: Mapped[int | None] = mapped_column(ForeignKey("card.id", ondelete="SET NULL"))
    entered_at: Mapped[dt.datetime | None]
    entered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    card: Mapped[Card | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("batch_id", "number"),
        UniqueConstraint("batch_id", "code"),
        UniqueConstraint("card_id"),
        CheckConstraint("card_id IS NULL OR entered_at IS NOT NULL", name="entered"),
        Index("ix_paper_sheet_entered_by", "entered_by"),
    )
