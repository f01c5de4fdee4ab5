"""Events that somebody on the telephone could come to, the nearest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import queries as events
from campaign.events.models import Event, Rsvp
from campaign.events.queries.finding import Row
from campaign.events.rules.features import distance_words
from campaign.events.rules.finding import Filters
from campaign.events.rules.needs import places_left
from campaign.events.rules.openness import host_says_yes
from campaign.events.rules.signups import LIVE
from campaign.foundation.words import human_when
from campaign.people.models import Person
from campaign.phonebanks.models import Call, CallSignUp, Phonebank
from campaign.phonebanks.queries import goals

MOST = 6


@dataclass(frozen=True, slots=True)
class Near:
    """An event as a caller reads it out: what everybody may see of it, in the person's time."""

    public_id: str
    title: str
    when: str
    where: str
    away: str | None
    places: str


def events_near(
    db: Session,
    phonebank: Phonebank,
    *,
    lat: float | None,
    lng: float | None,
    zone: ZoneInfo,
    now: datetime,
) -> list[Near]:
    """Listed events, full ones last; what the phonebank asks people to come to stands first.

    Without a point they stand in the order of time.
    """
    sort = "time" if lat is None else "distance"
    filters = Filters(lat=lat, lng=lng, radius_km=None, sort=sort, begins=now, most=MOST + 1)
    rows = events.upcoming(db, filters=filters, now=now).rows
    goal = goals.goal_of(db, phonebank.id)
    asked = goal.event_id if goal else None
    rows = sorted(rows, key=lambda row: row.event.id != asked)
    if asked and not any(row.event.id == asked for row in rows):
        event = db.get(Event, asked)
        rows = [Row(event), *rows] if event is not None and may_come_to(event, now=now) else rows
    return [_near(row, zone, now) for row in rows[:MOST]]


def may_come_to(event: Event, *, now: datetime) -> bool:
    """Whether a caller may sign people up to it: it stands on the map, and is not over."""
    return event.state == "listed" and event.hidden_at is None and event.ends_at > now


def _near(row: Row, zone: ZoneInfo, now: datetime) -> Near:
    event = row.event
    return Near(
        public_id=event.public_id,
        title=event.title,
        when=human_when(event.starts_at, event.ends_at, zone, today=now.astimezone(zone).date()),
        # Of a home that is its town, as for everybody.
        where=event.shown_place,
        away=distance_words(row.away_km),
        places=_places(event),
    )


def _places(event: Event) -> str:
    left = places_left(event)
    if left == 0:
        return "Full: they would wait in line"
    if host_says_yes(event):
        return "Its host says yes first"
    return "There is room" if left is None else f"{left} place{'' if left == 1 else 's'} left"


def ids_of(db: Session, public_ids: Iterable[str]) -> list[int]:
    """The events with these public ids, by growing id; what is none is left out."""
    wanted = sorted(set(public_ids))
    if not wanted:
        return []
    return list(db.scalars(select(Event.id).where(Event.public_id.in_(wanted)).order_by(Event.id)))


def who_came_by_phone(db: Session, event_id: int, *, e164: str, name: str) -> Person | None:
    """Who is signed up to an event with this number and name."""
    query = select(Person).join(Rsvp, Rsvp.person_id == Person.id)
    query = query.where(Rsvp.event_id == event_id, Rsvp.phone == e164, Rsvp.name == name)
    return db.scalar(query.order_by(Person.id).limit(1))


def signed_up_at(db: Session, event_id: int, *, email: str) -> Person | None:
    """Who has this address and comes already."""
    query = select(Person).join(Rsvp, Rsvp.person_id == Person.id)
    query = query.where(Rsvp.event_id == event_id, Rsvp.status.in_(LIVE))
    return db.scalar(query.where(Person.email == email.lower()))


def sign_ups_of(db: Session, calls: Mapping[int, Call]) -> list[tuple[Call, Rsvp]]:
    """What these calls signed people up to, in the order of the events."""
    query = (
        select(CallSignUp.call_id, Rsvp)
        .join(Rsvp, CallSignUp.rsvp_id == Rsvp.id)
        .where(CallSignUp.call_id.in_(calls))
        .order_by(Rsvp.event_id, Rsvp.id)
    )
    return [(calls[call_id], rsvp) for call_id, rsvp in db.execute(query)]
