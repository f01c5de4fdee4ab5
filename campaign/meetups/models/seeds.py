"""Tables that want to go on as a group: who ticked that, and whom we asked."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Event
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person


class KeepGoing(Base):
    """Somebody at a table ticked "keep this group going": a wish for tonight, no membership."""

    __tablename__ = "keep_going"
    participant_id: Mapped[int] = mapped_column(
        ForeignKey("participant.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    breakout_id: Mapped[int] = mapped_column(
        ForeignKey("breakout.id", ondelete="CASCADE"), index=True
    )
    made_at: Mapped[dt.datetime]


class SeedGroup(Base):
    """A group that a table wants and that is not there yet: nobody sees it but who was asked and
    who looks at it. It becomes one once somebody convenes it and somebody else has looked."""

    __tablename__ = "seed_group"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    breakout_id: Mapped[int | None] = mapped_column(ForeignKey("breakout.id", ondelete="SET NULL"))
    name: Mapped[str] = mapped_column(String(80))
    lat: Mapped[float]
    lng: Mapped[float]
    convenor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id", ondelete="SET NULL"))
    made_at: Mapped[dt.datetime]
    # When somebody said no to it.
    closed_at: Mapped[dt.datetime | None]

    meeting: Mapped[Event] = relationship(lazy="raise")
    convenor: Mapped[Person | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("breakout_id"),
        Index("ix_seed_group_convenor_id", "convenor_id"),
        Index("ix_seed_group_group_id", "group_id"),
    )


class SeedInvite(Base):
    """An address was asked whether they join; the yes is theirs alone, by the key of the letter."""

    __tablename__ = "seed_invite"
    id: Mapped[int] = mapped_column(primary_key=True)
    seed_id: Mapped[int] = mapped_column(ForeignKey("seed_group.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(String(60))
    fingerprint: Mapped[str] = mapped_column(String(64))
    answer: Mapped[str | None] = mapped_column(String(7))
    answered_at: Mapped[dt.datetime | None]

    seed: Mapped[SeedGroup] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("seed_id", "email"),
        UniqueConstraint("fingerprint"),
        CheckConstraint("answer IN ('convene', 'join', 'no')", name="answer"),
    )
