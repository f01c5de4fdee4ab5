"""A file of people whom the team of an event wants to bring in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base


class RsvpFile(Base):
    """Read and counted first, then brought in or thrown away; the file itself goes with that."""

    __tablename__ = "rsvp_file"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    file_name: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10), default="previewed")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    # Rows that stay out: [row number, heading, reason], and nothing of what stood in them.
    rejects: Mapped[list[list[Any]]] = mapped_column(JSON, default=list)
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("state IN ('previewed', 'imported', 'dropped')", name="state"),
    )
