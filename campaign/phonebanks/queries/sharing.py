"""Who shares the telephone of a contact."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank, Sharer
from campaign.phonebanks.rules.sharing import names_of


def sharers_of(db: Session, contact: Contact) -> list[Sharer]:
    """Who else has this number and may be asked for, in the order of the list."""
    if not contact.sharers:
        return []
    query = select(Sharer).where(Sharer.contact_id == contact.id)
    query = query.where(Sharer.consent | Sharer.screened).order_by(Sharer.id)
    return list(db.scalars(query))


def who_is_asked_for(db: Session, contact: Contact) -> str:
    """The first names of everybody at this number."""
    others = (sharer.first_name for sharer in sharers_of(db, contact))
    return names_of((contact.first_name, *others))


def everybody_at(db: Session, contact: Contact) -> list[tuple[int, Contact | Sharer]]:
    """Each person at a contact's number with what a call names them by: 0, or a sharer's id."""
    found: list[tuple[int, Contact | Sharer]] = [(0, contact)]
    if contact.sharers:
        query = select(Sharer).where(Sharer.contact_id == contact.id).order_by(Sharer.id)
        found += [(sharer.id, sharer) for sharer in db.scalars(query)]
    return found


def shared_facts(db: Session, theirs: ColumnElement[bool]) -> list[dict[str, Any]]:
    """What is held of people on numbers that they share, for their own eyes."""
    query = (
        select(Sharer, Phonebank.title, PhoneNumber.e164, Contact.source)
        .join(Contact, Contact.id == Sharer.contact_id)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(theirs, ~Phonebank.is_practice)
        .order_by(Sharer.id)
    )
    return [
        {
            "phonebank": title,
            "name": f"{sharer.first_name} {sharer.last_name}".strip(),
            "phone": phone.display(e164),
            "came from": source,
            "agreed to be rung": sharer.consent,
        }
        for sharer, title, e164, source in db.execute(query)
    ]


def is_among(email: Any) -> ColumnElement[bool]:
    """Whether somebody with this address shares the number of a contact."""
    theirs = select(Sharer.id).where(Sharer.contact_id == Contact.id, Sharer.email == email)
    return and_(Contact.sharers > 0, theirs.exists())
