"""Erasing once more, in an older copy, what was erased since: by the same operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.journal import Entry, Journal
from campaign.people import queries
from campaign.people.models import Person
from campaign.people.operations.erasing import erase
from campaign.people.operations.reached import erase_address, erase_number


def erase_people_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Erase the people whose ids these are; answers how many were here."""
    ids = select(Person.id, Person.public_id).order_by(Person.id)
    named = {public_id: person_id for person_id, public_id in db.execute(ids)}
    found = meant(entries, journal, "person", named)
    for public_id in found:
        person = db.get(Person, named[public_id])
        if person is not None:
            erase(db, person=person)
    return len(found)


def erase_addresses_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Erase what is held under these addresses; answers how many were here."""
    found = meant(entries, journal, "email", queries.addresses_held(db))
    for email in found:
        erase_address(db, email=email)
    return len(found)


def erase_numbers_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Erase what is held under these numbers; answers how many were here."""
    found = meant(entries, journal, "number", queries.numbers_held(db))
    for e164 in found:
        erase_number(db, e164=e164)
    return len(found)


def meant(entries: Sequence[Entry], journal: Journal, kind: str, held: Iterable[str]) -> list[str]:
    """Which of the things that are held these entries mean."""
    wanted = {entry.of for entry in entries}
    return [what for what in held if journal.hashed(kind, what) in wanted]


Again = Callable[[Session, Sequence[Entry], Journal], int]
