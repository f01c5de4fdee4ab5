"""Forgetting who was in a room, once its evening is long over."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.meetups.models import (
    Batch,
    DeskDevice,
    Meetup,
    Participant,
    SeedGroup,
    SeedInvite,
)


def room_due(db: Session, ended_before: datetime) -> int:
    """How many people ``forget_the_room`` would delete."""
    theirs = Participant.batch_id.in_(_over(ended_before))
    return db.scalar(select(func.count()).select_from(Participant).where(theirs)) or 0


def _over(ended_before: datetime) -> Select[int]:
    return (
        select(Batch.id)
        .join(Meetup, Meetup.id == Batch.meetup_id)
        .join(Event, Event.id == Meetup.event_id)
        .where(Event.ends_at < ended_before)
    )


def forget_the_room(db: Session, *, ended_before: datetime) -> int:
    """Delete who was at the meetups that ended before then; answers how many people.

    What they signed up to stays: that is an RSVP of an event, and the event its host's.
    """
    meetings = select(Event.id).where(Event.ends_at < ended_before)
    asked = select(SeedGroup.id).where(SeedGroup.meeting_id.in_(meetings))
    db.execute(
        delete(SeedInvite)
        .where(SeedInvite.seed_id.in_(asked))
        .execution_options(synchronize_session=False)
    )
    over = select(Meetup.id).where(Meetup.event_id.in_(meetings))
    db.execute(
        delete(DeskDevice)
        .where(DeskDevice.meetup_id.in_(over))
        .execution_options(synchronize_session=False)
    )
    gone = db.execute(
        delete(Participant)
        .where(Participant.batch_id.in_(_over(ended_before)))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]
