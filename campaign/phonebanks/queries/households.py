"""Households: nobody rings the next of one while another is in a call, or was just spoken to."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, select
from sqlalchemy.orm import Session, aliased

from campaign.phonebanks.models import Contact


def is_apart(now: Any, after: Any, caller: Any = None) -> ColumnElement[bool]:
    """Nobody else of their household is in a call now, or was spoken to after that.

    A promise is kept whoever of them was spoken to since; with a ``caller``, their own call is
    no hindrance. As a value and not as EXISTS, so that each row looks its own household up, by
    its index; most have none.
    """
    other = aliased(Contact)
    in_call = and_(
        other.state == literal("claimed", literal_execute=True), other.claimed_until > now
    )
    if caller is not None:
        in_call = and_(in_call, other.claimed_by != caller)
    reached = and_(Contact.promised_at.is_(None), other.reached_at > after)
    busy = (
        select(other.id)
        .where(other.household_key == Contact.household_key, other.id != Contact.id)
        .where(or_(in_call, reached))
        .limit(1)
        .scalar_subquery()
    )
    return or_(Contact.household_key.is_(None), busy.is_(None))


def reasons_against(
    now: datetime, rest: timedelta, is_practice: bool
) -> list[tuple[ColumnElement[bool], str]]:
    """The reason of those whose household is left in peace just now."""
    return [] if is_practice else [(~is_apart(now, now - rest), "household")]


def is_busy(db: Session, contact: Contact, *, now: datetime, rest: timedelta) -> bool:
    """The same for one contact, as the lists are at this moment."""
    if contact.household_key is None:
        return False
    found = select(Contact.id).where(Contact.id == contact.id, ~is_apart(now, now - rest))
    return db.scalar(found) is not None


def expired_holders(db: Session, contact: Contact, *, now: datetime) -> list[tuple[int, int]]:
    """Contact and number ids of a household whose claims are over and not freed yet."""
    found = db.execute(
        select(Contact.id, Contact.number_id)
        .where(Contact.state == literal("claimed", literal_execute=True))
        .where(Contact.household_key == contact.household_key, Contact.claimed_until <= now)
        .order_by(Contact.id)
    )
    return [(contact_id, number_id) for contact_id, number_id in found]
