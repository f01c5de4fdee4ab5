"""What was planned at meetings, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from campaign.events.models import Event, EventRecap, EventReport, PlannedEvent, Rsvp
from campaign.events.rules.promises import Fate, Promise, Told, fate_of, people_at, promise_of
from campaign.events.rules.signups import SEATED, Attendance
from campaign.events.rules.states import State


@dataclass(frozen=True)
class Planned:
    """An event that was planned at a meeting, what became of it, and how many came."""

    event: Event
    fate: Fate
    people: int | None


def planned_at(db: Session, meeting_id: int, *, now: datetime) -> list[Planned]:
    """What was planned at a meeting and stood on the map, by when it begins."""
    query = (
        _told(Event)
        .where(PlannedEvent.meeting_id == meeting_id)
        .options(joinedload(Event.group), joinedload(Event.host))
        .order_by(Event.starts_at, Event.id)
    )
    found = []
    for event, *row in db.execute(query):
        told = _read(event.state, event.ends_at, row)
        found.append(Planned(event, fate_of(told, now=now), people_at(told)))
    return found


def promise_at(db: Session, meeting_id: int, *, now: datetime) -> Promise:
    """How many of what a meeting planned took place."""
    return _sum(db, PlannedEvent.meeting_id == meeting_id, now)


def promise_of_group(db: Session, group_id: int, *, now: datetime) -> Promise:
    """The same over all meetings of a group that everybody may see."""
    meeting = aliased(Event)
    public = select(meeting.id).where(
        meeting.group_id == group_id,
        meeting.state == State.LISTED.value,
        meeting.hidden_at.is_(None),
    )
    return _sum(db, PlannedEvent.meeting_id.in_(public), now)


def _sum(db: Session, wanted: ColumnElement[bool], now: datetime) -> Promise:
    known = []
    for state, ends_at, *row in db.execute(_told(Event.state, Event.ends_at).where(wanted)):
        told = _read(state, ends_at, row)
        known.append((fate_of(told, now=now), people_at(told)))
    return promise_of(known)


def _told(*what: Any) -> Select[Any]:
    came = (
        select(func.sum(1 + Rsvp.guests))
        .where(
            Rsvp.event_id == Event.id,
            Rsvp.status.in_(SEATED),
            Rsvp.attendance == Attendance.CAME.value,
        )
        .correlate(Event)
        .scalar_subquery()
    )
    called_off = and_(Event.state == State.CANCELLED.value, Event.left_at.is_not(None))
    return (
        select(
            *what,
            EventReport.event_id,
            EventReport.people,
            EventReport.calls,
            EventReport.doors,
            EventReport.leaflets,
            came,
        )
        .join(PlannedEvent, PlannedEvent.event_id == Event.id)
        .outerjoin(EventReport, EventReport.event_id == Event.id)
        .where(
            or_(Event.state == State.LISTED.value, called_off),
            Event.hidden_at.is_(None),
        )
    )


def _read(state: str, ends_at: datetime, row: Any) -> Told:
    report, people, calls, doors, leaflets, ticked = row
    return Told(
        cancelled=state == State.CANCELLED.value,
        ends_at=ends_at,
        reported=report is not None,
        people=people,
        others=sum(number or 0 for number in (calls, doors, leaflets)),
        ticked=int(ticked or 0),
    )


def recap_of(db: Session, event_id: int) -> str | None:
    """Where what came of a meeting can be read."""
    return db.scalar(select(EventRecap.path).where(EventRecap.event_id == event_id))


def recaps_of_group(db: Session, group_id: int, *, most: int = 3) -> list[tuple[Event, str]]:
    """The latest meetings of a group that have such a page and everybody may see."""
    query = (
        select(Event, EventRecap.path)
        .join(EventRecap, EventRecap.event_id == Event.id)
        .where(
            Event.group_id == group_id,
            Event.state == State.LISTED.value,
            Event.hidden_at.is_(None),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(most)
    )
    return [(event, path) for event, path in db.execute(query)]


def is_planned(db: Session, event_id: int) -> bool:
    """Whether an event was planned at a meeting."""
    return db.get(PlannedEvent, event_id) is not None
