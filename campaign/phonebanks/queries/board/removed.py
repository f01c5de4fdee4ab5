"""Who may be taken off a phonebank by its leads, and who was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.groups.models import Membership
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Phonebank, PhonebankRole, Removal


def is_removed(db: Session, phonebank_id: int, person_id: int) -> bool:
    """Whether a lead took this person off the phonebank."""
    return db.get(Removal, (phonebank_id, person_id)) is not None


def removed(db: Session, phonebank_id: int) -> list[tuple[Person, datetime]]:
    """Who was taken off and when, the last first."""
    query = (
        select(Person, Removal.removed_at)
        .join(Removal, Removal.person_id == Person.id)
        .where(Removal.phonebank_id == phonebank_id)
        .order_by(Removal.removed_at.desc(), Person.id)
        .limit(200)
    )
    return [(person, at) for person, at in db.execute(query)]


def caller_by_public_id(db: Session, phonebank_id: int, public_id: str) -> Person | None:
    """Somebody who has called here or was taken off; nobody else is found by an id."""
    called = select(Call.id).where(Call.caller_id == Person.id, Call.phonebank_id == phonebank_id)
    off = select(Removal.person_id).where(
        Removal.person_id == Person.id, Removal.phonebank_id == phonebank_id
    )
    query = select(Person).where(Person.public_id == public_id, or_(called.exists(), off.exists()))
    return db.scalar(query)


def has_called(db: Session, phonebank_id: int, person_id: int | None) -> bool:
    """Whether somebody has called here, or begun to."""
    called = select(Call.id).where(Call.caller_id == person_id, Call.phonebank_id == phonebank_id)
    return db.scalar(called.limit(1)) is not None


def managers(db: Session, phonebank: Phonebank) -> set[int]:
    """Who leads the phonebank or runs its group."""
    lead = select(PhonebankRole.person_id).where(PhonebankRole.phonebank_id == phonebank.id)
    runs = select(Membership.person_id).where(
        Membership.group_id == phonebank.group_id, Membership.role.in_(("organiser", "convenor"))
    )
    return set(db.scalars(lead.union(runs)))
