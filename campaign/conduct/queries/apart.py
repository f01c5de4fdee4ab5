"""Who is barred, and who may meet whom."""

from __future__ import annotations

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased

from campaign.conduct.models import Barred, NoContact
from campaign.conduct.queries.kept_out import account_kept_out
from campaign.foundation import clock
from campaign.people.models import Person


def is_barred(db: Session, person_id: int | None) -> bool:
    """Whether this person may not announce or run anything for the time being.

    Somebody barred them, or a moderator keeps them out of everything.
    """
    if person_id is None:
        return False
    out = account_kept_out(person_id, clock.now())
    return bool(db.scalar(select(or_(_bar_on(person_id), out))))


def has_bar(db: Session, person_id: int) -> bool:
    """Whether somebody barred this person, and nobody lifted it."""
    return bool(db.scalar(select(_bar_on(person_id))))


def _bar_on(person_id: int) -> ColumnElement[bool]:
    return exists(
        select(Barred.id).where(Barred.person_id == person_id, Barred.lifted_at.is_(None))
    )


def barred(db: Session) -> list[tuple[Barred, Person]]:
    """Everybody who is barred now, newest first."""
    query = (
        select(Barred, Person)
        .join(Person, Person.id == Barred.person_id)
        .where(Barred.lifted_at.is_(None))
        .order_by(Barred.made_at.desc(), Barred.id.desc())
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def may_meet(db: Session, one: int, other: int) -> bool:
    """Whether two people may be put at one table, in one shift or into touch with each other."""
    first, second = sorted((one, other))
    query = select(NoContact.id).where(NoContact.first_id == first, NoContact.second_id == second)
    return db.scalar(query) is None


def kept_among(db: Session, person_ids: list[int]) -> list[tuple[int, int]]:
    """The no-contact pairs of which both are among these people."""
    if len(person_ids) < 2:
        return []
    query = (
        select(NoContact.first_id, NoContact.second_id)
        .where(NoContact.first_id.in_(person_ids), NoContact.second_id.in_(person_ids))
        .order_by(NoContact.id)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def kept_apart(db: Session) -> list[tuple[NoContact, Person, Person]]:
    """Every no-contact pair, newest first."""
    first, second = aliased(Person), aliased(Person)
    query = (
        select(NoContact, first, second)
        .join(first, first.id == NoContact.first_id)
        .join(second, second.id == NoContact.second_id)
        .order_by(NoContact.made_at.desc(), NoContact.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in db.execute(query)]
