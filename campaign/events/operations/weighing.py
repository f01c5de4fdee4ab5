"""What an event needs and holds, where its shifts say so."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import object_session

from campaign.events.models import Event, Shift
from campaign.events.rules.shifts import capacity_of, needed_by


def weigh(event: Event) -> None:
    """Keep the event's needs and places as its shifts have them; without shifts it has its own.

    Wherever places are given or taken this is done, with what the session of the event knows.
    The caller holds the event's lock, or is the only one who knows the event.
    """
    db = object_session(event)
    if db is None:
        return
    query = select(Shift).where(Shift.event_id == event.id)
    shifts = list(db.scalars(query.order_by(Shift.starts_at, Shift.id)))
    if shifts:
        event.capacity = capacity_of(shifts, taken=event.taken)
        event.needed = needed_by(shifts, taken=event.taken)
