"""Who asks to sit elsewhere."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.meetups.models.rooms import Participant


class MoveRequest(Base):
    """Somebody asks to be moved, or to change places with a number; at most one is open."""

    __tablename__ = "move_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), index=True
    )
    swap_with: Mapped[int | None]
    asked_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    outcome: Mapped[str] = mapped_column(String(8), default="")

    participant: Mapped[Participant] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("outcome IN ('', 'moved', 'stayed', 'taken')", name="outcome"),
        Index(
            "uq_move_request_participant_id_open",
            "participant_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )
