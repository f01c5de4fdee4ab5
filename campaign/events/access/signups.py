"""A sign-up by its key, its ticket or its owner, and a file of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.access.events import event_to_manage, event_to_see
from campaign.events.models import (
    Event,
    Rsvp,
    RsvpFile,
)
from campaign.events.queries import door as doors
from campaign.events.rules.door import By
from campaign.foundation.errors import NotFound
from campaign.people.rules import Action, may


def ticket_to_check_in(
    db: Session, ticket: str, *, person_id: int | None, keys: Iterable[str], now: datetime
) -> tuple[Rsvp, By]:
    """The sign-up of a ticket, for its event's team: signed in, or with a host link.

    NotFound for everybody else, whether or not there is such a ticket.
    """
    rsvp = doors.rsvp_by_ticket(db, ticket)
    if rsvp is not None:
        standings = queries.standings_for(db, event=rsvp.event, person_id=person_id)
        if may(Action.CHECK_IN, standings):
            return rsvp, By(person_id=person_id)
        for key in keys:
            found = doors.host_link_by_key(db, key, now=now)
            if found is not None and found[1].id == rsvp.event_id:
                return rsvp, By(link_id=found[0].id)
    raise NotFound("There is nothing here, or not for you.")


def rsvp_to_change(db: Session, key: str) -> Rsvp:
    """The sign-up that a mailed key opens."""
    rsvp = queries.rsvp_by_key(db, key)
    if rsvp is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return rsvp


def file_to_manage(
    db: Session, public_id: str, file_id: str, person_id: int | None
) -> tuple[Event, RsvpFile]:
    """A file of sign-ups, for who manages its event; of another event there is no such file."""
    event = event_to_manage(db, public_id, person_id)
    file = queries.file_of(db, event_id=event.id, public_id=file_id)
    if file is None:
        raise NotFound("There is no such file here. Bring it once more.")
    return event, file


def own_rsvp(db: Session, public_id: str, person_id: int | None) -> Rsvp:
    """The sign-up of who is signed in to this event."""
    event = event_to_see(db, public_id)
    rsvp = queries.own_rsvp(db, event_id=event.id, person_id=person_id)
    if rsvp is None:
        raise NotFound("You have not signed up to this event with this account.")
    return rsvp
