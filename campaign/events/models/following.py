"""Who hears of new events by mail, of what, and what is new."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models.events import Event
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.groups.models import Group


class Follower(Base):
    """A mail address that hears of new events; no account, and no more than the address."""

    __tablename__ = "follower"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    email: Mapped[str] = mapped_column(String(320))
    made_at: Mapped[datetime]
    # The last piece of news, by key, that was weighed for this address, and its last mail.
    told_up_to: Mapped[int] = mapped_column(default=0)
    mailed_at: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]

    follows: Mapped[list[Follow]] = relationship(
        back_populates="follower", lazy="raise", order_by="Follow.id"
    )

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("email"),
        Index("ix_follower_told_up_to", "told_up_to"),
    )


class Follow(Base):
    """One thing an address follows: a group, or the events around a place.

    ``wants`` is "hear", or "join" for somebody who joins a group by the mailed link: that row is
    gone once they have. Nothing is sent for a row that is not confirmed.
    """

    __tablename__ = "follow"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    follower_id: Mapped[int] = mapped_column(ForeignKey("follower.id", ondelete="CASCADE"))
    wants: Mapped[str] = mapped_column(String(4), default="hear")
    name: Mapped[str] = mapped_column(String(120), default="")
    group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    place: Mapped[str] = mapped_column(String(120), default="")
    lat: Mapped[float | None]
    lng: Mapped[float | None]
    radius_km: Mapped[float | None]
    kinds: Mapped[str] = mapped_column(String(120), default="")
    step_free: Mapped[bool] = mapped_column(default=False)
    # Which wording they agreed to, and that they did, from their own mailbox or account.
    wording: Mapped[str] = mapped_column(String(20))
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]

    follower: Mapped[Follower] = relationship(back_populates="follows", lazy="raise")
    group: Mapped[Group | None] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("wants IN ('hear', 'join')", name="wants"),
        CheckConstraint(
            "group_id IS NOT NULL OR (lat IS NOT NULL AND lng IS NOT NULL"
            " AND radius_km IS NOT NULL)",
            name="of_something",
        ),
        Index("ix_follow_follower_id", "follower_id"),
        Index("ix_follow_group_id", "group_id"),
        Index("ix_follow_confirmed_at", "confirmed_at", "made_at"),
    )


class FollowKey(Base):
    """A mailed key to what an address follows; only its fingerprint is kept.

    With ``follow_id`` it is the key that confirms that one.
    """

    __tablename__ = "follow_key"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    follower_id: Mapped[int] = mapped_column(
        ForeignKey("follower.id", ondelete="CASCADE"), index=True
    )
    follow_id: Mapped[int | None] = mapped_column(
        ForeignKey("follow.id", ondelete="SET NULL"), index=True
    )
    made_at: Mapped[datetime]

    follower: Mapped[Follower] = relationship(lazy="raise")
    follow: Mapped[Follow | None] = relationship(lazy="raise")


class EventNews(Base):
    """That an event stands in the lists, in the order in which we saw it there first."""

    __tablename__ = "event_news"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    seen_at: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise")

    # A key is never given again: who was told up to it would not hear of the next.
    __table_args__ = (UniqueConstraint("event_id"), {"sqlite_autoincrement": True})
