"""Noting what was planned at a meeting, and where what came of it can be read."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.models import Event, EventRecap, PlannedEvent
from campaign.foundation import clock
from campaign.people.operations import insert_or_leave


def note_planned(db: Session, *, event: Event, meeting: Event) -> None:
    """Note that this event was planned at that meeting; noting it again changes nothing."""
    insert_or_leave(db, PlannedEvent, event_id=event.id, meeting_id=meeting.id, made_at=clock.now())


def attach_recap(db: Session, *, event: Event, path: str) -> None:
    """Say where what came of a meeting can be read: a path of this site."""
    insert_or_leave(db, EventRecap, event_id=event.id, path=path, made_at=clock.now())
