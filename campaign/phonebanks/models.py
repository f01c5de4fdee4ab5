"""Phonebanks, their people, sessions, scripts, call lists and calls."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.events.models import Event
from campaign.foundation import tokens
from campaign.foundation.audit import BigKey
from campaign.foundation.database import Base
from campaign.groups.models import Group
from campaign.people.models import Person, PhoneNumber

CLAIMED = text("state = 'claimed'")
READY = text("state = 'ready'")
CALLBACK = text("state = 'callback'")


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


class CallingSession(Base):
    """An event of kind phonebank whose roster may call for a phonebank."""

    __tablename__ = "calling_session"
    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )

    event: Mapped[Event] = relationship(lazy="raise")
    phonebank: Mapped[Phonebank] = relationship(lazy="raise")

    __table_args__ = (UniqueConstraint("event_id"),)


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
    # Never shown: only so that callers are not offered themselves.
    email: Mapped[str | None] = mapped_column(String(320))
    external_id: Mapped[str | None] = mapped_column(String(80))
    source: Mapped[str] = mapped_column(String(80), default="")
    consent: Mapped[bool] = mapped_column(default=False)
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
    claim_call_id: Mapped[int | None] = mapped_column(BigInteger)
    claimed_by: Mapped[int | None]
    claimed_until: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=0)

    number: Mapped[PhoneNumber] = relationship(lazy="raise")
    phonebank: Mapped[Phonebank] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("phonebank_id", "number_id"),
        CheckConstraint(
            "state IN ('ready', 'claimed', 'callback', 'held', 'done', 'exhausted',"
            " 'suppressed', 'withdrawn')",
            name="state",
        ),
        CheckConstraint(
            "state <> 'claimed' OR (claimed_by IS NOT NULL AND claimed_until IS NOT NULL)",
            name="claimed_has_holder",
        ),
        # One live claim per caller, and no number on two screens, over all phonebanks.
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
        Index("ix_contact_number_id", "number_id"),
        Index("ix_contact_phonebank_id_external_id", "phonebank_id", "external_id"),
    )


class Call(Base):
    """One attempt, from the claim to its outcome. Rows are only added, never deleted.

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
    # When the number was or may have been rung: what cool-downs and caps count.
    attempted_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    reported_at: Mapped[datetime | None]
    client_uuid: Mapped[str | None] = mapped_column(String(64))
    result_code: Mapped[str | None] = mapped_column(String(20))
    reached: Mapped[bool] = mapped_column(default=False)
    skip_reason: Mapped[str | None] = mapped_column(String(20))
    note: Mapped[str] = mapped_column(Text, default="")
    late: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    script_number: Mapped[int | None]

    contact: Mapped[Contact] = relationship(lazy="raise")

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("client_uuid"),
        CheckConstraint(
            "status IN ('claimed', 'revealed', 'reported', 'released', 'expired', 'revoked')",
            name="status",
        ),
        Index("ix_call_contact_id", "contact_id"),
        Index("ix_call_caller_id_claimed_at", "caller_id", "claimed_at"),
        Index("ix_call_number_id_attempted_at", "number_id", "attempted_at"),
        Index("ix_call_phonebank_id_reported_at", "phonebank_id", "reported_at"),
    )


class Answer(Base):
    """What somebody answered to a question of the script, by stable keys."""

    __tablename__ = "answer"
    call_id: Mapped[int] = mapped_column(
        ForeignKey("call.id", ondelete="CASCADE"), primary_key=True
    )
    question: Mapped[str] = mapped_column(String(40), primary_key=True)
    option: Mapped[str] = mapped_column(String(40))


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


class Agreement(Base):
    """A caller's promises, with the version they read."""

    __tablename__ = "agreement"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    version: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class PracticePassed(Base):
    """That somebody has finished a practice call."""

    __tablename__ = "practice_passed"
    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class ImportBatch(Base):
    """A file of people: read and counted first, then brought in or thrown away."""

    __tablename__ = "import_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    phonebank_id: Mapped[int] = mapped_column(
        ForeignKey("phonebank.id", ondelete="CASCADE"), index=True
    )
    file_name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(80))
    basis: Mapped[str] = mapped_column(String(20))
    collected_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(10), default="previewed")
    counts: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    columns: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    # Rows that stay out, with reasons: [row number, heading, reason].
    rejects: Mapped[list[list[Any]]] = mapped_column(JSON, default=list, deferred=True)
    # The file itself, only until it is brought in or dropped.
    data: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    done_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("public_id"),
        CheckConstraint("state IN ('previewed', 'imported', 'dropped')", name="state"),
    )
