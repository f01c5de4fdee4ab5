"""Many values in one statement, so that a long list costs few of them on either database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    Table,
    bindparam,
    column,
    func,
    select,
    text,
    true,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session

from campaign.foundation.database import is_postgresql


def among(
    db: Session, wanted: InstrumentedAttribute[Any], values: Sequence[str] | Sequence[int]
) -> ColumnElement[bool]:
    """Whether a column is one of many values, handed over as one.

    With a parameter for each value, statements are long and never the same.
    """
    if is_postgresql(db):
        listed = bindparam(None, list(values), postgresql.ARRAY(wanted.type), unique=True)
        return wanted == func.any(listed)
    listed = bindparam(None, json.dumps(list(values)), unique=True)
    return wanted.in_(select(func.json_each(listed).table_valued("value").c.value))


def plan_afresh(db: Session) -> None:
    """Have PostgreSQL look at the values whenever it plans, until this transaction ends.

    A plan made once for all values compares each row with each value, one by one; knowing them
    it looks them up. A list of 20,000 brought in again takes 2 seconds instead of a minute.
    """
    if is_postgresql(db):
        db.execute(text("SET LOCAL plan_cache_mode = force_custom_plan"))


def each_of(db: Session, values: Sequence[str]) -> ColumnElement[str]:
    """Many texts without line ends as the one column of a SELECT, handed over as one value."""
    if is_postgresql(db):
        # As an array, each value would be looked through for signs to quote.
        listed = func.string_to_array("\n".join(values), "\n", type_=postgresql.ARRAY(String))
        return func.unnest(listed).column_valued("one")
    written: BindParameter[str] = bindparam(None, json.dumps(list(values)), unique=True)
    return func.json_each(written).table_valued("value").c.value


def add_or_leave(
    db: Session, table: type[Any], rows: Select[*tuple[Any, ...]], *names: str
) -> None:
    """Add the rows of a SELECT that fills these columns, save those that are there already."""
    dialect = postgresql if is_postgresql(db) else sqlite
    # SQLite would read ON CONFLICT as the ON of a join, were there no WHERE.
    added = dialect.insert(table).from_select(list(names), rows.where(true()))
    db.execute(added.on_conflict_do_nothing())


def add_all(db: Session, table: type[Any], rows: Select[*tuple[Any, ...]], *names: str) -> None:
    """The same where hardly any is there: at half a million rows it matters to ask of none.

    To leave out what is there, PostgreSQL looks each row up in every index first and writes it in
    two steps. Where one is there after all, all are added anew in that way.
    """
    if not is_postgresql(db):
        add_or_leave(db, table, rows, *names)
        return
    try:
        with db.begin_nested():
            db.execute(postgresql.insert(table).from_select(list(names), rows))
    except IntegrityError:
        add_or_leave(db, table, rows, *names)


def pour(db: Session, table: type[Any], rows: Sequence[dict[str, Any]]) -> None:
    """Add many rows that fill the same columns; a row that is there already stands as it is."""
    if not rows:
        return
    into: Table = table.__table__
    if not is_postgresql(db):
        db.execute(sqlite.insert(into).on_conflict_do_nothing(), list(rows))
        return
    names = list(rows[0])
    given = [
        bindparam(name, [row[name] for row in rows], postgresql.ARRAY(into.c[name].type))
        for name in names
    ]
    filled = [column(name, into.c[name].type) for name in names]
    poured = func.unnest(*given).table_valued(*filled).render_derived()
    added = postgresql.insert(into).from_select(names, select(poured))
    db.execute(added.on_conflict_do_nothing())
