"""Keeping who shares a number with somebody on a list: of the same file, or of one before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    false,
    func,
    insert,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Contact, Sharer
from campaign.phonebanks.models.imports import JUDGED, NUMBERED, SHARED, SHARING, STAGED
from campaign.phonebanks.operations.many import add_or_leave

KNOWN = Sharer.__table__.c
WORDS = ("first_name", "last_name", "email", "external_id", "consent", "screened")


def keep_sharers(db: Session, *, phonebank_id: int) -> None:
    """Nobody of a list is lost because a number is another's; what a file says anew is added.

    Once for each name at a number, however often a file comes, and for each id where the file
    has several of one name. A no outlasts a screening.
    """
    SHARING.create(db.connection(), checkfirst=False)
    # Asked for as a set, so that the few are looked up and not each row of a long list.
    others = select(JUDGED.c.place).where(JUDGED.c.another, ~JUDGED.c.held)
    of_one_name = or_(
        _is_in_file(SHARED.c.e164, Contact.external_id), _ids_hold(SHARED.c.e164, Contact.id)
    )
    these = (
        (SHARED, ~SHARED.c.asked_never, of_one_name),
        (STAGED, STAGED.c.place.in_(others), true()),
    )
    for rows, meant, apart in these:
        _find(db, rows, phonebank_id, meant, apart)
    for rows, _, _ in these:
        _keep(db, rows)
    theirs = select(func.count()).where(Sharer.contact_id == Contact.id).scalar_subquery()
    db.execute(
        update(Contact)
        .where(Contact.id.in_(select(SHARING.c.contact_id)), Contact.sharers != theirs)
        .values(sharers=theirs)
        .execution_options(synchronize_session=False)
    )


def _find(
    db: Session,
    rows: FromClause,
    phonebank_id: int,
    meant: ColumnElement[bool],
    apart: ColumnElement[bool],
) -> None:
    """Note at whose number each of them is; found once, for the list is long.

    ``apart``: whether an id of their own makes two people of two with one name.
    """
    said = rows.c
    named = and_(
        func.lower(Contact.first_name) == func.lower(said.first_name),
        or_(
            Contact.last_name == "",
            said.last_name == "",
            func.lower(Contact.last_name) == func.lower(said.last_name),
        ),
    )
    other_id = and_(_differ(said.external_id, Contact.external_id), apart)
    found = (
        select(said.place, Contact.id)
        .select_from(rows)
        .join(NUMBERED, NUMBERED.c.place == said.place)
        .join(Contact, Contact.number_id == NUMBERED.c.number_id)
        .where(Contact.phonebank_id == phonebank_id, meant, or_(~named, other_id))
    )
    db.execute(insert(SHARING).from_select(["place", "contact_id"], found))


def _keep(db: Session, rows: FromClause) -> None:
    said = rows.c
    found: Select[*tuple[Any, ...]] = (
        select(SHARING.c.contact_id, *(said[name] for name in WORDS))
        .select_from(SHARING)
        .join(rows, said.place == SHARING.c.place)
        .order_by(said.place)
    )
    known = select(KNOWN.id).where(_is_them(said)).correlate(SHARING, rows).exists()
    add_or_leave(db, Sharer, found.where(~known), "contact_id", *WORDS)
    for column, mark, value in (
        ("consent", said.consent, true()),
        ("consent", said.said_no, false()),
        ("screened", said.screened, true()),
        ("screened", said.said_no, false()),
    ):
        _note(db, found.where(mark).join(Sharer, _is_them(said)), column, value)


def _is_them(said: Any) -> ColumnElement[bool]:
    """Whether a row is about somebody who is known to share the number, by the name.

    Or by the id, where the file has one that we know there.
    """
    several = _ids_hold(said.e164, SHARING.c.contact_id)
    return and_(
        KNOWN.contact_id == SHARING.c.contact_id,
        KNOWN.first_name == said.first_name,
        KNOWN.last_name == said.last_name,
        ~and_(_differ(said.external_id, KNOWN.external_id), several),
    )


def _differ(one: Any, other: Any) -> ColumnElement[bool]:
    return func.coalesce(one != other, false())


def _ids_hold(e164: Any, contact_id: Any) -> ColumnElement[bool]:
    """Whether the file has an id of somebody known to share a number: then ids tell people apart.

    Where it has none, its ids were made anew. A contact's own is not asked: it is renewed before.
    """
    others = Sharer.__table__.alias("others")
    known = select(others.c.id).where(
        others.c.contact_id == contact_id, _is_in_file(e164, others.c.external_id)
    )
    return known.correlate_except(others).exists()


def _is_in_file(e164: Any, external_id: Any) -> ColumnElement[bool]:
    """Whether the file gives a number to an id."""
    first, too = STAGED.alias("first"), SHARED.alias("too")
    said = select(first.c.place).where(first.c.e164 == e164, first.c.external_id == external_id)
    others = select(too.c.e164, too.c.external_id).where(too.c.external_id.is_not(None))
    return or_(
        said.correlate_except(first).exists(),
        tuple_(e164, external_id).in_(others.correlate_except(too)),
    )


def _note(
    db: Session, found: Select[*tuple[Any, ...]], column: str, value: ColumnElement[bool]
) -> None:
    # Who is new says it already. Found once and then looked up one by one: as one statement,
    # SQLite looks through the whole list for each of them.
    known = found.with_only_columns(KNOWN.id).where(KNOWN[column] != value)
    rows = [{"of": sharer_id} for sharer_id in db.scalars(known)]
    if not rows:
        return
    db.execute(
        update(Sharer.__table__)  # type: ignore[arg-type]
        .where(KNOWN.id == bindparam("of"))
        .values({column: value}),
        rows,
    )
