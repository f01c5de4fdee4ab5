"""The people of a phonebank, and the files that they come from."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models.banks import Phonebank

CLAIMED = text("state = 'claimed'")
READY = text("state = 'ready'")
CALLBACK = text("state = 'callback'")
HOUSED = text("household_key IS NOT NULL")
# Narrower than CLAIMED, so that no look for a number or a caller mistakes it for its own.
CLAIMED_HOUSED = text("state = 'claimed' AND household_key IS NOT NULL")


class Contact(Base):
    """One person on a phonebank's list: the row of its queue."""

    __tablename__ = "contact"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    phonebank_id: Mapped[int] = mapped_column(ForeignKey("phonebank.id", ondelete="CASCADE"))
    number_id: Mapped[int] = mapped_column(ForeignKey("phone_number.id"))
    first_name: Mapped[str] = mapped_column(String(80), default="")
    last_name: Mapped[str] = mapped_column(String(80), default="")
    town: Mapped[str] = mapped_column(String(80), default="")
    postcode: Mapped[str | None] = mapped_column(String(8))
    # The keyed hash of a household (rules.households), over all phonebanks; never an address.
    household_key: Mapped[str | None] = mapped_column(String(64))
    # Never shown: only so that callers are not offered themselves.
    email: Mapped[str | None] = mapped_column(String(320))
    external_id: Mapped[str | None] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80), default="")
    consent: Mapped[bool] = mapped_column(default=False)
    # Without consent, they may be rung while the check against the TPS is new and clears them.
    screened: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(10), default="ready")
    hold_reason: Mapped[str | None] = mapped_column(String(20))
    # Not before this instant, also where a callback was promised.
    not_before: Mapped[datetime | None]
    # A promise stands until the call that keeps it is reported, also while it is claimed.
    promised_at: Mapped[datetime | None]
    callback_owner_id: Mapped[int | None]
    priority: Mapped[int] = mapped_column(SmallInteger, default=5)
    shuffle: Mapped[int]
    slot: Mapped[int] = mapped_column(SmallInteger)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    voicemails: Mapped[int] = mapped_column(SmallInteger, default=0)
    busy_day: Mapped[date | None]
    busy_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    # The language they need, as a caller wrote it.
    language: Mapped[str | None] = mapped_column(String(40))
    last_result: Mapped[str | None] = mapped_column(String(20))
    last_call_at: Mapped[datetime | None]
    # When they were last spoken to themselves: their household is left in peace for a while.
    reached_at: Mapped[datetime | None]
    # Since when they have done by themselves what we were to ask; nobody rings them for it then.
    goal_met_at: Mapped[datetime | None]
    # A number of our own, and what happens there (rules.canaries): nobody's, and in no figure.
    canary: Mapped[str | None] = mapped_column(String(8))
    claim_call_id: Mapped[int | None] = mapped_column(BigInteger)
    claimed_by: Mapped[int | None]
    claimed_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)
    # How many others of the list have the same number (models.sharers).
    sharers: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")

    number: Mapped[PhoneNumber] = relationship(lazy="raise")
    phonebank: Mapped[Phonebank] = relationship(lazy="raise")

    __table_args__ = (
        # In this order, so that it also finds the people of a number; a phonebank's are found by
        # the index of their ids at the source.
        UniqueConstraint("number_id", "phonebank_id"),
        CheckConstraint(
            "state IN ('ready', 'claimed', 'callback', 'held', 'done', 'exhausted',"
            " 'suppressed', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_until IS NOT NULL)",
            name="claimed_has_holder",
        ),
        # One live claim per caller, and no number or household on two screens, over all
        # phonebanks.
        Index(
            "uq_contact_claimed_by",
            "claimed_by",
            unique=True,
            sqlite_where=CLAIMED,
            postgresql_where=CLAIMED,
        ),
        Index(
            "uq_contact_claimed_number",
            "number_id",
            unique=True,
            sqlite_where=CLAIMED,
            postgresql_where=CLAIMED,
        ),
        Index(
            "uq_contact_claimed_household",
            "household_key",
            unique=True,
            sqlite_where=CLAIMED_HOUSED,
            postgresql_where=CLAIMED_HOUSED,
        ),
        Index(
            "ix_contact_household_key",
            "household_key",
            sqlite_where=HOUSED,
            postgresql_where=HOUSED,
        ),
        Index(
            "ix_contact_ready",
            "phonebank_id",
            "slot",
            "priority",
            "shuffle",
            sqlite_where=READY,
            postgresql_where=READY,
        ),
        Index(
            "ix_contact_claimed_until",
            "phonebank_id",
            "claimed_until",
            sqlite_where=CLAIMED,
            postgresql_where=CLAIMED,
        ),
        Index(
            "ix_contact_callback",
            "phonebank_id",
            "not_before",
            sqlite_where=CALLBACK,
            postgresql_where=CALLBACK,
        ),
        Index("ix_contact_phonebank_id_external_id", "phonebank_id", "external_id"),
    )


class NeverLoad(Base):
    """A file of never-call numbers that was loaded, so that a cut-off one is noticed."""

    __tablename__ = "never_load"
    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(60))
    # Lines with something in them, also those that are clear.
    rows: Mapped[int]
    made_at: Mapped[datetime]

    __table_args__ = (Index("ix_never_load_source", "source"),)
