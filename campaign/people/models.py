"""Persons, their keys and roles, telephone numbers, and the do-not-call list."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base


class Person(Base):
    """Somebody we hold something on; with a confirmed address, also an account."""

    __tablename__ = "person"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str | None] = mapped_column(String(320))
    email_confirmed_at: Mapped[datetime | None]
    phone: Mapped[str | None] = mapped_column(String(16))
    postcode: Mapped[str | None] = mapped_column(String(8))
    # Sees other people's data somewhere, so that a sign-in lasts less long. Written by `entrust`.
    entrusted: Mapped[bool] = mapped_column(default=False)
    # One of the made-up people of the demo: "sign in as" and nothing else asks.
    is_demo: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("public_id"), UniqueConstraint("email"))


class RoleGrant(Base):
    """A role for the whole installation."""

    __tablename__ = "role_grant"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(30), primary_key=True)


class SignInLink(Base):
    """A mailed key; only its fingerprint is kept."""

    __tablename__ = "sign_in_link"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    email: Mapped[str] = mapped_column(String(320))
    next_path: Mapped[str | None] = mapped_column(String(500))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("fingerprint"),)


class SignInSession(Base):
    """A device that is signed in; deleting the row ends it at once."""

    __tablename__ = "sign_in_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    made_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    # Somebody was rung from it: it has numbers to lose, and lasts less long.
    rings: Mapped[bool] = mapped_column(default=False, server_default=false())

    __table_args__ = (UniqueConstraint("fingerprint"),)


class PhoneNumber(Base):
    """One telephone number, whoever shares it; what is true of the number on any list."""

    __tablename__ = "phone_number"
    id: Mapped[int] = mapped_column(primary_key=True)
    e164: Mapped[str] = mapped_column(String(16))
    # The key of the do-not-call list, so that a claim can look it up in the same statement.
    hmac: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10), default="unknown")
    state: Mapped[str] = mapped_column(String(12), default="ok")
    fictitious: Mapped[bool] = mapped_column(default=False)
    time_zone: Mapped[str] = mapped_column(String(40), default="Europe/London")
    last_attempt_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("e164"),
        CheckConstraint("state IN ('ok', 'suspect', 'wrong', 'disconnected')", name="state"),
        # Looked up by the whole of it and never in an order: such an index is half as long on
        # PostgreSQL, and takes in half a million numbers in half the time.
        Index("ix_phone_number_hmac", "hmac", postgresql_using="hash"),
    )


class Suppression(Base):
    """Never call this number: a keyed hash, so that it survives the erasure of the person."""

    __tablename__ = "suppression"
    id: Mapped[int] = mapped_column(primary_key=True)
    hmac: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(10))
    source: Mapped[str] = mapped_column(String(60))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    __table_args__ = (
        UniqueConstraint("hmac"),
        CheckConstraint("reason IN ('asked', 'tps', 'legal', 'staff', 'imported')", name="reason"),
    )
