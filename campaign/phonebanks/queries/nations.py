"""Whose bank holidays the people of a list keep, by the beginning of their postcodes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, func, literal, or_, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Contact
from campaign.phonebanks.rules.nations import AREAS


def lives_in(nations: Sequence[str]) -> ColumnElement[bool]:
    """Whether somebody lives in one of these nations, as ``nation_of_postcode`` says.

    Any other nation than those with areas of their own is the usual one: everybody else.
    """
    begins = func.substr(func.coalesce(Contact.postcode, ""), 1, 2)
    elsewhere = sorted(area for areas in AREAS.values() for area in areas)
    ways = [
        begins.in_(sorted(AREAS[nation])) if nation in AREAS else begins.not_in(elsewhere)
        for nation in nations
    ]
    return or_(*ways) if ways else literal(False)


def nations_waiting(db: Session, phonebank_id: int, nations: Iterable[str]) -> list[str]:
    """Those of the nations in which somebody lives who is still to be rung, in their order."""
    waits = (Contact.phonebank_id == phonebank_id, Contact.state.in_(("ready", "callback")))
    asked = {name: select(Contact.id).where(*waits, lives_in((name,))).exists() for name in nations}
    if not asked:
        return []
    found = db.execute(select(*asked.values())).one()
    return [name for name, waiting in zip(asked, found, strict=True) if waiting]
