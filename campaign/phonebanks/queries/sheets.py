"""The sums of a phonebank's calls: counted now where they are few, else as they were kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Call, FigureSheet, Phonebank
from campaign.phonebanks.queries.sums import Asked, funnels_of, sums_of
from campaign.phonebanks.rules.funnel import Funnel, Sums

# So many calls are counted while somebody waits for the page; of more a sheet is kept.
FEW = 20_000
# A sheet that old is worth nothing: nobody makes new ones.
OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Kept:
    """Sums, and of when they are where they are not of now."""

    sums: Sums
    made_at: datetime | None


def sheet_of(db: Session, asked: Asked, *, now: datetime) -> Kept:
    """What a phonebank's calls come to. Of many calls it may be some minutes old, and says so."""
    if has_many(db, asked.phonebank.id):
        sheet = db.get(FigureSheet, asked.phonebank.id)
        if sheet is not None and sheet.made_at > now - OLD:
            return Kept(Sums.of_json(sheet.sums), sheet.made_at)
    return Kept(sums_of(db, asked), None)


def funnels_kept(
    db: Session, phonebanks: Sequence[Phonebank], *, now: datetime
) -> dict[int, Funnel]:
    """The funnels of several phonebanks: kept ones of large phonebanks, the others counted now."""
    ids = [phonebank.id for phonebank in phonebanks]
    query = select(FigureSheet).where(
        FigureSheet.phonebank_id.in_(ids), FigureSheet.made_at > now - OLD
    )
    kept = {one.phonebank_id: Funnel(*one.sums["total"]) for one in db.scalars(query)}
    return funnels_of(db, [one for one in phonebanks if one.id not in kept]) | kept


def has_many(db: Session, phonebank_id: int) -> bool:
    """Whether there are more calls than are counted while somebody waits; counts no further."""
    some = (
        select(Call.id)
        .where(Call.phonebank_id == phonebank_id, Call.reported_at.is_not(None))
        .limit(FEW + 1)
        .subquery()
    )
    return (db.scalar(select(func.count()).select_from(some)) or 0) > FEW


def large(db: Session) -> list[Phonebank]:
    """The phonebanks of which sheets are kept, in the order of their ids."""
    counted = (
        select(Call.phonebank_id)
        .where(Call.reported_at.is_not(None))
        .group_by(Call.phonebank_id)
        .having(func.count() > FEW)
    )
    query = select(Phonebank).where(Phonebank.id.in_(counted), ~Phonebank.is_practice)
    return list(db.scalars(query.order_by(Phonebank.id)))


def is_due(db: Session, phonebank: Phonebank, *, now: datetime) -> bool:
    """Whether a sheet is to be made anew: there is none, it is of yesterday, or calls came in."""
    made_at = db.scalar(select(FigureSheet.made_at).where(FigureSheet.phonebank_id == phonebank.id))
    if made_at is None or made_at < now - timedelta(days=1):
        return True
    later = select(Call.id).where(Call.phonebank_id == phonebank.id, Call.reported_at > made_at)
    return db.scalar(later.limit(1)) is not None
