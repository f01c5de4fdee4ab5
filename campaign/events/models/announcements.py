"""What somebody announced without an account, until its mailed link is confirmed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class Announcement(Base):
    """A draft that is no event yet, so that no list, map or page can show it.

    ``answers`` is what ``rules.announcements`` writes. Once confirmed it names its event; either
    way it is forgotten after fourteen days.
    """

    __tablename__ = "announcement"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    client_uuid: Mapped[str | None] = mapped_column(String(36))
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(320))
    answers: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(index=True)
    confirmed_at: Mapped[datetime | None]
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey("event.id", ondelete="SET NULL"), index=True
    )

    __table_args__ = (
        UniqueConstraint("fingerprint"),
        Index("uq_announcement_client_uuid", "client_uuid", unique=True),
    )
