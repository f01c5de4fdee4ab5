"""What strategy tables write, and the dots the room gives."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.meetups.models.rooms import Breakout


class Sheet(Base):
    """The sheet of a strategy table. One phone writes; everybody at the table reads along."""

    __tablename__ = "sheet"
    id: Mapped[int] = mapped_column(primary_key=True)
    breakout_id: Mapped[int] = mapped_column(ForeignKey("breakout.id", ondelete="CASCADE"))
    recorder_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    worry: Mapped[str] = mapped_column(String(240), default="")
    ask: Mapped[str] = mapped_column(String(240), default="")
    saved_at: Mapped[dt.datetime | None]

    breakout: Mapped[Breakout] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("breakout_id"),
        Index("ix_sheet_recorder_id", "recorder_id"),
    )


class Proposal(Base):
    """One of up to three proposals of a sheet, with the table's show of hands.

    Hidden, it keeps who hid it, when and why: a room may ask.
    """

    __tablename__ = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("sheet.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(120))
    agree: Mapped[int] = mapped_column(default=0)
    unsure: Mapped[int] = mapped_column(default=0)
    against: Mapped[int] = mapped_column(default=0)
    carrier_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    hidden_at: Mapped[dt.datetime | None]
    hidden_why: Mapped[str] = mapped_column(String(160), default="")
    hidden_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    sheet: Mapped[Sheet] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("sheet_id", "position"),
        CheckConstraint("position BETWEEN 1 AND 3", name="position"),
        CheckConstraint("agree >= 0 AND unsure >= 0 AND against >= 0", name="hands"),
        CheckConstraint("hidden_at IS NULL OR hidden_why <> ''", name="hidden_why"),
        Index("ix_proposal_carrier_id", "carrier_id"),
        Index("ix_proposal_hidden_by", "hidden_by"),
    )


class Dot(Base):
    """A person's dot on a proposal; everybody has three."""

    __tablename__ = "dot"
    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[dt.datetime]

    __table_args__ = (UniqueConstraint("proposal_id", "participant_id"),)
