"""Exports of contacts: asked for by one person, approved by another."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person
from campaign.phonebanks.models.banks import Phonebank


class ContactExport(Base):
    """A table of a phonebank's people that somebody asked for. The table itself is kept nowhere."""

    __tablename__ = "contact_export"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    shape: Mapped[str] = mapped_column(String(10))
    # What for, in the asker's words: whoever approves it reads them.
    reason: Mapped[str] = mapped_column(String(300))
    state: Mapped[str] = mapped_column(String(10), default="asked")
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    asked_at: Mapped[datetime]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime | None]

    phonebank: Mapped[Phonebank] = relationship(lazy="raise")
    asker: Mapped[Person] = relationship(lazy="raise", foreign_keys=[asked_by])

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(
            "state IN ('asked', 'approved', 'refused', 'withdrawn')",
            name="state",
        ),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by", name="second_person"),
    )
