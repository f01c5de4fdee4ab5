"""Promised calls that their callers were written about, and who wants no such letters."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base


class Promise(Base):
    """A letter with a calendar entry that somebody has for a call they promised.

    The promise itself stands in the contact; this says only what the caller's calendar holds.
    """

    __tablename__ = "promise"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    sequence: Mapped[int] = mapped_column(default=0)
    # Called off, and said so.
    over: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("contact_id", "owner_id"),
        Index("ix_promise_owner_id", "owner_id"),
        Index("ix_promise_at", "at"),
    )


class NoPromiseLetters(Base):
    """A caller who keeps their promises without letters."""

    __tablename__ = "no_promise_letters"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
