"""At the door: the count of who is in, every tap, and the links that open the host's page."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation.database import Base


class Door(Base):
    """How many came in to an event and went out; ``version`` rises with every tap."""

    __tablename__ = "door"
    event_id: Mapped[int] = mapped_column(
        ForeignKey("event.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    came_in: Mapped[int] = mapped_column(default=0)
    went_out: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=0)

    __table_args__ = (
        CheckConstraint("went_out >= 0", name="went_out"),
        CheckConstraint("came_in >= went_out", name="inside"),
    )


class DoorTap(Base):
    """One touch of a button at the door, kept by its nonce: sent again it does nothing again.

    It names no person: ``rsvp_id`` is empty once the sign-up is gone.
    """

    __tablename__ = "door_tap"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    nonce: Mapped[str] = mapped_column(String(36))
    kind: Mapped[str] = mapped_column(String(14))
    rsvp_id: Mapped[int | None] = mapped_column(
        ForeignKey("rsvp.id", ondelete="SET NULL"), index=True
    )
    # How many people it counted in or out.
    people: Mapped[int] = mapped_column(default=0)
    result: Mapped[str] = mapped_column(String(12))
    tapped_at: Mapped[datetime]
    made_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("event_id", "nonce"),
        CheckConstraint(
            "kind IN ('came', 'did_not_come', 'unknown', 'in', 'out', 'back', 'rest')",
            name="kind",
        ),
        CheckConstraint("result IN ('done', 'later stands')", name="result"),
        Index("ix_door_tap_event_id_kind", "event_id", "kind", "id"),
    )


class HostLink(Base):
    """A secret link to the host's page of an event, without an account; only its fingerprint."""

    __tablename__ = "host_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    # When it was replaced; and until when it opens, where the event was called off.
    closed_at: Mapped[datetime | None]
    last_day: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("fingerprint"),)
