"""Rights of somebody who is known by an address or a number alone, such as on a call list.

Anybody can type an address or a number: who does this for somebody has made sure who asks.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit, journal, outbox, signals
from campaign.people.models import Person, SignInLink
from campaign.people.operations.erasing import erase, export
from campaign.people.queries import person_by_email


def export_address(db: Session, *, email: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is held under an address, confirmed or not, room by room."""
    person = person_by_email(db, email)
    held = export(db, person=person) if person else {}
    signals.address_exported.send(db, email=email.lower(), into=held)
    return held


def export_number(db: Session, *, e164: str) -> dict[str, list[dict[str, Any]]]:
    """Everything that is held under a telephone number, whoever shares it."""
    people = db.scalars(select(Person).where(Person.phone == e164).order_by(Person.id))
    held: dict[str, list[dict[str, Any]]] = {
        "People with this number": [
            {"name": person.name, "email": person.email, "phone": person.phone} for person in people
        ]
    }
    signals.number_exported.send(db, e164=e164, into=held)
    return held


def erase_address(db: Session, *, email: str, actor_id: int | None = None) -> None:
    """Forget everything that is held under an address; whoever has an account under it, too."""
    email = email.lower()
    audit.append(db, "address erased", subject="rights", actor_id=actor_id)
    person = person_by_email(db, email)
    if person is None or person.email_confirmed_at is None:
        journal.note_erased(db, "email", email)  # of a confirmed one, erase writes it
    if person is not None:
        erase(db, person=person)
    signals.address_erased.send(db, email=email)
    outbox.forget_letters(db, to=email)
    db.execute(delete(SignInLink).where(SignInLink.email == email))
    db.expire_all()


def erase_number(db: Session, *, e164: str, actor_id: int | None = None) -> None:
    """Forget everything that is held under a telephone number; a "never call" stays as its hash.

    Whoever has an account keeps it, without the number.
    """
    journal.note_erased(db, "number", e164)
    audit.append(db, "number erased", subject="rights", actor_id=actor_id)
    signals.number_erased.send(db, e164=e164)
    db.execute(update(Person).where(Person.phone == e164).values(phone=None))
    db.expire_all()
