"""Whether somebody is kept out of everything: the one question that every door asks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session

from campaign.conduct.models import KeptOut, KeptOutMark, KeptOutPerson
from campaign.conduct.rules.kept_out import marks_of
from campaign.foundation import clock
from campaign.foundation.keyed import hashed
from campaign.people.models import Person, SignInSession

# So many hashes are asked for in one statement.
MANY = 500


@dataclass(frozen=True)
class Held:
    """What is known of somebody who is kept out: why, until when, and by which mark."""

    reason: str
    until: datetime
    by_address: bool


def hashes_of(db: Session, *, email: str | None, phone: str | None, name: str) -> list[str]:
    """The keyed hashes of the marks of whoever has these, that of the address first.

    ``phone`` is E.164.
    """
    marks = marks_of(email=email, phone_e164=phone, name=name)
    return [found for mark in marks if (found := hashed(db, f"sent out|{mark}"))]


def kept_out(
    db: Session, *, email: str | None = None, phone: str | None = None, name: str = ""
) -> Held | None:
    """Why and until when whoever has this address or number is kept out; None where they are not.

    Their address says more than their number: anybody who has it reads that mailbox.
    """
    by_address = hashes_of(db, email=email, phone=None, name=name)
    hashes = [*by_address, *hashes_of(db, email=None, phone=phone, name=name)]
    if not hashes:
        return None
    rows = db.execute(
        select(KeptOut.reason, KeptOut.until, KeptOutMark.hashed)
        .join(KeptOutMark, KeptOutMark.kept_out_id == KeptOut.id)
        .where(KeptOutMark.hashed.in_(hashes), KeptOut.until > clock.now())
        .order_by(KeptOut.until.desc(), KeptOut.id)
    )
    found = [Held(reason, until, mark in by_address) for reason, until, mark in rows]
    return next((held for held in found if held.by_address), found[0] if found else None)


def is_person_kept_out(db: Session, person_id: int | None) -> bool:
    """Whether this person is kept out: as an account, or by what we hold of them."""
    person = db.get(Person, person_id) if person_id is not None else None
    if person is None or not (person.email or person.phone):
        return False  # of a name alone nobody is known
    if is_account_kept_out(db, person.id):
        return True
    return kept_out(db, email=person.email, phone=person.phone, name=person.name) is not None


def is_any_kept_out(
    db: Session,
    *,
    people: Iterable[int | None],
    email: str | None = None,
    phone: str | None = None,
    name: str = "",
) -> bool:
    """Whether one of these people is kept out, or whoever has this address or number; one look."""
    known = [db.get(Person, person_id) for person_id in people if person_id is not None]
    held = [one for one in known if one is not None and (one.email or one.phone)]
    hashes = set(hashes_of(db, email=email, phone=phone, name=name))
    for one in held:
        hashes.update(hashes_of(db, email=one.email, phone=one.phone, name=one.name))
    if not hashes:
        return False
    now = clock.now()
    found = [account_kept_out(one.id, now) for one in held]
    found.append(mark_kept_out(hashes, now))
    return bool(db.scalar(select(or_(*found))))


def mark_kept_out(hashes: Iterable[str], now: datetime) -> ColumnElement[bool]:
    """A column: whether one of these marks is that of somebody who is kept out at that moment."""
    return exists(
        select(KeptOutMark.hashed)
        .join(KeptOut, KeptOut.id == KeptOutMark.kept_out_id)
        .where(KeptOutMark.hashed.in_(list(hashes)), KeptOut.until > now)
    )


def is_account_kept_out(db: Session, person_id: int) -> bool:
    """Whether somebody who has signed in is kept out now."""
    return bool(db.scalar(select(account_kept_out(person_id, clock.now()))))


def account_kept_out(person_id: Any, now: Any) -> ColumnElement[bool]:
    """A column: whether somebody who has signed in is kept out at that moment.

    One look by an index, so that a claim and a report can carry it.
    """
    return exists(
        select(KeptOutPerson.person_id)
        .join(KeptOut, KeptOut.id == KeptOutPerson.kept_out_id)
        .where(KeptOutPerson.person_id == person_id, KeptOut.until > now)
    )


def addresses_kept_out(db: Session, addresses: Iterable[str]) -> set[str]:
    """Those of these addresses to which nothing is sent that asks somebody to come."""
    return those_kept_out(db, {address: (address, None, "") for address in addresses})


def those_kept_out(
    db: Session, known: Mapping[str, tuple[str | None, str | None, str]]
) -> set[str]:
    """Which of many are kept out, each known by an address, a number and a name."""
    of: dict[str, set[str]] = {}
    for one, (email, phone, name) in known.items():
        for mark in hashes_of(db, email=email, phone=phone, name=name):
            of.setdefault(mark, set()).add(one)
    asked, kept = list(of), set[str]()
    for start in range(0, len(asked), MANY):
        rows = db.scalars(
            select(KeptOutMark.hashed)
            .join(KeptOut, KeptOut.id == KeptOutMark.kept_out_id)
            .where(KeptOutMark.hashed.in_(asked[start : start + MANY]))
            .where(KeptOut.until > clock.now())
        )
        kept.update(*(of[found] for found in rows))
    return kept


def of_case(db: Session, case_id: str) -> KeptOut | None:
    """Who is kept out because of this."""
    return db.scalar(select(KeptOut).where(KeptOut.case_id == case_id))


def accounts_with(db: Session, hashes: Sequence[str]) -> list[Person]:
    """Who is signed in somewhere and has one of these marks; all others are known as they come."""
    here = exists().where(SignInSession.person_id == Person.id)
    query = select(Person).where(here, Person.email_confirmed_at.is_not(None)).order_by(Person.id)
    return [person for person in db.scalars(query) if has_mark(db, person, hashes)]


def has_mark(db: Session, person: Person, hashes: Sequence[str]) -> bool:
    """Whether a person is known by one of these hashes."""
    own = hashes_of(db, email=person.email, phone=person.phone, name=person.name)
    return not set(hashes).isdisjoint(own)


def held_with(db: Session, hashes: Sequence[str]) -> list[int]:
    """The keys of the words about who has one of these marks, that hold now."""
    query = (
        select(KeptOut.id)
        .distinct()
        .join(KeptOutMark, KeptOutMark.kept_out_id == KeptOut.id)
        .where(KeptOutMark.hashed.in_(hashes), KeptOut.until > clock.now())
        .order_by(KeptOut.id)
    )
    return list(db.scalars(query))
