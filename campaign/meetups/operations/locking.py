"""The room's one lock: whoever writes holds its batch, and leaves a new version behind.

A hall writes a few times a second and reads all the time, so one lock costs nothing and makes
numbers, tables and cards simple. An event is locked after its batch, never before.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups.models import Batch, Meetup
from campaign.meetups.rules.phases import Phase


def lock(db: Session, batch_id: int) -> Batch:
    """The batch, alone until the transaction ends; phones hear that something changed."""
    batch = db.scalar(
        select(Batch)
        .where(Batch.id == batch_id)
        .options(
            # All that the pages read: what is read anew forgets what hung on it before.
            joinedload(Batch.meetup, innerjoin=True)
            .joinedload(Meetup.event, innerjoin=True)
            .joinedload(Event.group, innerjoin=True)
        )
        .with_for_update(of=Batch)
        .execution_options(populate_existing=True)
    )
    if batch is None:
        raise NotFound("There is no such meetup.")
    batch.version += 1
    return batch


def lock_open(db: Session, batch_id: int, *, late: bool = False) -> Batch:
    """The batch of an evening that is still going on; Refused once it is over.

    ``late`` is for paper, which is read the day after too.
    """
    batch = lock(db, batch_id)
    if batch.phase == Phase.OVER and not late:
        raise Refused("This meetup is over. What was planned is on the map.")
    return batch
