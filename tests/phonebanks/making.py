"""Phonebanks, people and call lists for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.foundation.phone import hmac_key
from campaign.groups.models import Group
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.reporting import Saved, record_outcome
from campaign.phonebanks.rules.claims import Nothing

KEY = b"for-tests-only-" * 4
# A Tuesday at noon in London, well inside the usual hours.
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def make_person(db: Session, name: str = "Priya Nair", **values: Any) -> Person:
    person = Person(name=name, email=f"{tokens.public_id()}@people.example", made_at=NOON, **values)
    db.add(person)
    db.flush()
    return person


def make_group(db: Session, slug: str = "hove") -> Group:
    group = Group(slug=slug, name=slug.title(), place="Hove", lat=50.83, lng=-0.17, made_at=NOON)
    db.add(group)
    db.flush()
    return group


def make_phonebank(db: Session, group: Group | None = None, **values: Any) -> Phonebank:
    group = group or db.scalar(select(Group)) or make_group(db)
    usual = {"title": "Hove rents vote", "status": "open", "access": "open", "made_at": NOON}
    phonebank = Phonebank(group_id=group.id, **{**usual, **values})
    db.add(phonebank)
    db.flush()
    return phonebank


def fictitious(number: int) -> str:
    """One of the thousands of numbers that Ofcom gives to nobody."""
    return f"+444{number:09d}"


def fill(db: Session, phonebank: Phonebank, numbers: range, **values: Any) -> list[Contact]:
    """A list of people with these numbers; the same number twice is the same telephone."""
    e164 = [fictitious(number) for number in numbers]
    known = set(db.scalars(select(PhoneNumber.e164).where(PhoneNumber.e164.in_(e164))))
    rows = [
        {
            "e164": text,
            "hmac": hmac_key(text, KEY),
            "kind": "mobile",
            "state": "ok",
            "fictitious": True,
            "time_zone": "Europe/London",
        }
        for text in e164
        if text not in known
    ]
    if rows:
        db.execute(insert(PhoneNumber), rows)
    ids = db.execute(
        select(PhoneNumber.id, PhoneNumber.e164).where(PhoneNumber.e164.in_(e164))
    ).all()
    usual = {"first_name": "Amina", "last_name": "Kay", "town": "Hove", "consent": True}
    contacts = [
        Contact(
            phonebank_id=phonebank.id,
            number_id=number_id,
            shuffle=int(text[-6:]) * 7919 % 100_003,
            slot=int(text[-3:]) % 16,
            **{**usual, **values},
        )
        for number_id, text in ids
    ]
    db.add_all(contacts)
    db.flush()
    return contacts


def claim(db: Session, phonebank: Phonebank, person: Person, now: datetime = NOON) -> Claim:
    found = claim_next(db, phonebank=phonebank, caller_id=person.id, now=now, pace=False)
    assert not isinstance(found, Nothing), found
    return found


def report(db: Session, *, call: Call, now: datetime, **given: Any) -> Saved:
    """Report a call whose number was shown when it was claimed, as a caller does."""
    if call.revealed_at is None:
        call.revealed_at = call.attempted_at = call.claimed_at
        if call.status == "claimed":
            call.status = "revealed"
        db.flush()
    return record_outcome(db, call=call, now=now, **given)
