"""Reports that wait for a lead's word; of a call that was taken back none waits any more."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Call, Contact, HeldReport


def waiting(db: Session, phonebank_id: int, caller_id: int) -> list[tuple[str, str, str, datetime]]:
    """Of one caller: the call's id in addresses, the outcome, with whom and when; oldest first."""
    query = (
        select(Call.public_id, HeldReport.said, Contact.first_name, HeldReport.at)
        .join(Call, Call.id == HeldReport.call_id)
        .join(Contact, Contact.id == Call.contact_id)
        .where(HeldReport.phonebank_id == phonebank_id, HeldReport.caller_id == caller_id)
        .where(HeldReport.state == "waiting", Call.reversal_id.is_(None))
        .order_by(HeldReport.at, HeldReport.call_id)
        .limit(200)
    )
    return [(key, str(said["outcome"]), name, at) for key, said, name, at in db.execute(query)]


def report_of(db: Session, phonebank_id: int, claim_id: str) -> HeldReport | None:
    """A report that waits, by the id of its call."""
    return db.scalar(
        select(HeldReport)
        .join(Call, Call.id == HeldReport.call_id)
        .where(Call.public_id == claim_id, HeldReport.phonebank_id == phonebank_id)
        .where(HeldReport.state == "waiting", Call.reversal_id.is_(None))
    )
