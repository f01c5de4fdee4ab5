"""Who looks after an event with its host: the team, who was asked, and mailed keys."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models.events import Event
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person

ROLES = "role IN ('co-host', 'steward', 'data', 'safeguarding')"


class EventTeam(Base):
    """Somebody with a part in one event, by their own yes. The host stands on the event itself."""

    __tablename__ = "event_team"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    since: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("event_id", "person_id", "role"),
        CheckConstraint(ROLES, name="role"),
        Index("ix_event_team_person_id", "person_id"),
    )


class EventInvite(Base):
    """Somebody was asked onto the team and has not answered; the row goes with the answer."""

    __tablename__ = "event_invite"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(320))
    role: Mapped[str] = mapped_column(String(12))
    fingerprint: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("fingerprint"),
        UniqueConstraint("event_id", "email", "role"),
        CheckConstraint(ROLES, name="role"),
        Index("ix_event_invite_email", "email"),
    )


class EventKey(Base):
    """A mailed key for one thing about an event, without an account: its fingerprint alone.

    ``host`` lets the host say that they cannot; ``offer`` lets somebody take over.
    """

    __tablename__ = "event_key"
    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(6))
    made_at: Mapped[datetime]

    event: Mapped[Event] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (CheckConstraint("purpose IN ('host', 'offer')", name="purpose"),)
