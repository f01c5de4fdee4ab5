"""Lists of events: what is coming, near where, in which order, page by page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer

from campaign.events.models import Event, EventTeam, Rsvp, Shift
from campaign.events.queries.choosing import chosen, nearest_km, page_of
from campaign.events.rules.features import Card, card_of
from campaign.events.rules.finding import Filters, radius_for, write_after
from campaign.events.rules.signups import LIVE
from campaign.events.rules.times import LONGEST
from campaign.places.rules import distance_km

MOST = 50


@dataclass(frozen=True)
class Row:
    """An event of a list; the distance is in kilometres, where a point was asked for."""

    event: Event
    away_km: float | None = None
    has_shifts: bool = False


@dataclass(frozen=True)
class Found:
    """One page of a list, how many there are in all, and where it goes on."""

    rows: list[Row]
    total: int
    next_after: str | None


def conditions(*, now: datetime) -> list[ColumnElement[bool]]:
    """What an event must be to be found at all: listed, and not over."""
    return [
        Event.state == "listed",
        # The second says the same of long events in words the index understands.
        Event.ends_at > now,
        Event.starts_at > now - LONGEST,
    ]


def upcoming(db: Session, *, filters: Filters, now: datetime) -> Found:
    """The listed events from now on that the filters let through, one page of at most 50.

    Sorted by need (see ``rules.needs``), by time, or by distance, full ones last; ties by start
    and key.
    """
    choice = chosen(db, filters=replace(filters, most=max(1, min(filters.most, MOST))), now=now)
    ids, next_after = page_of(db, choice)
    query = (
        select(Event)
        .join(Event.group)
        .where(Event.id.in_(ids), Event.state == "listed")
        .options(contains_eager(Event.group), defer(Event.feature), defer(Event.about))
        .order_by(Event.id)
    )
    held = {event.id: event for event in db.scalars(query)}
    in_shifts = set(db.scalars(select(Shift.event_id).where(Shift.event_id.in_(ids)).distinct()))
    return Found(
        rows=[
            Row(held[key], _away(held[key], filters), key in in_shifts)
            for key in ids
            if key in held
        ],
        total=len(choice),
        next_after=write_after(next_after) if next_after else None,
    )


@dataclass(frozen=True)
class Wider:
    """The next radius that has any, in kilometres, and how many."""

    radius_km: int
    count: int


def wider(db: Session, *, filters: Filters, now: datetime) -> Wider | None:
    """How far one has to look for what the filters ask; None where that is nowhere in reach."""
    everywhere = replace(filters, box=None, radius_km=None, after=None)
    nearest = nearest_km(chosen(db, filters=everywhere, now=now))
    radius = radius_for(nearest) if nearest is not None else None
    if radius is None:
        return None
    within = replace(filters, box=None, radius_km=float(radius), after=None)
    return Wider(radius, len(chosen(db, filters=within, now=now)))


def _away(event: Event, filters: Filters) -> float | None:
    point = (filters.lat, filters.lng, event.shown_lat, event.shown_lng)
    given = [number for number in point if number is not None]
    return distance_km(*given) if len(given) == 4 else None


def cards(rows: Iterable[Row], *, now: datetime) -> list[Card]:
    """The cards of a list."""
    return [
        card_of(
            row.event,
            group=row.event.group,
            now=now,
            away_km=row.away_km,
            has_shifts=row.has_shifts,
        )
        for row in rows
    ]


def card_for(event: Event, *, now: datetime) -> Card:
    """The card of one event whose group is loaded."""
    return card_of(event, group=event.group, now=now)


def next_for(
    db: Session, person_id: int, now: datetime, *, most: int = 20
) -> list[tuple[Event, Rsvp | None]]:
    """What a person signed up to or hosts and is not over, soonest first; hosting has no RSVP."""
    signed_up = select(Rsvp.event_id).where(Rsvp.person_id == person_id)
    on_team = Event.id.in_(select(EventTeam.event_id).where(EventTeam.person_id == person_id))
    looks_after = or_(and_(Event.host_id == person_id, Event.hostless_at.is_(None)), on_team)
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
            or_(Event.host_id == person_id, on_team, Event.id.in_(signed_up)),
            or_(looks_after, Rsvp.id.is_not(None)),
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
        .where(Event.group_id.in_(group_ids), *conditions(now=now))
        .subquery()
    )
    query = select(Event).join(first, first.c.id == Event.id).where(first.c.place == 1)
    return {event.group_id: event for event in db.scalars(query.order_by(Event.id))}
