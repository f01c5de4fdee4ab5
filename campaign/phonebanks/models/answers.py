"""A bureau's answer for one list: which of its numbers are on the TPS, and which are clear."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class BureauAnswer(Base):
    """A file that a bureau sent back for a phonebank's list; the file itself is kept nowhere."""

    __tablename__ = "bureau_answer"
    id: Mapped[int] = mapped_column(primary_key=True)
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    dated: Mapped[date]
    # Numbers of the list: listed, clear, missing; and lines: elsewhere, unreadable.
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))


class ScreenedNumber(Base):
    """What the newest answer says of one number, for the calls of one phonebank only."""

    __tablename__ = "screened_number"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    number_id: Mapped[int] = mapped_column(
        ForeignKey("phone_number.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    is_listed: Mapped[bool]
    # The first minute of the day on which the answer is dated.
    checked_at: Mapped[datetime]

    __table_args__ = ({"sqlite_with_rowid": False},)
