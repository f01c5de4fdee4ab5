"""What calendars show: what is coming, and for a while what was called off."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from campaign.events.models import CalendarKey, Event, Rsvp
from campaign.events.queries.finding import upcoming
from campaign.events.rules.calendars import GONE_FOR, MOST_ENTRIES
from campaign.events.rules.finding import Filters, fold, read_after
from campaign.events.rules.signups import LIVE
from campaign.foundation import tokens
from campaign.groups.models import Group
from campaign.people.models import Person
from campaign.places.rules import distance_km


def feed(db: Session, *, filters: Filters, now: datetime) -> list[Event]:
    """What the filters let through, soonest first, at most 500; with what left it of late."""
    ids = _found(db, filters, now)
    held = select(Event).join(Event.group).where(Event.id.in_(ids))
    coming = list(db.scalars(held.options(contains_eager(Event.group))))
    both = [*coming, *(event for event in _gone(db, filters, now) if event.id not in ids)]
    return sorted(both, key=lambda event: (event.starts_at, event.id))[:MOST_ENTRIES]


def _found(db: Session, filters: Filters, now: datetime) -> set[int]:
    ids: set[int] = set()
    asked: Filters | None = replace(filters, sort="time", after=None)
    while asked is not None and len(ids) < MOST_ENTRIES:
        page = upcoming(db, filters=asked, now=now)
        ids |= {row.event.id for row in page.rows}
        asked = replace(asked, after=read_after(page.next_after)) if page.next_after else None
    return ids


def _gone(db: Session, filters: Filters, now: datetime) -> list[Event]:
    """What stood in lists until the last thirty days and was taken out of them for good."""
    query = (
        select(Event)
        .join(Event.group)
        .where(Event.left_at > now - GONE_FOR, Event.state != "listed")
        .options(contains_eager(Event.group))
        .order_by(Event.left_at.desc(), Event.id)
        .limit(MOST_ENTRIES)
    )
    if filters.kinds:
        query = query.where(Event.kind.in_(filters.kinds))
    if filters.group is not None:
        query = query.where(Group.slug == filters.group)
    if filters.until is not None:
        query = query.where(Event.starts_at < filters.until)
    return [event for event in db.scalars(query) if _could_be_meant(event, filters)]


def _could_be_meant(event: Event, filters: Filters) -> bool:
    """Whether the search would have found it before it left; words find nothing taken down."""
    if event.hidden_at is not None and filters.words:
        return False
    text = fold(f"{event.title} {event.shown_place} {event.group.name}")
    return (
        all(word in text for word in filters.words)
        and (event.step_free is True or not filters.step_free)
        and (event.place_kind == "online" if filters.online else _is_near(event, filters))
    )


def _is_near(event: Event, filters: Filters) -> bool:
    """Whether it lay in the area that was asked for; nobody asked, and all is near."""
    if filters.lat is None or filters.lng is None or not filters.radius_km:
        return True
    if event.shown_lat is None or event.shown_lng is None:
        return False
    away = distance_km(filters.lat, filters.lng, event.shown_lat, event.shown_lng)
    return away <= filters.radius_km


def person_by_calendar_key(db: Session, key: str) -> Person | None:
    """Whose calendar a key opens; nobody's once the account was closed."""
    return db.scalar(
        select(Person)
        .join(CalendarKey, CalendarKey.person_id == Person.id)
        .where(CalendarKey.fingerprint == tokens.fingerprint(key), Person.disabled_at.is_(None))
    )


def calendar_key_of(db: Session, person_id: int | None) -> CalendarKey | None:
    """Since when somebody has a calendar of their own; None where they made none."""
    return None if person_id is None else db.get(CalendarKey, person_id)


def personal(db: Session, *, person_id: int, now: datetime) -> list[tuple[Event, Rsvp | None]]:
    """What somebody signed up to or hosts, from a month ago on, with their sign-up."""
    query = (
        select(Event, Rsvp)
        .join(Event.group)
        .outerjoin(Rsvp, and_(Rsvp.event_id == Event.id, Rsvp.person_id == person_id))
        .where(
            Event.ends_at > now - GONE_FOR,
            or_(Event.host_id == person_id, Rsvp.status.in_(LIVE)),
        )
        .options(contains_eager(Event.group), joinedload(Rsvp.shift))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_ENTRIES)
    )
    return [(event, rsvp) for event, rsvp in db.execute(query)]
