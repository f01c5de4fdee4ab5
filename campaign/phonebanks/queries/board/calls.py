"""The calls of a phonebank, the claim in a caller's hands, its script and its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import (
    Call,
    Contact,
    ImportBatch,
    Phonebank,
    ScriptVersion,
)

# No claim lives longer: two hours, and three lives more.
LONGEST = timedelta(hours=8)


def script_of(db: Session, phonebank_id: int) -> ScriptVersion | None:
    """What callers say now: the newest version."""
    return db.scalar(
        select(ScriptVersion)
        .where(ScriptVersion.phonebank_id == phonebank_id)
        .order_by(ScriptVersion.number.desc())
        .limit(1)
    )


_NUMBER = select(func.max(ScriptVersion.number)).where(
    ScriptVersion.phonebank_id == bindparam("phonebank_id")
)


def script_number(db: Session, phonebank_id: int) -> int | None:
    """The number of the newest version, without its steps."""
    return db.scalar(_NUMBER, {"phonebank_id": phonebank_id})


def batches(db: Session, phonebank_id: int) -> list[ImportBatch]:
    """The files brought or waiting, the newest first."""
    return list(
        db.scalars(
            select(ImportBatch)
            .where(ImportBatch.phonebank_id == phonebank_id, ImportBatch.state != "dropped")
            .order_by(ImportBatch.id.desc())
            .limit(20)
        )
    )


def batch_by_public_id(db: Session, phonebank_id: int, public_id: str) -> ImportBatch | None:
    """A file of this phonebank."""
    return db.scalar(
        select(ImportBatch).where(
            ImportBatch.phonebank_id == phonebank_id, ImportBatch.public_id == public_id
        )
    )


_CALL = (
    select(Call, Phonebank)
    .join(Phonebank, Phonebank.id == Call.phonebank_id)
    .where(Call.public_id == bindparam("public_id"))
)


def call_with_phonebank(db: Session, public_id: str) -> tuple[Call, Phonebank] | None:
    """A call by the id of its claim, with its phonebank."""
    row = db.execute(_CALL, {"public_id": public_id}).one_or_none()
    return (row[0], row[1]) if row else None


def last_reported(db: Session, contact_id: int) -> Call | None:
    """The last call with somebody that was reported."""
    return db.scalar(
        select(Call)
        .where(Call.contact_id == contact_id, Call.status == "reported")
        .order_by(Call.reported_at.desc(), Call.id.desc())
        .limit(1)
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The person in a caller's hands."""

    call: Call
    contact: Contact
    number: PhoneNumber


def held_claim(db: Session, caller_id: int, *, now: datetime) -> Held | None:
    """The caller's live claim, in whichever phonebank."""
    row = db.execute(
        select(Call, Contact, PhoneNumber)
        .join(Contact, Contact.claim_call_id == Call.id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.claimed_by == caller_id, Contact.state == "claimed")
        .where(Contact.claimed_until > now)
    ).first()
    return Held(*row) if row else None


def first_name_of(db: Session, call: Call) -> str:
    """The first name of the person of a call, if it is known."""
    return db.scalar(select(Contact.first_name).where(Contact.id == call.contact_id)) or ""


def late_call(db: Session, phonebank_id: int, caller_id: int, *, since: datetime) -> Held | None:
    """The caller's last call here, if it ended without a report and not before ``since``.

    None while it is still theirs, once it was reported or given back, and for who asked never to
    be rung.
    """
    last = (
        select(func.max(Call.id))
        .where(Call.caller_id == caller_id, Call.phonebank_id == phonebank_id, ~Call.inbound)
        .where(Call.claimed_at > since - LONGEST)
    )
    row = db.execute(
        select(Call, Contact, PhoneNumber)
        .join(Contact, Contact.id == Call.contact_id)
        .join(PhoneNumber, PhoneNumber.id == Call.number_id)
        .where(Call.id == last.scalar_subquery(), Call.expires_at > since)
        .where(Call.status.in_(("claimed", "revealed", "expired", "revoked")))
        .where(Contact.state != "suppressed")
    ).first()
    return Held(*row) if row else None


def is_suppressed(db: Session, call: Call) -> bool:
    """Whether nobody may ring the person of this call any more."""
    return db.scalar(select(Contact.state).where(Contact.id == call.contact_id)) == "suppressed"
