"""Holding the rows of a file against what the database knows; no lock that another waits for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    case,
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
    tuple_,
    union,
)
from sqlalchemy.orm import Session

from campaign.foundation.database import is_postgresql
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, Sharer
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
    held = union(asked, wished, *_beside_wishes(db)).subquery()
    these = select(held.c.place, true(), null(), false(), false())
    db.execute(insert(JUDGED).from_select(NAMES, these))
    if db.scalar(select(exists().where(Contact.phonebank_id == phonebank_id))):
        _note_known(db, phonebank_id, source)
    if is_postgresql(db):
        db.execute(text("ANALYZE judged"))
    return last_wish


def _beside_wishes(db: Session) -> list[Select[int]]:
    """The rows with whose number another row of the file asks never to be rung, if any does."""
    asked = select(TOO.e164).where(TOO.asked_never)
    if not db.scalar(select(asked.exists())):
        return []
    return [select(ROW.place).where(ROW.e164.in_(asked))]


def _note_known(db: Session, phonebank_id: int, source: str) -> None:
    by_number = (
        select(ROW.place, false(), Contact.id, false(), _is_another(source))
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


def _is_another(source: str) -> ColumnElement[bool]:
    """Whether a row's number is known as somebody else's, by the first name and the id.

    Two of one first name are two people where both their surnames and their ids at this source
    differ: by a surname alone, somebody who married would be one more person at their own number.
    Two of one name are, where the file gives the number to an id we know there as well: by an id
    alone, all of a list whose ids were made anew would be.
    """
    first, known = func.lower(ROW.first_name), func.lower(Contact.first_name)
    last, known_last = func.lower(ROW.last_name), func.lower(Contact.last_name)
    same_id = func.coalesce(ROW.external_id == Contact.external_id, false())
    differs = func.coalesce(ROW.external_id != Contact.external_id, false())
    other_id = and_(differs, Contact.source == source)
    namesake = and_(last != "", known_last != "", last != known_last, other_id)
    named = and_(first != "", known != "", or_(and_(first != known, ~same_id), namesake))
    shares = and_(Contact.sharers > 0, _is_a_known_sharer())
    return or_(named, and_(other_id, or_(_is_beside_them(), shares)))


def _is_beside_them() -> ColumnElement[bool]:
    """Whether a row's number stands in the file with an id that we know there already too."""
    # As a set that is found once: asked for each of them, each would look through all of these.
    said = select(TOO.e164, TOO.external_id).where(TOO.external_id.is_not(None))
    shares = exists().where(
        Sharer.contact_id == Contact.id, tuple_(ROW.e164, Sharer.external_id).in_(said)
    )
    # As a condition: where it matters whether the answer is no or unknown, SQLite looks through
    # the whole set for each row that is not in it.
    beside = case((tuple_(ROW.e164, Contact.external_id).in_(said), true()), else_=false())
    return or_(beside, shares)


def _is_a_known_sharer() -> ColumnElement[bool]:
    return exists().where(Sharer.contact_id == Contact.id, Sharer.external_id == ROW.external_id)


def is_held_too() -> ColumnElement[bool]:
    """Whether somebody who shares a number stays out with it."""
    # As a set that is found once: asked for each of them, each would look through all rows.
    held = select(ROW.e164).join(JUDGED, KNOWN.place == ROW.place).where(KNOWN.held)
    return or_(TOO.asked_never, TOO.e164.in_(held))


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


def asked_never(db: Session, *, phonebank_id: int, source: str) -> list[str]:
    """The keys of the numbers whose rows say “do not call”, and of those we know these people by.

    Whoever is known by their id at this source asked for themselves, not for the number they have
    in this file alone.
    """
    too = select(TOO.hmac).where(TOO.asked_never)
    query = select(ROW.hmac).where(ROW.asked_never).union(too)
    asked = list(db.scalars(query.order_by("hmac")))
    if not asked:
        return []
    own = select(ROW.external_id.label("of")).where(ROW.asked_never, ROW.external_id.is_not(None))
    own_too = select(TOO.external_id).where(TOO.asked_never, TOO.external_id.is_not(None))
    ids = union(own, own_too).subquery()
    here = (Contact.phonebank_id == phonebank_id, Contact.source == source)
    known = select(PhoneNumber.hmac).join(Contact, Contact.number_id == PhoneNumber.id).where(*here)
    theirs = known.join(ids, Contact.external_id == ids.c.of)
    sharing = select(Sharer.contact_id).join(ids, Sharer.external_id == ids.c.of)
    beside = known.where(Contact.id.in_(sharing))
    return sorted({*asked, *db.scalars(theirs), *db.scalars(beside)})
