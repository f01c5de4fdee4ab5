"""The sheets that were printed, and what they became."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.meetups.models import Card, PaperSheet


def sheets_of(db: Session, batch_id: int) -> list[PaperSheet]:
    """Every sheet of a batch, by number, with its card and event where it was read in."""
    return list(
        db.scalars(
            select(PaperSheet)
            .where(PaperSheet.batch_id == batch_id)
            .options(joinedload(PaperSheet.card).joinedload(Card.event))
            .order_by(PaperSheet.number)
        )
    )


def sheet_by_code(db: Session, *, batch_id: int, code: str) -> PaperSheet | None:
    """The sheet with this id."""
    return db.scalar(
        select(PaperSheet)
        .where(PaperSheet.batch_id == batch_id, PaperSheet.code == code)
        .options(joinedload(PaperSheet.card).joinedload(Card.event))
    )
