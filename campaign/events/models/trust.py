"""Hosts whose events need no look before they are on the map."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class TrustedHost(Base):
    """Why a host is trusted, or is no more: by a moderator with a note, or by what they did.

    A row whose trust was revoked stays: then only a moderator trusts that host again.
    """

    __tablename__ = "trusted_host"
    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]
    # The moderator; nobody where approved events earned it.
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(300), default="")
    # The approval that made it so, which may be undone.
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("moderation_decision.id", ondelete="SET NULL")
    )
    revoked_at: Mapped[datetime | None]
    revoked_because: Mapped[str] = mapped_column(String(200), default="")

    __table_args__ = (UniqueConstraint("person_id"),)
