"""A person's own data: all of it on a page, and all of it gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Column, delete, literal, select, union, update
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock, journal, outbox, signals
from campaign.foundation.database import Base
from campaign.people.models import Person, SignInLink

NOBODY = "Somebody"


def export(db: Session, *, person: Person) -> dict[str, list[dict[str, Any]]]:
    """Everything we hold of a person, room by room; others stand in it by their part only."""
    held: dict[str, list[dict[str, Any]]] = {
        "You": [
            {
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
                "postcode": person.postcode,
                "known since": person.made_at.isoformat(timespec="minutes"),
            }
        ]
    }
    signals.person_exported.send(db, person_id=person.id, into=held)
    return held


def erase(db: Session, *, person: Person) -> None:
    """Forget a person everywhere, at once; only the keyed hash of a do-not-call stays.

    Each room listens and takes off what is theirs. What would go with the person's row goes; the
    row itself stays, saying nothing, where something public (an event they host) hangs on it.
    """
    person_id, email = person.id, person.email
    journal.note_erased(db, "person", person.public_id)
    if email and person.email_confirmed_at is not None:
        journal.note_erased(db, "email", email)
    signals.person_erased.send(db, person_id=person_id)
    if email:
        outbox.forget_letters(db, to=email)
        db.execute(delete(SignInLink).where(SignInLink.email == email))
    audit.append(db, "person erased", subject=f"person:{person_id}")
    holds = False
    hanging = {name for name, _ in _held(db, [person_id])}
    for column, rule in _references():
        mine = column == person_id
        if str(column) not in hanging:
            continue
        if rule == "CASCADE":
            db.execute(delete(column.table).where(mine))
        elif rule == "SET NULL":
            db.execute(update(column.table).where(mine).values({column.name: None}))
        else:
            holds = True
    db.expire_all()
    if holds:
        _blank(db, person_id)
    else:
        db.execute(delete(Person).where(Person.id == person_id))


def _blank(db: Session, person_id: int) -> None:
    db.execute(
        update(Person)
        .where(Person.id == person_id)
        .values(
            name=NOBODY,
            email=None,
            email_confirmed_at=None,
            phone=None,
            postcode=None,
            is_demo=False,
            disabled_at=clock.now(),
        )
    )


def drop_unheld(db: Session, *, person_ids: Sequence[int]) -> None:
    """Delete those of these persons of whom nothing is left but their row, and their letters."""
    wanted = set(person_ids)
    if not wanted:
        return
    held = {found for _, found in _held(db, sorted(wanted))}
    # An account is its owner's own to delete, also where nothing hangs on it.
    query = select(Person.id, Person.email).where(
        Person.id.in_(sorted(wanted - held)), Person.email_confirmed_at.is_(None)
    )
    alone = {person_id: email for person_id, email in db.execute(query.order_by(Person.id))}
    for email in filter(None, alone.values()):
        outbox.forget_letters(db, to=email)
    db.execute(
        delete(Person).where(Person.id.in_(alone)).execution_options(synchronize_session=False)
    )


def _held(db: Session, person_ids: Sequence[int]) -> set[tuple[str, int]]:
    """Which columns point to which of these persons, in one question to the database."""
    asked = [
        select(literal(str(column)), column).where(column.in_(person_ids))
        for column, _ in _references()
    ]
    return {(name, found) for name, found in db.execute(union(*asked))}


def _references() -> Iterator[tuple[Column[Any], str]]:
    """Every column of every room that points to a person, and what becomes of its row."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column is Person.__table__.c.id:
                    yield column, key.ondelete or ""
