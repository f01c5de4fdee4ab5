"""Whether somebody has announced the same already."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from campaign.events.models import Event
from campaign.events.rules.announcements import SAME_KM, SAME_WITHIN
from campaign.events.rules.states import State
from campaign.places.rules import bounding_box, distance_km

Point = tuple[float, float]


def likely_same(
    db: Session,
    *,
    host_id: int | None,
    client_uuid: str | None,
    starts_at: datetime,
    point: Point | None,
) -> Event | None:
    """What is probably the same event: within 90 minutes, of the same host or within 300 m.

    Of others only what is listed, by the point that everybody sees: nobody feels for a home. What
    the very same form made already is not another event.
    """
    own = and_(Event.host_id == host_id, Event.state != State.CANCELLED.value)
    query = (
        select(Event)
        .join(Event.group)
        .where(
            Event.starts_at.between(starts_at - SAME_WITHIN, starts_at + SAME_WITHIN),
            or_(Event.client_uuid.is_(None), Event.client_uuid != (client_uuid or "")),
            or_(own, and_(Event.state == State.LISTED.value, *_around(point))),
        )
        .options(contains_eager(Event.group))
        .order_by(Event.starts_at, Event.id)
        .limit(50)
    )
    return _nearest(db.scalars(query), host_id, point)


def _around(point: Point | None) -> list[ColumnElement[bool]]:
    if point is None:
        return [Event.id.is_(None)]
    box = bounding_box(*point, SAME_KM)
    return [
        Event.shown_lat.between(box.south, box.north),
        Event.shown_lng.between(box.west, box.east),
    ]


def _nearest(events: Iterable[Event], host_id: int | None, point: Point | None) -> Event | None:
    near = []
    for event in events:
        km = 0.0 if event.host_id == host_id else _away(event, point)
        if km <= SAME_KM:
            near.append((km, event.id, event))
    return min(near)[2] if near else None


def _away(event: Event, point: Point | None) -> float:
    if point is None or event.shown_lat is None or event.shown_lng is None:
        return SAME_KM + 1
    return distance_km(*point, event.shown_lat, event.shown_lng)
