"""Groups and memberships."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.people.models import Person


class Group(Base):
    """A local group with its place, found by postcode."""

    __tablename__ = "group"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    slug: Mapped[str] = mapped_column(String(80))
    name: Mapped[str] = mapped_column(String(120))
    about: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[str] = mapped_column(String(10), default="local", server_default="local")
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("group.id", ondelete="SET NULL"), index=True
    )
    place: Mapped[str] = mapped_column(String(120))
    council: Mapped[str | None] = mapped_column(String(120))
    lat: Mapped[float]
    lng: Mapped[float]
    # Where its people live: outcodes with a space between them, or so many kilometres around its
    # point, or both; nothing is "whoever is near".
    outcodes: Mapped[str] = mapped_column(String(400), default="", server_default="")
    radius_km: Mapped[float | None]
    # Who may write to it, and whether joining is open or looked at by a convenor.
    contact: Mapped[str] = mapped_column(String(10), default="members", server_default="members")
    is_open: Mapped[bool] = mapped_column(default=True, server_default=true())
    made_at: Mapped[datetime]
    # When its convenors heard, once, that it has been quiet for long.
    quiet_told_at: Mapped[datetime | None]
    # How much its area counts just now, from 0 to 9: its events that are short come first.
    priority: Mapped[int] = mapped_column(default=0, server_default="0")
    # The form that founded it, so that the same form again makes no second group.
    client_uuid: Mapped[str | None] = mapped_column(String(36))

    __table_args__ = (
        UniqueConstraint("slug"),
        UniqueConstraint("public_id"),
        CheckConstraint("kind IN ('local', 'branch', 'thematic', 'workplace', 'hub')", name="kind"),
        CheckConstraint("contact IN ('everybody', 'members', 'nobody')", name="contact"),
        CheckConstraint("radius_km IS NULL OR radius_km > 0", name="radius_km"),
        CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
        Index("uq_group_client_uuid", "client_uuid", unique=True),
    )


class Membership(Base):
    """A person in a group; it begins with the person's own act."""

    __tablename__ = "membership"
    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    role: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime]

    group: Mapped[Group] = relationship(lazy="raise")
    person: Mapped[Person] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("group_id", "person_id"),
        CheckConstraint("role IN ('follower', 'member', 'organiser', 'convenor')", name="role"),
        Index("ix_membership_person_id", "person_id"),
    )
