"""The team of an event and the invitations onto it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.access.events import event_for, event_to_see
from campaign.events.models import (
    Event,
    EventInvite,
    EventTeam,
)
from campaign.events.rules.team import InviteGone
from campaign.foundation.errors import NotFound
from campaign.people.rules import Action


def team_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose team one may see."""
    return event_for(db, public_id, person_id, Action.SEE_TEAM)


def team_to_manage(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event onto whose team one may ask people."""
    return event_for(db, public_id, person_id, Action.MANAGE_TEAM)


def part_to_change(db: Session, event: Event, public_id: str) -> EventTeam:
    """A part of somebody in this event; NotFound for every other."""
    held = queries.part_of(db, event_id=event.id, public_id=public_id)
    if held is None:
        raise NotFound("They are not on the team of this event any more.")
    return held


def invite_to_answer(db: Session, key: str) -> EventInvite:
    """The invitation that a mailed key opens."""
    held = queries.invite_by_key(db, key)
    if held is None:
        raise InviteGone
    return held


def invite_of_event(db: Session, event: Event, public_id: str) -> EventInvite:
    """An open invitation of this event."""
    for held in queries.invites_of(db, event.id):
        if held.public_id == public_id:
            return held
    raise InviteGone


def invite_to_me(db: Session, public_id: str, invite: str, *, email: str) -> EventInvite:
    """An open invitation to the address somebody is signed in with."""
    event = event_to_see(db, public_id)
    for held in queries.invites_for(db, email=email, event_id=event.id):
        if held.public_id == invite:
            return held
    raise InviteGone
