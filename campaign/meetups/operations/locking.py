"""The room's one lock: whoever writes holds its batch, and leaves a new version behind.

A hall writes a few times a second and reads all the time, so one lock costs nothing and makes
numbers, tables and cards simple. An event is locked after its batch, never before.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Select, and_, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event
from campaign.foundation.errors import NotFound, Refused
from campaign.meetups.models import Batch, Meetup, Participant
from campaign.meetups.rules.joining import NotHere
from campaign.meetups.rules.phases import Phase


def lock(db: Session, batch_id: int, *people: Participant) -> Batch:
    """The batch, alone until the transaction ends; phones hear that something changed.

    ``people`` are those it is about, as they are now: NotHere where one of them was sent out, went
    home or was taken back while we waited for the room.
    """
    held = db.execute(
        update(Batch)
        .where(Batch.id == batch_id)
        .values(version=Batch.version + 1)
        .execution_options(synchronize_session=False)
    )
    if held.rowcount != 1:  # type: ignore[attr-defined]
        raise NotFound("There is no such meetup.")
    asked = {person.id for person in people}
    # A statement of its own, after the wait: it sees what whoever was first has written.
    rows = db.execute(_as_they_are(batch_id, asked)).all()
    if {person.id for _, person in rows if person is not None} != asked:
        raise NotHere
    return rows[0][0]


def _as_they_are(batch_id: int, people: Collection[int]) -> Select[Batch, Participant | None]:
    here = and_(
        Participant.batch_id == Batch.id,
        Participant.id.in_(people),
        Participant.left_at.is_(None),
    )
    # All that the pages read: what is read anew forgets what hung on it before.
    of_batch = joinedload(Batch.meetup, innerjoin=True).joinedload(Meetup.event, innerjoin=True)
    return (
        select(Batch, Participant)
        .outerjoin(Participant, here)
        .where(Batch.id == batch_id)
        .options(
            of_batch.joinedload(Event.group, innerjoin=True),
            joinedload(Participant.breakout),
            joinedload(Participant.strategy),
        )
        .order_by(Participant.id)
        .execution_options(populate_existing=True)
    )


def lock_open(db: Session, batch_id: int, *people: Participant, late: bool = False) -> Batch:
    """The batch of an evening that is still going on; Refused once it is over.

    ``late`` is for paper, which is read the day after too.
    """
    batch = lock(db, batch_id, *people)
    if batch.phase == Phase.OVER and not late:
        raise Refused("This meetup is over. What was planned is on the map.")
    return batch
