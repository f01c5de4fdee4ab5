"""Reports that came from somebody whose calling was stopped: kept aside, and not applied."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base

WAITING = text("state = 'waiting'")


class HeldReport(Base):
    """What was said of a call, until a lead lets it count or drops it; then it says no more."""

    __tablename__ = "held_report"
    call_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("call.id", ondelete="CASCADE"), primary_key=True
    )
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    caller_id: Mapped[int]
    at: Mapped[datetime]
    # As ``record_outcome`` takes it; empty once it was decided.
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'applied', 'dropped')", name="state"),
        Index(
            "ix_held_report_waiting",
            "phonebank_id",
            "caller_id",
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        ),
    )
