"""What is being written for callers, and whom a call has signed up to what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Rsvp
from campaign.foundation.database import Base


class ScriptDraft(Base):
    """A script that is being written: a form as it was kept, read by no caller."""

    __tablename__ = "script_draft"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    sheet: Mapped[dict[str, Any]] = mapped_column(JSON)
    kept_at: Mapped[datetime]
    kept_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class CallSignUp(Base):
    """That a call signed somebody up: who, stands with the sign-up alone."""

    __tablename__ = "call_sign_up"
    call_id: Mapped[int] = mapped_column(
        ForeignKey("call.id", ondelete="CASCADE"), primary_key=True
    )
    rsvp_id: Mapped[int] = mapped_column(
        ForeignKey("rsvp.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime]

    rsvp: Mapped[Rsvp] = relationship(lazy="raise")
