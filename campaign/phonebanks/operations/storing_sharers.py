"""Keeping who shares a number with somebody on a list: of the same file, or of one before."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Sharer
from campaign.phonebanks.models.imports import JUDGED, SHARED, STAGED
from campaign.phonebanks.operations.many import add_or_leave

WORDS = ("first_name", "last_name", "email", "external_id", "consent", "screened")


def keep_sharers(db: Session, *, phonebank_id: int) -> None:
    """Nobody of a list is lost because a number is another's; what a file says anew is added.

    Once for each name at a number, however often a file comes. A no outlasts a screening.
    """
    _keep(db, SHARED, phonebank_id, ~SHARED.c.asked_never)
    # Asked for as a set, so that the few are looked up and not each row of a long list.
    others = select(JUDGED.c.place).where(JUDGED.c.another, ~JUDGED.c.held)
    _keep(db, STAGED, phonebank_id, STAGED.c.place.in_(others))
    theirs = select(func.count()).where(Sharer.contact_id == Contact.id).scalar_subquery()
    listed = select(Sharer.contact_id)
    db.execute(
        update(Contact)
        .where(Contact.phonebank_id == phonebank_id, Contact.id.in_(listed))
        .where(Contact.sharers != theirs)
        .values(sharers=theirs)
        .execution_options(synchronize_session=False)
    )


def _keep(db: Session, rows: FromClause, phonebank_id: int, meant: ColumnElement[bool]) -> None:
    said = rows.c
    named = and_(
        func.lower(Contact.first_name) == func.lower(said.first_name),
        or_(
            Contact.last_name == "",
            said.last_name == "",
            func.lower(Contact.last_name) == func.lower(said.last_name),
        ),
    )
    found: Select[*tuple[Any, ...]] = (
        select(Contact.id, *(said[name] for name in WORDS))
        .select_from(rows)
        .join(PhoneNumber, PhoneNumber.e164 == said.e164)
        .join(Contact, Contact.number_id == PhoneNumber.id)
        .where(Contact.phonebank_id == phonebank_id, meant, ~named)
        .order_by(said.place)
    )
    add_or_leave(db, Sharer, found, "contact_id", *WORDS)
    for column, mark in (("consent", said.consent), ("screened", said.screened)):
        _note(db, found.where(mark), column, true())
    _note(db, found.where(said.said_no), "screened", ~true())


def _note(
    db: Session, found: Select[*tuple[Any, ...]], column: str, value: ColumnElement[bool]
) -> None:
    # Found once and then looked up one by one: as one statement, SQLite looks through the whole
    # list for each of them.
    rows = [
        {"of": row.id, "first": row.first_name, "last": row.last_name}
        for row in db.execute(found).all()
    ]
    if not rows:
        return
    table = Sharer.__table__
    db.execute(
        update(Sharer.__table__)  # type: ignore[arg-type]
        .where(table.c.contact_id == bindparam("of"))
        .where(table.c.first_name == bindparam("first"), table.c.last_name == bindparam("last"))
        .values({column: value}),
        rows,
    )
