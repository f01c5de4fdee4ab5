"""Holding the rows of a file against what the database knows; no lock that another waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    true,
    union,
)
from sqlalchemy.orm import Session

from campaign.foundation.database import is_postgresql
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact
from campaign.phonebanks.models.imports import JUDGED, SHARED, STAGED

ROW, KNOWN, TOO = STAGED.c, JUDGED.c, SHARED.c
NAMES = ["place", "held", "contact_id", "moves", "another"]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of a file's rows are new (some with a number that was mended), known, or held."""

    new: int
    fixed: int
    updated: int
    held: int
    # A number that is another's, in this file or on the list.
    shared: int


def check(db: Session, *, phonebank_id: int, source: str) -> int:
    """Note who asked never to be rung, and who is on the list already.

    Somebody is known by their number, or else by their id at this source; an id goes before a
    number where a number changes hands within the file. Answers with the last wish looked at.
    """
    JUDGED.create(db.connection(), checkfirst=False)
    last_wish = db.scalar(select(func.max(Suppression.id))) or 0
    # Two plain questions: PostgreSQL would answer an OR of them row by row.
    asked = select(ROW.place).where(ROW.asked_never)
    wished = select(ROW.place).join(Suppression, Suppression.hmac == ROW.hmac)
    held = union(asked, wished).subquery()
    these = select(held.c.place, true(), null(), false(), false())
    db.execute(insert(JUDGED).from_select(NAMES, these))
    if db.scalar(select(exists().where(Contact.phonebank_id == phonebank_id))):
        _note_known(db, phonebank_id, source)
    if is_postgresql(db):
        db.execute(text("ANALYZE judged"))
    return last_wish


def _note_known(db: Session, phonebank_id: int, source: str) -> None:
    by_number = (
        select(ROW.place, false(), Contact.id, false(), _is_another())
        .select_from(STAGED)
        .join(PhoneNumber, PhoneNumber.e164 == ROW.e164)
        .join(Contact, Contact.number_id == PhoneNumber.id)
        .where(Contact.phonebank_id == phonebank_id, is_new())
    )
    db.execute(insert(JUDGED).from_select(NAMES, by_number))
    by_id = (
        select(ROW.place, false(), func.min(Contact.id), true(), false())
        .select_from(STAGED)
        .join(Contact, Contact.external_id == ROW.external_id)
        .where(Contact.phonebank_id == phonebank_id, Contact.source == source, is_new())
        .group_by(ROW.place)
    )
    db.execute(insert(JUDGED).from_select(NAMES, by_id))
    moving = select(KNOWN.contact_id).where(KNOWN.moves)
    stays = (~KNOWN.moves, ~KNOWN.held)
    db.execute(delete(JUDGED).where(*stays, KNOWN.contact_id.in_(moving)))


def _is_another() -> ColumnElement[bool]:
    """Whether a row's number is known as somebody else's, by the first name and the id."""
    first, known = func.lower(ROW.first_name), func.lower(Contact.first_name)
    same_id = func.coalesce(ROW.external_id == Contact.external_id, false())
    return and_(first != "", known != "", first != known, ~same_id)


def is_held_too() -> ColumnElement[bool]:
    """Whether somebody who shares a number stays out with it."""
    first = select(KNOWN.place).join(STAGED, ROW.place == KNOWN.place)
    return or_(TOO.asked_never, first.where(ROW.e164 == TOO.e164, KNOWN.held).exists())


def tally(db: Session) -> Tally:
    """Count the rows by what becomes of them."""
    stays = ~KNOWN.held
    held, updated, others = db.execute(
        select(
            func.count().filter(KNOWN.held),
            func.count().filter(stays, ~KNOWN.another),
            func.count().filter(stays, KNOWN.another),
        ).select_from(JUDGED)
    ).one()
    fresh, fixed = db.execute(
        select(func.count(), func.count().filter(ROW.fixed)).select_from(STAGED).where(is_new())
    ).one()
    too, held_too = db.execute(
        select(func.count(), func.count().filter(is_held_too())).select_from(SHARED)
    ).one()
    return Tally(fresh - fixed, fixed, updated, held + held_too, others + too - held_too)


def is_new() -> ColumnElement[bool]:
    """Whether nothing is known of a staged row."""
    return ~exists(literal(1)).where(KNOWN.place == ROW.place)


def hold(db: Session, places: Iterable[int]) -> None:
    """Have these rows stay out, whatever was thought of them."""
    for place in places:
        db.execute(delete(JUDGED).where(KNOWN.place == place))
        db.execute(insert(JUDGED).values(place=place, held=True, moves=False, another=False))


def new_wishes(db: Session, last_wish: int) -> list[int]:
    """The rows of people who asked never to be rung since we looked."""
    if (db.scalar(select(func.max(Suppression.id))) or 0) == last_wish:
        return []
    query = (
        select(ROW.place)
        .join(Suppression, Suppression.hmac == ROW.hmac)
        .where(Suppression.id > last_wish)
        .order_by(ROW.place)
    )
    return list(db.scalars(query))


def held_places(db: Session) -> Iterable[int]:
    """The rows that stay out, in the order of the file, one after the other."""
    return db.scalars(_held_places().execution_options(yield_per=10_000))


def _held_places() -> CompoundSelect[int]:
    too = select(TOO.place).where(is_held_too())
    return select(KNOWN.place).where(KNOWN.held).union_all(too).order_by("place")


def held(db: Session) -> int:
    """How many staged rows stay out."""
    return db.scalar(select(func.count()).select_from(JUDGED).where(KNOWN.held)) or 0


def first_held(db: Session) -> int | None:
    """The first row that stays out, of those the database knows something of."""
    first: int | None = db.scalar(_held_places().limit(1))
    return first


def asked_never(db: Session) -> list[str]:
    """The keys of the numbers whose rows say “do not call”."""
    too = select(TOO.hmac).where(TOO.asked_never)
    query = select(ROW.hmac).where(ROW.asked_never).union(too)
    return list(db.scalars(query.order_by("hmac")))
