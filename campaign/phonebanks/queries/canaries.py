"""Numbers of our own on a list, and how often they were noted as what they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Canary, CanaryCall, Contact


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """One of them: only its owner reads the number."""

    public_id: str
    owner_id: int
    first_name: str
    town: str
    kind: str
    e164: str
    right: int
    wrong: int


def own_numbers(db: Session, phonebank_id: int) -> list[OwnNumber]:
    """The numbers of ours on a list, the first first."""
    query = (
        select(
            Canary.public_id,
            Canary.owner_id,
            Contact.first_name,
            Contact.town,
            Contact.canary,
            PhoneNumber.e164,
            func.count(case((CanaryCall.right, 1))),
            func.count(case((~CanaryCall.right, 1))),
        )
        .join(Contact, Contact.id == Canary.contact_id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .outerjoin(Call, Call.contact_id == Contact.id)
        .outerjoin(CanaryCall, CanaryCall.call_id == Call.id)
        .where(Canary.phonebank_id == phonebank_id, Contact.state != "withdrawn")
        .group_by(Canary.contact_id, Contact.id, PhoneNumber.id)
        .order_by(Canary.contact_id)
    )
    rows: list[Any] = list(db.execute(query))
    return [OwnNumber(*row) for row in rows]


def by_public_id(db: Session, phonebank_id: int, public_id: str) -> Canary | None:
    """One of them."""
    return db.scalar(
        select(Canary).where(Canary.phonebank_id == phonebank_id, Canary.public_id == public_id)
    )
