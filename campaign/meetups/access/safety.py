"""Who may see incidents, and who was sent out."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.meetups.models import (
    Batch,
    Incident,
    SentOut,
)
from campaign.meetups.queries import incidents
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, Standing, may


def incident_here(db: Session, batch: Batch, public_id: str) -> Incident:
    """A line of this hall's log, for who runs the meetup."""
    found = incidents.incident_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if found is None:
        raise NotFound("There is no such line in the log of this hall.")
    return found


def sent_out_of_here(db: Session, batch: Batch, public_id: str) -> SentOut:
    """Somebody who was sent out of this room and is not in again, for who runs the meetup."""
    found = incidents.sent_out_by_public_id(db, public_id)
    if found is None or found.batch_id != batch.id or found.lifted_at is not None:
        raise NotFound("Nobody who was sent out of this room, or they may come in again.")
    return found


def sent_out_with(db: Session, batch: Batch, fingerprint: str) -> SentOut:
    """The own case of whoever holds the phone that was sent out."""
    found = incidents.sent_out_by_phone(db, batch_id=batch.id, fingerprint=fingerprint)
    if found is None:
        raise NotFound("There is nothing here, or not for you.")
    return found


def sent_out_to_see(db: Session, person_id: int | None) -> int:
    """Who looks at those who were sent out; to everybody else there is no such page."""
    roles = roles_of(db, person_id) if person_id is not None else frozenset()
    held = {Role.MODERATOR: Standing.MODERATOR, Role.SAFEGUARDING: Standing.SAFEGUARDING}
    standings = {held[role] for role in held if role in roles}
    if person_id is None or not may(Action.SHUT_OUT, standings):
        raise NotFound("There is nothing here, or not for you.")
    return person_id


def sent_out_to_decide(db: Session, public_id: str, person_id: int | None) -> SentOut:
    """One of them, who is not in again."""
    sent_out_to_see(db, person_id)
    found = incidents.sent_out_by_public_id(db, public_id)
    if found is None or found.lifted_at is not None:
        raise NotFound("There is nobody to decide about here, or it is decided.")
    return found
