"""What events hold under an address or a number alone: to be seen, and gone when they ask."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Announcement, EventInvite, Follower, Rsvp
from campaign.events.operations.forgetting import facts_of, forget_rsvp
from campaign.people.models import Person


def forget_address(db: Session, *, email: str) -> None:
    """An address hears of nothing, is asked nothing, and announced nothing that is not out yet."""
    for table in (Follower, EventInvite, Announcement):
        db.execute(delete(table).where(func.lower(table.email) == email))
    db.expire_all()


def forget_number(db: Session, *, e164: str) -> None:
    """Sign-ups with this number are forgotten; whoever has an account keeps theirs without it."""
    query = (
        select(Rsvp)
        .join(Rsvp.person)
        .where(Rsvp.phone == e164, Person.email_confirmed_at.is_(None))
        .options(joinedload(Rsvp.event))
        .order_by(Rsvp.id)
    )
    for rsvp in list(db.scalars(query)):
        forget_rsvp(db, rsvp=rsvp)
    db.execute(update(Rsvp).where(Rsvp.phone == e164).values(phone=None))
    db.expire_all()


def export_address(db: Session, *, email: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """What was announced under an address and is not out yet, and what it was asked."""
    announced = select(Announcement).where(func.lower(Announcement.email) == email)
    into["Announced, not confirmed"] = [
        {"name": kept.name, "announced": kept.made_at.isoformat(timespec="minutes")}
        for kept in db.scalars(announced.order_by(Announcement.id))
    ]
    asked = select(EventInvite).where(func.lower(EventInvite.email) == email)
    into["Asked onto a team"] = [
        {"as": invite.role, "asked": invite.made_at.isoformat(timespec="minutes")}
        for invite in db.scalars(asked.order_by(EventInvite.id))
    ]
    following = select(Follower.made_at).where(Follower.email == email)
    into["Follows by mail"] = [
        {"since": made_at.isoformat(timespec="minutes")} for made_at in db.scalars(following)
    ]


def export_number(db: Session, *, e164: str, into: dict[str, list[dict[str, Any]]]) -> None:
    """The sign-ups with this number."""
    query = select(Rsvp).where(Rsvp.phone == e164).options(joinedload(Rsvp.event))
    into["Sign-ups with this number"] = [
        facts_of(rsvp) for rsvp in db.scalars(query.order_by(Rsvp.id))
    ]
