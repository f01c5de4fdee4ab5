"""The door: how many are in, which tap holds, what has changed, and links to the host's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from campaign.events.models import Door, DoorTap, Event, HostLink, Rsvp
from campaign.events.rules.door import Count, TapKind, TapResult, derived, host_link_opens
from campaign.foundation import tokens

COUNTED = (TapKind.IN.value, TapKind.OUT.value)


@dataclass(frozen=True)
class Facts:
    """All that the pages of a door depend on, read at once."""

    public_id: str
    version: int
    taken: int
    capacity: int | None
    state: str
    ends_at: datetime
    last_number: int


def facts_of(db: Session, public_id: str) -> Facts | None:
    """What changes whenever anything does that a page of the door shows: one query."""
    found = db.execute(_facts().where(Event.public_id == public_id)).one_or_none()
    return Facts(*found) if found is not None else None


def facts_by_link(db: Session, key: str, *, now: datetime) -> Facts | None:
    """The same for who comes with a host link; None where it opens nothing now."""
    query = (
        _facts()
        .join(HostLink, HostLink.event_id == Event.id)
        .add_columns(HostLink.closed_at, HostLink.last_day)
        .where(HostLink.fingerprint == tokens.fingerprint(key))
    )
    found = db.execute(query).one_or_none()
    if found is None:
        return None
    *given, closed_at, last_day = found
    facts = Facts(*given)
    opens = host_link_opens(ends_at=facts.ends_at, closed_at=closed_at, last_day=last_day, now=now)
    return facts if opens else None


def _facts() -> Any:
    last = select(func.max(Rsvp.place_in_line)).where(Rsvp.event_id == Event.id)
    return (
        select(
            Event.public_id,
            func.coalesce(Door.version, 0),
            Event.taken,
            Event.capacity,
            Event.state,
            Event.ends_at,
            func.coalesce(last.scalar_subquery(), 0),
        )
        .select_from(Event)
        .outerjoin(Door, Door.event_id == Event.id)
    )


def count_of(db: Session, event_id: int) -> Count:
    """Who came in and went out; before the first tap, who was marked as here."""
    door = db.get(Door, event_id)
    if door is None:
        return Count(here(db, event_id), 0)
    return Count(door.came_in, door.went_out)


def here(db: Session, event_id: int) -> int:
    """How many people are marked as here, guests counted."""
    query = select(func.coalesce(func.sum(1 + Rsvp.guests), 0)).where(
        Rsvp.event_id == event_id, Rsvp.attendance == TapKind.CAME.value
    )
    return int(db.scalar(query) or 0)


def tap_by_nonce(db: Session, event_id: int, nonce: str) -> DoorTap | None:
    """The tap of this name."""
    return db.scalar(select(DoorTap).where(DoorTap.event_id == event_id, DoorTap.nonce == nonce))


def taps_before(
    db: Session, *, event_id: int, nonce: str, rsvp_id: int
) -> tuple[bool, DoorTap | None]:
    """Whether the tap of this name has come before; and the tap about a sign-up that stands: the
    latest by the finger, not by its coming here."""
    stands = and_(DoorTap.rsvp_id == rsvp_id, DoorTap.result == TapResult.DONE.value)
    query = (
        select(DoorTap, DoorTap.nonce == nonce, stands)
        .where(or_(and_(DoorTap.event_id == event_id, DoorTap.nonce == nonce), stands))
        .order_by(DoorTap.tapped_at.desc(), DoorTap.nonce.desc())
    )
    rows = list(db.execute(query))
    came = any(is_same for _, is_same, _ in rows)
    return came, next((tap for tap, _, holds in rows if holds), None)


def holding_taps(db: Session, event_id: int) -> dict[int, tuple[datetime, str]]:
    """For each sign-up of an event when the tap was made that stands, and its nonce."""
    query = (
        select(DoorTap.rsvp_id, DoorTap.tapped_at, DoorTap.nonce)
        .where(
            DoorTap.event_id == event_id,
            DoorTap.rsvp_id.is_not(None),
            DoorTap.result == TapResult.DONE.value,
        )
        .order_by(DoorTap.tapped_at, DoorTap.nonce)
    )
    return {rsvp_id: (at, nonce) for rsvp_id, at, nonce in db.execute(query) if rsvp_id is not None}


def last_came(db: Session, rsvp_id: int) -> DoorTap | None:
    """The tap that last counted a sign-up in."""
    query = (
        select(DoorTap)
        .where(
            DoorTap.rsvp_id == rsvp_id,
            DoorTap.kind == TapKind.CAME.value,
            DoorTap.people > 0,  # "here" of somebody who was here already counted nobody
        )
        .order_by(DoorTap.id.desc())
        .limit(1)
    )
    return db.scalar(query)


def came_at(db: Session, event_id: int) -> dict[int, datetime]:
    """When each sign-up was last marked as here, by the finger."""
    query = (
        select(DoorTap.rsvp_id, func.max(DoorTap.tapped_at))
        .where(
            DoorTap.event_id == event_id,
            DoorTap.kind == TapKind.CAME.value,
            DoorTap.rsvp_id.is_not(None),
        )
        .group_by(DoorTap.rsvp_id)
        .order_by(DoorTap.rsvp_id)
    )
    return {rsvp_id: at for rsvp_id, at in db.execute(query) if rsvp_id is not None}


def to_take_back(db: Session, event_id: int, *kinds: str) -> DoorTap | None:
    """The last tap of these kinds, unless it was taken back already."""
    query = (
        select(DoorTap)
        .where(DoorTap.event_id == event_id, DoorTap.kind.in_(kinds))
        .order_by(DoorTap.id.desc())
        .limit(1)
    )
    tap = db.scalar(query)
    if tap is None or tap_by_nonce(db, event_id, derived(tap.nonce, "back")) is not None:
        return None
    return tap


def host_link_by_key(db: Session, key: str, *, now: datetime) -> tuple[HostLink, Event] | None:
    """The host link that a key opens now, with its event, that one's group, host and shifts."""
    found = db.execute(
        select(HostLink, Event)
        .join(Event, Event.id == HostLink.event_id)
        .where(HostLink.fingerprint == tokens.fingerprint(key))
        .options(joinedload(Event.group), joinedload(Event.host), selectinload(Event.shifts))
    ).one_or_none()
    if found is None:
        return None
    link, event = found
    opens = host_link_opens(
        ends_at=event.ends_at, closed_at=link.closed_at, last_day=link.last_day, now=now
    )
    return (link, event) if opens else None


def open_host_links(db: Session, event_id: int) -> int:
    """How many host links of an event were not replaced."""
    query = select(func.count()).where(HostLink.event_id == event_id, HostLink.closed_at.is_(None))
    return db.scalar(query) or 0


def rsvp_by_ticket(db: Session, ticket: str) -> Rsvp | None:
    """The sign-up of a ticket, with its event and that one's group, and its shift."""
    return db.scalar(
        select(Rsvp)
        .where(Rsvp.public_id == ticket)
        .options(
            joinedload(Rsvp.event).joinedload(Event.group),
            joinedload(Rsvp.event).joinedload(Event.host),
            joinedload(Rsvp.shift),
        )
    )
