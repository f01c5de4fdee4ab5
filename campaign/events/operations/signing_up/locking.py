"""Being alone at an event, and its sign-ups as they are then."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.conduct.operations.kept_out import stand_at_door
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.rules.moderation import TakenDown
from campaign.events.rules.signups import EventCancelled, EventOver, fits
from campaign.events.rules.states import UNSEEN
from campaign.foundation import clock
from campaign.foundation.errors import NotFound, Refused
from campaign.people.models import Person


def lock(db: Session, event_id: int) -> Event:
    """The event, alone until the transaction ends, as it is now."""
    stand_at_door(db)
    event = db.scalar(
        select(Event)
        .where(Event.id == event_id)
        .options(joinedload(Event.group, innerjoin=True))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound("There is no such event.")
    return event


def check_open(event: Event) -> None:
    if event.state in UNSEEN:
        raise NotFound("There is no such event.")
    if event.state == "cancelled":
        raise EventCancelled
    if event.hidden_at is not None:
        raise TakenDown(category="", public="")
    if event.ends_at <= clock.now():
        raise EventOver


def by_uuid(db: Session, event_id: int, client_uuid: str | None) -> Rsvp | None:
    if client_uuid is None:
        return None
    return db.scalar(select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.client_uuid == client_uuid))


def of_person(db: Session, event_id: int, person: Person) -> Rsvp | None:
    return db.scalar(select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.person_id == person.id))


def in_event(db: Session, event_id: int, public_id: str) -> Rsvp:
    rsvp = db.scalar(
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.public_id == public_id)
        .options(joinedload(Rsvp.shift), joinedload(Rsvp.person))
        .execution_options(populate_existing=True)
    )
    if rsvp is None:
        raise NotFound("This person is not on the roster of this event.")
    return rsvp


def fresh(db: Session, rsvp: Rsvp) -> Rsvp:
    """The sign-up as it is now that we hold the lock."""
    public_id, event_id = rsvp.public_id, rsvp.event_id
    return in_event(db, event_id, public_id)


def shifts_of(db: Session, event: Event) -> list[Shift]:
    """The shifts as they are now that we hold the lock, in their order."""
    return list(
        db.scalars(
            select(Shift)
            .where(Shift.event_id == event.id)
            .order_by(Shift.starts_at, Shift.id)
            .execution_options(populate_existing=True)
        )
    )


def shift_of(db: Session, event: Event, public_id: str | None) -> Shift | None:
    """The shift for somebody at the door: the one named, otherwise the first with a place."""
    shifts = shifts_of(db, event)
    if not shifts:
        return None
    if public_id is None:
        free = [
            shift for shift in shifts if fits(capacity=shift.capacity, taken=shift.taken, party=1)
        ]
        return (free or shifts)[0]
    for shift in shifts:
        if shift.public_id == public_id:
            return shift
    raise Refused("Choose one of the shifts of this event.", field="shift")
