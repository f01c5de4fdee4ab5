"""One event, one sign-up, and what somebody is to it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from campaign.conduct.queries.apart import is_barred
from campaign.events.models import Event, Rsvp, RsvpFile, RsvpKey
from campaign.events.queries.team import standings_on_team
from campaign.events.rules.signups import LIVE, SEATED
from campaign.foundation import tokens
from campaign.groups.queries import standings_in
from campaign.people.queries import roles_of
from campaign.people.rules import Role, Standing

# What a barred person loses for the time being.
HOST_TOOLS = frozenset(
    {
        Standing.HOST,
        Standing.CO_HOST,
        Standing.STEWARD,
        Standing.EVENT_DATA,
        Standing.ORGANISER,
        Standing.CONVENOR,
    }
)


def event_by_public_id(db: Session, public_id: str) -> Event | None:
    """The event with its group, its host and its shifts."""
    return db.scalar(
        select(Event)
        .where(Event.public_id == public_id)
        .options(joinedload(Event.group), joinedload(Event.host), selectinload(Event.shifts))
    )


def rsvp_of(db: Session, *, event_id: int, person_id: int | None) -> Rsvp | None:
    """The person's sign-up to the event, whatever its status."""
    if person_id is None:
        return None
    return db.scalar(
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.person_id == person_id)
        .options(joinedload(Rsvp.shift))
    )


def file_of(db: Session, *, event_id: int, public_id: str) -> RsvpFile | None:
    """A file of sign-ups of this event."""
    return db.scalar(
        select(RsvpFile).where(RsvpFile.event_id == event_id, RsvpFile.public_id == public_id)
    )


def own_rsvp(db: Session, *, event_id: int, person_id: int | None) -> Rsvp | None:
    """The person's sign-up with all that its own page shows."""
    if person_id is None:
        return None
    return db.scalar(
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.person_id == person_id)
        .options(
            joinedload(Rsvp.event).joinedload(Event.group),
            joinedload(Rsvp.event).joinedload(Event.host),
            joinedload(Rsvp.shift),
            joinedload(Rsvp.person),
        )
    )


def statuses_of(db: Session, *, person_id: int | None, event_ids: Sequence[int]) -> dict[int, str]:
    """How the person's live sign-ups to these events stand."""
    if person_id is None:
        return {}
    rows = db.execute(
        select(Rsvp.event_id, Rsvp.status)
        .where(Rsvp.person_id == person_id, Rsvp.event_id.in_(event_ids), Rsvp.status.in_(LIVE))
        .order_by(Rsvp.event_id)
    )
    return {event_id: status for event_id, status in rows}


def is_on_roster(db: Session, *, event_id: int, person_id: int | None) -> bool:
    """Whether the person has a place at the event."""
    if person_id is None:
        return False
    found = db.scalar(
        select(Rsvp.id).where(
            Rsvp.event_id == event_id, Rsvp.person_id == person_id, Rsvp.status.in_(SEATED)
        )
    )
    return found is not None


def rsvp_by_key(db: Session, key: str) -> Rsvp | None:
    """The sign-up that a mailed key opens, with its event and that one's group."""
    return db.scalar(
        select(Rsvp)
        .join(RsvpKey, RsvpKey.rsvp_id == Rsvp.id)
        .where(RsvpKey.fingerprint == tokens.fingerprint(key))
        .options(
            joinedload(Rsvp.event).joinedload(Event.group),
            joinedload(Rsvp.event).joinedload(Event.host),
            joinedload(Rsvp.shift),
            joinedload(Rsvp.person),
        )
    )


def standings_for(db: Session, *, event: Event, person_id: int | None) -> set[Standing]:
    """What somebody is to an event: through the group, as its host, on its roster, by role."""
    standings = standings_in(db, event.group_id, person_id)
    if person_id is None:
        return standings
    if event.host_id == person_id and event.hostless_at is None:
        standings.add(Standing.HOST)
    standings |= standings_on_team(db, event_id=event.id, person_id=person_id)
    if is_on_roster(db, event_id=event.id, person_id=person_id):
        standings.add(Standing.ATTENDEE)
    if Role.MODERATOR in roles_of(db, person_id):
        standings.add(Standing.MODERATOR)
    if standings & HOST_TOOLS and is_barred(db, person_id):
        standings -= HOST_TOOLS
    return standings
