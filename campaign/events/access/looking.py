"""An event for who looks at what was announced."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.access.events import is_others_draft
from campaign.events.models import Event
from campaign.foundation.errors import NotFound
from campaign.people.rules import Action, may, require


def queue_to_work(db: Session, person_id: int | None) -> int:
    """Who looks at what was announced: moderators everywhere, convenors in their groups."""
    if person_id is None or not queries.may_look(db, person_id):
        raise NotFound("There is nothing here, or not for you.")
    return person_id


def event_to_look_at(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for who may list it; to everybody else there is no such page."""
    event = queries.event_by_public_id(db, public_id)
    standings = set() if event is None else queries.looking_standings(db, event, person_id)
    listing = event is not None and may(Action.LIST_EVENT, standings)
    if event is None or not listing or is_others_draft(event, standings):
        raise NotFound("There is nothing here, or not for you.")
    return event


def event_to_moderate(db: Session, public_id: str, person_id: int | None, action: Action) -> Event:
    """The same for more than listing: taking down, or trusting its host."""
    event = event_to_look_at(db, public_id, person_id)
    require(action, queries.looking_standings(db, event, person_id))
    return event
