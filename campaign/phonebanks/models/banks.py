"""Phonebanks, who leads them, their sessions and scripts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Event
from campaign.foundation import tokens
from campaign.foundation.database import Base
from campaign.groups.models import Group


class Phonebank(Base):
    """A calling effort: why, when, how often, who may call."""

    __tablename__ = "phonebank"
    id: Mapped[int] = mapped_column(primary_key=True)
    # Longer than others: the demo's have names that can be read out.
    public_id: Mapped[str] = mapped_column(String(24), default=tokens.public_id)
    group_id: Mapped[int] = mapped_column(ForeignKey("group.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    # Why we ring, in one line: the caller reads it before the call.
    reason: Mapped[str] = mapped_column(String(240), default="")
    purpose: Mapped[str] = mapped_column(String(16), default="mobilise")
    status: Mapped[str] = mapped_column(String(8), default="draft")
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    # A week of windows in the time of the person who is rung; None is the usual week.
    hours: Mapped[dict[str, list[str]] | None] = mapped_column(JSON(none_as_null=True))
    # The zones its numbers ring in, so that a claim can ask for the open ones.
    zones: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["Europe/London"])
    claim_seconds: Mapped[int] = mapped_column(default=1200)
    max_attempts: Mapped[int] = mapped_column(default=4)
    cooldown_minutes: Mapped[int] = mapped_column(default=1200)
    # Fictitious numbers only: open at all hours, asks for no practice, suppresses nobody.
    is_practice: Mapped[bool] = mapped_column(default=False)
    access: Mapped[str] = mapped_column(String(8), default="rostered")
    # By which rules (rules.waiting) its people wait; where they are others now, they wait anew.
    waits_by: Mapped[str | None] = mapped_column(String(64))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    group: Mapped[Group] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("status IN ('draft', 'open', 'paused', 'closed')", name="status"),
        CheckConstraint("access IN ('open', 'group', 'rostered')", name="access"),
        CheckConstraint("claim_seconds BETWEEN 1 AND 7200", name="claim_seconds"),
    )


class PhonebankRole(Base):
    """A lead of a phonebank."""

    __tablename__ = "phonebank_role"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(8), default="lead")

    __table_args__ = (Index("ix_phonebank_role_person_id", "person_id"),)


class Removal(Base):
    """Somebody a lead took off a phonebank: they do not call there until they are let back in."""

    __tablename__ = "removal"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    removed_at: Mapped[datetime]
    removed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (Index("ix_removal_person_id", "person_id"),)


class CallingSession(Base):
    """An event of kind phonebank whose roster may call for a phonebank."""

    __tablename__ = "calling_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    # Which languages it rings in, as a lead wrote it; empty where nobody said.
    languages: Mapped[str] = mapped_column(String(120), default="", server_default="")

    event: Mapped[Event] = relationship(lazy="raise")
    phonebank: Mapped[Phonebank] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("event_id"),)


class ScriptVersion(Base):
    """What callers say; a new version is a new row, so old calls keep theirs."""

    __tablename__ = "script_version"
    id: Mapped[int] = mapped_column(primary_key=True)
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    number: Mapped[int]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (UniqueConstraint("phonebank_id", "number"),)
