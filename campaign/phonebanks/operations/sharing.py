"""Several people at one number: who was spoken to, and what happens when one of them is erased."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Call, Contact, Sharer
from campaign.phonebanks.queries.sharing import sharers_of

HELD_FOR = "no_consent"


def note_spoken_to(db: Session, *, call: Call, contact: Contact, place: int | None) -> None:
    """Keep who came to the telephone: 0 is the contact, then those who share it, in their order."""
    if place is None or not contact.sharers:
        return
    keys = [0, *(sharer.id for sharer in sharers_of(db, contact))]
    call.spoken_to = keys[place] if 0 <= place < len(keys) else None


def forget_sharers(db: Session, *theirs: ColumnElement[bool]) -> None:
    """Take people off the numbers that they share; the others stay."""
    found = db.execute(select(Sharer.id, Sharer.contact_id).where(*theirs)).all()
    for sharer_id, contact_id in found:
        db.execute(delete(Sharer).where(Sharer.id == sharer_id))
        count(db, db.get_one(Contact, contact_id))


def take_place(db: Session, contact: Contact) -> None:
    """Whoever shares the number of somebody who was erased has it for themselves now."""
    heir = db.scalar(
        select(Sharer).where(Sharer.contact_id == contact.id).order_by(Sharer.id).limit(1)
    )
    if heir is None:
        return
    contact.first_name, contact.last_name = heir.first_name, heir.last_name
    contact.email, contact.external_id = heir.email, heir.external_id
    contact.consent, contact.screened = heir.consent, heir.screened
    if contact.state != "suppressed":
        may = heir.consent or heir.screened
        contact.state, contact.hold_reason = ("ready", None) if may else ("held", HELD_FOR)
    db.delete(heir)
    db.flush()
    count(db, contact)


def count(db: Session, contact: Contact) -> None:
    """Keep how many share a contact's number, so that most need not be looked up."""
    counted = select(func.count()).where(Sharer.contact_id == contact.id)
    contact.sharers = db.scalar(counted) or 0
    db.flush()
