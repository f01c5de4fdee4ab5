"""Looking at what members announced: onto the map, or live by its link alone."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event
from campaign.events.operations.signing_up import lock
from campaign.events.operations.telling import refresh_feature, tell_looked_at
from campaign.events.rules.states import State
from campaign.foundation import audit, clock
from campaign.foundation.errors import Conflict, Refused


def list_event(db: Session, *, event: Event, actor_id: int, mail: Mail | None = None) -> None:
    """Put an event onto the map and into the lists; its host hears of it.

    It was live by its link, or waited for this. Listing again changes nothing.
    Refuses a cancelled event and a draft.
    """
    event = lock(db, event.id)
    _check_on(event)
    if event.state == "listed":
        return
    event.state, event.kept_off_at = "listed", None
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    tell_looked_at(db, mail, event=event, actor_id=actor_id)
    audit.append(db, "event listed", subject=f"event:{event.id}", actor_id=actor_id)


def keep_off_map(db: Session, *, event: Event, actor_id: int, mail: Mail | None = None) -> None:
    """Say no to an event that waits to be listed; it stays live by its link, its host hears of it.

    Saying no again changes nothing; an event that is changed afterwards waits to be looked at
    again. Refuses a cancelled event, and one that is on the map already (Conflict).
    """
    event = lock(db, event.id)
    _check_on(event)
    if event.state == "listed":
        raise Conflict("Somebody has put it on the map already. Open the event to change it.")
    if event.kept_off_at is not None:
        return
    event.kept_off_at = clock.now()
    db.flush()
    tell_looked_at(db, mail, event=event, actor_id=actor_id)
    audit.append(db, "event kept off the map", subject=f"event:{event.id}", actor_id=actor_id)


def _check_on(event: Event) -> None:
    if event.state == "cancelled":
        raise Refused("This event was cancelled. Announce a new one.")
    if event.state == State.DRAFT.value:
        raise Refused("This is still a draft. Its host publishes it first.")
