"""Ending the evenings that nobody ended: what follows them must not wait for a button."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.foundation import audit
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.operations.devices import close_all
from campaign.meetups.operations.expecting import note_who_came
from campaign.meetups.operations.locking import lock
from campaign.meetups.operations.noting import propose_plan
from campaign.meetups.operations.recapping import keep_recap
from campaign.meetups.rules.phases import Phase

# So long after its planned end nobody is in the hall any more.
FORGOTTEN_AFTER = timedelta(hours=3)
AT_ONCE = 20


def end_forgotten(db: Session, *, now: datetime) -> int:
    """End the evenings whose event is long over while their room still stands open; how many.

    They count as closed when their event ended, so that what follows comes in its time. A room
    in which nobody real was stays as it is.
    """
    somebody = select(Participant.batch_id).where(Participant.is_practice.is_(False))
    query = (
        select(Batch.id)
        .join(Meetup, Meetup.id == Batch.meetup_id)
        .join(Event, Event.id == Meetup.event_id)
        .where(
            Batch.phase != Phase.OVER.value,
            Event.ends_at <= now - FORGOTTEN_AFTER,
            Batch.id.in_(somebody),
        )
        .order_by(Batch.id)
        .limit(AT_ONCE)
    )
    open_still = list(db.scalars(query))
    for batch_id in open_still:
        batch = lock(db, batch_id)
        if batch.phase == Phase.OVER:
            continue  # somebody was first
        batch.phase, batch.phase_since = Phase.OVER.value, now
        batch.ends_at, batch.paused_left = None, None
        keep_recap(db, batch=batch, now=now, closed_at=batch.meetup.event.ends_at)
        propose_plan(db, batch=batch, actor_id=batch.meetup.opened_by)
        close_all(db, batch=batch, now=now)
        note_who_came(db, batch=batch, now=now)
        audit.append(db, "meetup ended by itself", subject=f"batch:{batch.id}")
    return len(open_still)
