"""Who is in whose hands, and whose time is over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Contact


def held_by(db: Session, caller_id: int) -> Contact | None:
    """The contact in a caller's hands, in whichever phonebank, its time over or not."""
    return db.scalar(select(Contact).where(Contact.claimed_by == caller_id, _is_claimed()))


def expired_ids(db: Session, phonebank_id: int, *, now: datetime, most: int) -> list[Any]:
    """Contact and number ids of claims whose time is over, the oldest first."""
    return list(
        db.execute(
            select(Contact.id, Contact.number_id)
            .where(_is_claimed(), Contact.phonebank_id == phonebank_id)
            .where(Contact.claimed_until <= now)
            .order_by(Contact.claimed_until, Contact.id)
            .limit(most)
        )
    )


def expired_holders(db: Session, number_id: int, *, now: datetime) -> list[int]:
    """Contacts that hold a number although their time is over."""
    return list(
        db.scalars(
            select(Contact.id)
            .where(_is_claimed(), Contact.number_id == number_id, Contact.claimed_until <= now)
            .order_by(Contact.id)
        )
    )


def _is_claimed() -> ColumnElement[bool]:
    # Written out, so that both databases see that the partial index fits.
    return Contact.state == literal("claimed", literal_execute=True)
