"""Who may run a meetup, stand at its door, or hold its desk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events import access as events
from campaign.events import queries as event_queries
from campaign.events.models import Event
from campaign.foundation.errors import NotFound
from campaign.meetups.access.rooms import meetup_by_code
from campaign.meetups.models import (
    Batch,
    DeskDevice,
    Meetup,
)
from campaign.meetups.queries import devices
from campaign.meetups.queries.devices import Device
from campaign.meetups.rules.devices import DeskClosed, LinkSpent
from campaign.people.access import myself
from campaign.people.rules import Action, may, require


def meetup_to_run(db: Session, code: str, person_id: int | None) -> tuple[Meetup, Batch]:
    """The meetup for who runs its event; to anybody else there is no desk."""
    meetup, batch = meetup_by_code(db, code)
    standings = event_queries.standings_for(db, event=meetup.event, person_id=person_id)
    if not may(Action.RUN_MEETUP, standings):
        raise NotFound("There is nothing here, or not for you.")
    return meetup, batch


def meetup_at_door(db: Session, code: str, person_id: int | None) -> tuple[Meetup, Batch]:
    """The meetup for who lets people in: its stewards, and who runs it."""
    meetup, batch = meetup_by_code(db, code)
    standings = event_queries.standings_for(db, event=meetup.event, person_id=person_id)
    if not may(Action.CHECK_IN, standings):
        raise NotFound("There is nothing here, or not for you.")
    return meetup, batch


def device_at_desk(db: Session, code: str, token: str, now: datetime) -> Device | None:
    """The device that carries this key, where it holds the desk of this meetup, or held it."""
    return devices.device_by_token(db, token, code=code, now=now)


def meetup_on_device(db: Session, code: str, device: Device) -> tuple[Meetup, Batch]:
    """The meetup for a device that holds its desk, as long as whoever gave it may run it.

    DeskClosed where the device held it and does not any more.
    """
    meetup, batch = meetup_by_code(db, code)
    if not device.is_live or not runs(db, meetup.event, device.given_by):
        raise DeskClosed(meetup.code)
    return meetup, batch


def desk_link_to_open(
    db: Session, code: str, key: str, now: datetime
) -> tuple[Meetup, Batch, DeskDevice]:
    """What the link of a desk opens, once; LinkSpent where it does not, or its giver may not."""
    meetup, batch = meetup_by_code(db, code)
    link = devices.link_by_key(db, key, meetup_id=meetup.id, now=now)
    if link is None or not _answers_for(db, meetup.event, link.given_by):
        raise LinkSpent
    return meetup, batch, link


def _answers_for(db: Session, event: Event, person_id: int) -> bool:
    giver = myself(db, person_id)
    return giver.disabled_at is None and runs(db, event, person_id)


def device_to_close(db: Session, meetup: Meetup, public_id: str) -> DeskDevice:
    """A device of this meetup, for who runs it."""
    found = devices.device_of_meetup(db, meetup.id, public_id)
    if found is None:
        raise NotFound("No device of this meetup, or it is gone already.")
    return found


def event_to_meet_at(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose room one may open: a meetup or an AGM that one runs."""
    event = events.event_to_manage(db, public_id, person_id)
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    require(Action.RUN_MEETUP, standings)
    if event.kind not in ("meetup", "agm"):
        raise NotFound("Only a campaign meetup or an AGM has a room to run.")
    return event


def runs(db: Session, event: Event, person_id: int | None) -> bool:
    """Whether somebody runs the meetup of this event."""
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    return may(Action.RUN_MEETUP, standings)
