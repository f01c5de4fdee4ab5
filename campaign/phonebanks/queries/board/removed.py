"""Who may be taken off a phonebank by its leads, and who was."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Rsvp
from campaign.events.rules.signups import SEATED
from campaign.groups.models import Membership
from campaign.people.models import Person
from campaign.phonebanks.models import (
    Call,
    CallingSession,
    HelpRequest,
    Phonebank,
    PhonebankRole,
    Removal,
)


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
    """Somebody whom the board may show; nobody else is found by an id.

    Who has called here, has a place in a session, asked for help, or was taken off.
    """
    called = select(Call.id).where(Call.caller_id == Person.id, Call.phonebank_id == phonebank_id)
    off = select(Removal.person_id).where(
        Removal.person_id == Person.id, Removal.phonebank_id == phonebank_id
    )
    seat = (
        select(Rsvp.id)
        .join(CallingSession, CallingSession.event_id == Rsvp.event_id)
        .where(Rsvp.person_id == Person.id, Rsvp.status.in_(SEATED))
        .where(CallingSession.phonebank_id == phonebank_id)
    )
    asked = select(HelpRequest.id).where(
        HelpRequest.person_id == Person.id,
        HelpRequest.phonebank_id == phonebank_id,
        HelpRequest.kind == "help",
    )
    known = or_(called.exists(), off.exists(), seat.exists(), asked.exists())
    return db.scalar(select(Person).where(Person.public_id == public_id, known))


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
