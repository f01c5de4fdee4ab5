"""The calling together: who asked for help or to be let in, the lead's line, who sits with whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base

OPEN = text("ended_at IS NULL")
UP = text("down_at IS NULL")


class HelpRequest(Base):
    """A caller who asked the leads for help, or somebody at the door who asked to be let in."""

    __tablename__ = "help_request"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(4), default="help")
    # Of which session, for who stands at its door.
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    # The call they were in when they asked.
    call_id: Mapped[int | None] = mapped_column(BigInteger)
    # In their words; gone once it is over, since they may say something of who is rung.
    words: Mapped[str] = mapped_column(String(120), default="")
    asked_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("kind IN ('help', 'door')", name="kind"),
        # One open request a person and phonebank, however often the button is pressed.
        Index(
            "uq_help_request_open",
            "phonebank_id",
            "person_id",
            unique=True,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index("uq_help_request_public_id", "public_id", unique=True),
        Index("ix_help_request_person_id", "person_id"),
        Index("ix_help_request_call_id", "call_id"),
    )


class Broadcast(Base):
    """A line from a lead to everybody who calls, until it is taken down."""

    __tablename__ = "broadcast"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    words: Mapped[str] = mapped_column(String(160))
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    down_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_broadcast_up",
            "phonebank_id",
            unique=True,
            sqlite_where=UP,
            postgresql_where=UP,
        ),
        Index("ix_broadcast_made_by", "made_by"),
    )


class Pairing(Base):
    """A newcomer and who sits with them for the shift."""

    __tablename__ = "pairing"
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), primary_key=True
    )
    newcomer_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    partner_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    made_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_pairing_newcomer_id", "newcomer_id"),
        Index("ix_pairing_phonebank_id_partner_id", "phonebank_id", "partner_id"),
        Index("ix_pairing_partner_id", "partner_id"),
    )


class NoThanks(Base):
    """A caller who wants no letters of thanks after a shift."""

    __tablename__ = "no_thanks"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]
