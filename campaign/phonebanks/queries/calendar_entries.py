"""Calls that somebody promised, and calendar entries whose promise no longer stands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.people.models import Person
from campaign.phonebanks.models import Contact, NoPromiseLetters, Phonebank, Promise, Removal

STANDING = ("callback", "claimed")


def promised_by(db: Session, person_id: int, *, now: datetime) -> list[Contact]:
    """Whom somebody promised to ring again, the first first; not where they were taken off."""
    off = select(Removal.phonebank_id).where(Removal.person_id == person_id)
    query = (
        select(Contact)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .where(Contact.callback_owner_id == person_id, Contact.state.in_(STANDING))
        .where(Phonebank.status != "closed", ~Phonebank.is_practice, Phonebank.id.not_in(off))
        .where(or_(Phonebank.closes_at.is_(None), Phonebank.closes_at > now))
        .options(joinedload(Contact.phonebank), joinedload(Contact.number))
        .order_by(Contact.promised_at, Contact.id)
        .limit(100)
    )
    return list(db.scalars(query))


def wants_letters(db: Session, person_id: int) -> bool:
    """Whether a caller gets a letter for each promise; so it is until they say no."""
    return db.get(NoPromiseLetters, person_id) is None


def promise_of(db: Session, *, contact_id: int, owner_id: int) -> Promise | None:
    """What a caller's calendar holds of somebody."""
    return db.scalar(
        select(Promise).where(Promise.contact_id == contact_id, Promise.owner_id == owner_id)
    )


def called_off(db: Session, *, now: datetime, most: int = 200) -> list[tuple[Promise, Person]]:
    """Entries to come whose promise was kept, moved or taken over, or whose phonebank ended."""
    off = select(Removal.person_id).where(
        Removal.phonebank_id == Contact.phonebank_id, Removal.person_id == Promise.owner_id
    )
    query = (
        select(Promise, Person)
        .join(Contact, Contact.id == Promise.contact_id)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .join(Person, Person.id == Promise.owner_id)
        .where(~Promise.over, Promise.at > now)
        .where(
            or_(
                Contact.promised_at.is_distinct_from(Promise.at),
                Contact.callback_owner_id.is_distinct_from(Promise.owner_id),
                Contact.state.not_in(STANDING),
                Phonebank.status == "closed",
                Phonebank.closes_at <= Promise.at,
                off.exists(),
            )
        )
        .order_by(Promise.id)
        .limit(most)
    )
    return [(promise, person) for promise, person in db.execute(query)]
