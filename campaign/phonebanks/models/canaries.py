"""Our own numbers on a list, and what callers noted of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base
from campaign.phonebanks.models.lists import Contact


class Canary(Base):
    """A number that an organiser gave, with consent; its contact says what happens there."""

    __tablename__ = "canary"
    contact_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]

    contact: Mapped[Contact] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("public_id"),)


class CanaryCall(Base):
    """What a caller noted of one of our own numbers, and whether that can be."""

    __tablename__ = "canary_call"
    call_id: Mapped[int] = mapped_column(
        BigKey, ForeignKey("call.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    caller_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    right: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (
        Index("ix_canary_call_caller_id_at", "caller_id", "at"),
        Index("ix_canary_call_phonebank_id", "phonebank_id"),
    )
