"""Another device that holds the desk of one meetup, and the link by which it came to that."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base


class DeskDevice(Base):
    """A link that somebody gave, and once it was opened the device that holds the desk.

    Of the link's key and of the cookie only the fingerprint is kept.
    """

    __tablename__ = "desk_device"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    meetup_id: Mapped[int] = mapped_column(ForeignKey("meetup.id", ondelete="CASCADE"), index=True)
    # Who gave it, and answers for what is done with it: it opens no more than they may do.
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    given_at: Mapped[dt.datetime]
    link: Mapped[str] = mapped_column(String(64))
    link_ends_at: Mapped[dt.datetime]
    # What whoever opened it calls the device.
    name: Mapped[str] = mapped_column(String(40), default="")
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[dt.datetime | None]
    ends_at: Mapped[dt.datetime | None]
    # The meetup ended, or it was taken back.
    ended_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("link"),
        UniqueConstraint("fingerprint"),
        CheckConstraint(
            "(fingerprint IS NULL) = (opened_at IS NULL)"
            " AND (ends_at IS NULL) = (opened_at IS NULL)",
            name="opened",
        ),
    )
