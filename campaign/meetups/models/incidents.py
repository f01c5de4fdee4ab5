"""What happened in the hall, who was sent out of it, and by what they are known again."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.meetups.models.rooms import Batch


class Incident(Base):
    """A line of the incident log; it is never changed. A call for help is one, too."""

    __tablename__ = "incident"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), index=True)
    at: Mapped[dt.datetime]
    category: Mapped[str] = mapped_column(String(12))
    place: Mapped[str] = mapped_column(String(80), default="")
    action: Mapped[str] = mapped_column(String(300), default="")
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # Who goes to whom called for help: set once, by the first.
    taken_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    taken_at: Mapped[dt.datetime | None]

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint(
            "category IN ('help', 'first_aid', 'safety', 'disturbance', 'distress', 'property',"
            " 'people', 'other')",
            name="category",
        ),
    )


class SentOut(Base):
    """Somebody was sent out of a room. ``everywhere_until`` is what a moderator made of it; what
    every door asks stands in ``conduct``."""

    __tablename__ = "sent_out"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"), index=True)
    number: Mapped[int]
    reason: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[dt.datetime]
    made_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    # The cookie of their phone, so that it can say why and take an appeal; its fingerprint.
    fingerprint: Mapped[str | None] = mapped_column(String(64), index=True)
    appeal: Mapped[str] = mapped_column(String(1000), default="")
    appealed_at: Mapped[dt.datetime | None]
    # What a moderator wrote to them when they had looked.
    answer: Mapped[str] = mapped_column(String(300), default="", server_default="")
    everywhere_until: Mapped[dt.datetime | None]
    lifted_at: Mapped[dt.datetime | None]
    lifted_by: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )

    batch: Mapped[Batch] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("public_id"),)


class SentOutMark(Base):
    """The keyed hash of an address or a number of theirs."""

    __tablename__ = "sent_out_mark"
    sent_out_id: Mapped[int] = mapped_column(
        ForeignKey("sent_out.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    hashed: Mapped[str] = mapped_column(String(64), primary_key=True)

    __table_args__ = (Index("ix_sent_out_mark_hashed", "hashed"),)
