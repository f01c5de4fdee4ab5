"""Lists of events: what is coming, near where, in which order, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.orm import Session, contains_eager, defer

from campaign.events.models import Event, Rsvp
from campaign.events.rules.features import Card, card_of
from campaign.events.rules.finding import Filters, write_after
from campaign.events.rules.signups import LIVE
from campaign.events.rules.times import LONGEST
from campaign.foundation.database import is_postgresql
from campaign.groups.models import Group
from campaign.places.rules import bounding_box, distance_km

MOST = 50
KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Row:
    """An event of a list; the distance is in kilometres, where a point was asked for."""

    event: Event
    away_km: float | None = None


@dataclass(frozen=True)
class Found:
    """One page of a list, how many there are in all, and where it goes on."""

    rows: list[Row]
    total: int
    next_after: str | None


def conditions(filters: Filters, *, now: datetime) -> list[ColumnElement[bool]]:
    """What an event must be to be found: listed, not over, and as the filters say."""
    wanted: list[ColumnElement[bool]] = [
        Event.state == "listed",
        # The second says the same of long events in words the index understands.
        Event.ends_at > now,
        Event.starts_at > now - LONGEST,
    ]
    if filters.begins is not None and filters.begins > now:
        wanted.append(Event.starts_at >= filters.begins)
    if filters.until is not None:
        wanted.append(Event.starts_at < filters.until)
    if filters.kinds:
        wanted.append(Event.kind.in_(filters.kinds))
    if filters.group is not None:
        # As one value, not as a set: both databases then go by the group's own index.
        group_id = select(Group.id).where(Group.slug == filters.group).scalar_subquery()
        wanted.append(Event.group_id == group_id)
    if filters.open_only:
        wanted.append(or_(Event.capacity.is_(None), Event.taken < Event.capacity))
    if filters.step_free:
        wanted.append(Event.step_free.is_(True))
    return [*wanted, *_within(filters)]


def _within(filters: Filters) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if filters.box is not None:
        wanted += [
            Event.shown_lat.between(filters.box.south, filters.box.north),
            Event.shown_lng.between(filters.box.west, filters.box.east),
        ]
    if filters.lat is not None and filters.lng is not None:
        box = bounding_box(filters.lat, filters.lng, filters.radius_km)
        wanted += [
            Event.shown_lat.between(box.south, box.north),
            Event.shown_lng.between(box.west, box.east),
            _square_km(filters.lat, filters.lng) <= filters.radius_km**2,
        ]
    return wanted


def _square_km(lat: float, lng: float) -> ColumnElement[Any]:
    """The squared distance to a point, flat: within 1 % up to 100 km, and needs no trigonometry."""
    rise = (Event.shown_lat - lat) * KM_PER_DEGREE
    turn = (Event.shown_lng - lng) * (KM_PER_DEGREE * cos(radians(lat)))
    return rise * rise + turn * turn


def _order(filters: Filters, db: Session) -> list[ColumnElement[Any]]:
    """The columns of the order, all ascending numbers, so that a page can go on after a key."""
    starts: ColumnElement[Any] = (
        func.extract("epoch", Event.starts_at)
        if is_postgresql(db)
        else func.julianday(Event.starts_at)
    )
    full = case((and_(Event.capacity.is_not(None), Event.taken >= Event.capacity), 1), else_=0)
    if filters.sort == "distance" and filters.lat is not None and filters.lng is not None:
        return [full, _square_km(filters.lat, filters.lng), starts, Event.id + 0.0]
    if filters.sort == "time":
        return [starts, Event.id + 0.0]
    short = case((Event.needed > Event.taken, Event.taken - Event.needed), else_=0)
    return [full, case((short <= -1, 0), else_=1), starts, Event.id + 0.0]


def upcoming(db: Session, *, filters: Filters, now: datetime) -> Found:
    """The listed events from now on that the filters let through, one page of at most 50.

    Sorted by need (short ones first, full ones last), by time, or by distance; ties by start
    and key.
    """
    wanted = conditions(filters, now=now)
    order = _order(filters, db)
    most = max(1, min(filters.most, MOST))
    # The page's keys first, from the index alone: rows are wide, and thousands are not shown.
    page = select(Event.id).where(*wanted).order_by(*order).limit(most + 1)
    if filters.after is not None and len(filters.after) == len(order):
        page = page.where(tuple_(*order) > tuple_(*filters.after))
    query = (
        select(Event, *order)
        .join(Event.group)
        .where(Event.id.in_(list(db.scalars(page))))
        .options(contains_eager(Event.group), defer(Event.feature), defer(Event.about))
        .order_by(*order)
    )
    got = db.execute(query).all()
    total = db.scalar(select(func.count()).select_from(Event).where(*wanted)) or 0
    more = len(got) > most
    key = tuple(float(part) for part in got[most - 1][1:]) if more else ()
    return Found(
        rows=[Row(row[0], _away(row[0], filters)) for row in got[:most]],
        total=total,
        next_after=write_after(key) if more else None,
    )


def _away(event: Event, filters: Filters) -> float | None:
    point = (filters.lat, filters.lng, event.shown_lat, event.shown_lng)
    given = [number for number in point if number is not None]
    return distance_km(*given) if len(given) == 4 else None


def cards(rows: Iterable[Row], *, now: datetime) -> list[Card]:
    """The cards of a list."""
    return [card_of(row.event, group=row.event.group, now=now, away_km=row.away_km) for row in rows]


def card_for(event: Event, *, now: datetime) -> Card:
    """The card of one event whose group is loaded."""
    return card_of(event, group=event.group, now=now)


def next_for(
    db: Session, person_id: int, now: datetime, *, most: int = 20
) -> list[tuple[Event, Rsvp | None]]:
    """What a person signed up to or hosts and is not over, soonest first; hosting has no RSVP."""
    signed_up = select(Rsvp.event_id).where(Rsvp.person_id == person_id)
    query = (
        select(Event, Rsvp)
        .join(Event.group)
        .outerjoin(
            Rsvp,
            and_(Rsvp.event_id == Event.id, Rsvp.person_id == person_id, Rsvp.status.in_(LIVE)),
        )
        .where(
            Event.ends_at > now,
            Event.starts_at > now - timedelta(hours=72),
            # Says what the next says, in words that let a database begin with the person.
            or_(Event.host_id == person_id, Event.id.in_(signed_up)),
            or_(Event.host_id == person_id, Rsvp.id.is_not(None)),
        )
        .options(contains_eager(Event.group))
        .order_by(Event.starts_at, Event.id)
        .limit(most)
    )
    got: Sequence[Any] = db.execute(query).all()
    return [(event, rsvp) for event, rsvp in got]


def next_by_group(db: Session, group_ids: Sequence[int], *, now: datetime) -> dict[int, Event]:
    """The next listed event of each of these groups that has one."""
    first = (
        select(
            Event.id,
            func.row_number()
            .over(partition_by=Event.group_id, order_by=(Event.starts_at, Event.id))
            .label("place"),
        )
        .where(Event.group_id.in_(group_ids), *conditions(Filters(), now=now))
        .subquery()
    )
    query = select(Event).join(first, first.c.id == Event.id).where(first.c.place == 1)
    return {event.group_id: event for event in db.scalars(query.order_by(Event.id))}
