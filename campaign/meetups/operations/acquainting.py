"""Who is in a room by an address alone becomes somebody whom an officer can keep from another."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.meetups.models import Participant
from campaign.people.operations import meet


def acquaint(db: Session, *, email: str) -> None:
    """Whoever came into a room with this address is known from now on, without an account to use.

    Who asks an officer on the night has joined on their phone, and signed up to nothing yet.
    """
    name = db.scalar(
        select(Participant.name)
        .where(
            func.lower(Participant.email) == email.lower(),
            Participant.is_practice.is_(False),
        )
        .order_by(Participant.id.desc())
        .limit(1)
    )
    if name is not None:
        meet(db, email=email, name=name)
