"""Calls, what was answered, and what callers promised before the first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation import tokens
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base
from campaign.phonebanks.models.lists import Contact

PASSED_OVER = text("skip_reason IS NOT NULL")
TAKEN_OUT = text("reversal_id IS NOT NULL")


class Call(Base):
    """One attempt, from the claim to its outcome. Rows are only added; old ones become totals.

    One foreign key, to the contact: each more costs a tenth of a report's time.
    """

    __tablename__ = "call"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    # The claim's id in addresses.
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    number_id: Mapped[int]
    caller_id: Mapped[int]
    session_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(8), default="claimed")
    claimed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revealed_at: Mapped[datetime | None]
    # When the number was or may have been rung: what cool-downs and caps count. Set with the
    # reveal, since a number on a screen can be typed by hand; moved on when it was dialled; taken
    # back by an outcome that rang nobody.
    attempted_at: Mapped[datetime | None]
    # When the caller's own screen first told that it dials: the link was tapped, the call opened
    # on the phone, or the number copied. That it is empty proves nothing: without scripts, and
    # where somebody types the number, nobody tells.
    dialled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    client_uuid: Mapped[str | None] = mapped_column(String(64))
    result_code: Mapped[str | None] = mapped_column(String(20))
    reached: Mapped[bool] = mapped_column(default=False)
    skip_reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    late: Mapped[bool] = mapped_column(default=False)
    # They rang back: nobody was claimed for it, and it is no attempt of ours.
    inbound: Mapped[bool] = mapped_column(default=False, server_default=false())
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    script_number: Mapped[int | None]
    # Who of several at one number was spoken to: 0 the contact, else a sharer; None: not said.
    spoken_to: Mapped[int | None] = mapped_column(BigInteger)
    # What the person and their number were before this call changed them (rules.before), and what
    # else decided with its report: so that a call can be taken out again, and others played anew.
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    said: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # The reversal that takes this call out. What it says of itself stays.
    reversal_id: Mapped[int | None]

    contact: Mapped[Contact] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("client_uuid"),
        CheckConstraint(
            "status IN ('claimed', 'revealed', 'reported', 'released', 'expired', 'revoked',"
            " 'reversed')",
            name="status",
        ),
        Index("ix_call_contact_id", "contact_id"),
        Index("ix_call_caller_id_claimed_at", "caller_id", "claimed_at"),
        Index("ix_call_number_id_attempted_at", "number_id", "attempted_at"),
        Index("ix_call_phonebank_id_reported_at", "phonebank_id", "reported_at"),
        # Whom a caller passed over: looked up at each claim, and few of all calls.
        Index(
            "ix_call_passed_over",
            "caller_id",
            "contact_id",
            sqlite_where=PASSED_OVER,
            postgresql_where=PASSED_OVER,
        ),
        Index(
            "ix_call_reversal_id",
            "reversal_id",
            sqlite_where=TAKEN_OUT,
            postgresql_where=TAKEN_OUT,
        ),
    )


class Answer(Base):
    """What somebody answered to a question of the script, by stable keys."""

    __tablename__ = "answer"
    call_id: Mapped[int] = mapped_column(
        ForeignKey("call.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    option: Mapped[str] = mapped_column(String(40))


class Agreement(Base):
    """A caller's promises, with the version they read."""

    __tablename__ = "agreement"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
