"""The people whom a caller rang lately, so that who rings back is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.rules.ringing_back import LATELY, MOST, is_called


@dataclass(frozen=True, slots=True)
class Rung:
    """Somebody whom the caller rang: the last call with them, and who it was."""

    call: Call
    contact: Contact


def rung_by(db: Session, phonebank_id: int, caller_id: int, *, now: datetime) -> list[Rung]:
    """The people whose number the caller saw in a phonebank, the last first; fifty, two weeks."""
    last = (
        select(func.max(Call.id))
        .where(Call.caller_id == caller_id, Call.phonebank_id == phonebank_id)
        .where(Call.revealed_at.is_not(None), ~Call.inbound, Call.claimed_at > now - LATELY)
        .group_by(Call.contact_id)
        .order_by(func.max(Call.id).desc())
        .limit(MOST)
    )
    query = (
        select(Call, Contact)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.id.in_(last))
        .options(joinedload(Contact.number))
        .order_by(Call.id.desc())
    )
    return [Rung(call, contact) for call, contact in db.execute(query)]


def called(rung: list[Rung], typed: str) -> list[Rung]:
    """Those of them who may be meant by a first name."""
    return [one for one in rung if is_called(one.contact.first_name, typed)]


def call_by_uuid(db: Session, client_uuid: str) -> Call | None:
    """The call that a report of this id made or ended."""
    return db.scalar(select(Call).where(Call.client_uuid == client_uuid))
