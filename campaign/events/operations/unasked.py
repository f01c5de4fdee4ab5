"""Addresses that somebody else typed: who was asked onto a team and has not answered.

They never told us anything, so they see what is held, are forgotten when they ask, and at the
latest once there is nothing left to answer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, EventInvite
from campaign.events.rules.states import State
from campaign.people.models import Person


def forget_asked(db: Session, *, person_id: int) -> None:
    """Somebody is erased: nobody's question to their address stays."""
    person = db.get(Person, person_id)
    if person is not None and person.email:
        db.execute(delete(EventInvite).where(func.lower(EventInvite.email) == person.email.lower()))
        db.expire_all()


def export_asked(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What a person was asked and has not answered, for their own eyes."""
    person = db.get(Person, person_id)
    address = (person.email or "").lower() if person else ""
    query = (
        select(EventInvite)
        .where(func.lower(EventInvite.email) == address)
        .options(joinedload(EventInvite.event))
        .order_by(EventInvite.made_at, EventInvite.id)
    )
    into["Asked to help with"] = [
        {
            "event": asked.event.title,
            "as": asked.role,
            "asked": asked.made_at.isoformat(timespec="minutes"),
        }
        for asked in db.scalars(query)
    ]


def forget_unanswered(db: Session, *, now: datetime) -> int:
    """Delete the questions about events that are over or were called off; answers how many."""
    done = select(Event.id).where(or_(Event.ends_at <= now, Event.state == State.CANCELLED.value))
    gone = db.execute(delete(EventInvite).where(EventInvite.event_id.in_(done)))
    db.expire_all()
    return int(gone.rowcount)  # type: ignore[attr-defined]
