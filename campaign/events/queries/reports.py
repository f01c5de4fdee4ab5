"""Reports of events, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.events.models import Event, EventReport, Rsvp
from campaign.events.rules.signups import SEATED, Attendance
from campaign.events.rules.states import State


@dataclass(frozen=True)
class Totals:
    """What the reports of some time add up to."""

    reports: int
    people: int
    calls: int
    doors: int
    leaflets: int


def report_of(db: Session, event_id: int) -> EventReport | None:
    """What came of an event, where somebody has written it."""
    return db.get(EventReport, event_id)


def people_who_came(db: Session, event_id: int) -> int | None:
    """How many were ticked at the door, guests counted; None where nobody was."""
    counted = select(func.sum(1 + Rsvp.guests)).where(
        Rsvp.event_id == event_id,
        Rsvp.status.in_(SEATED),
        Rsvp.attendance == Attendance.CAME.value,
    )
    return db.scalar(counted)


def recent_reports(db: Session, *, group_id: int, most: int = 3) -> list[tuple[Event, EventReport]]:
    """The latest reports of a group's listed events."""
    query = (
        select(Event, EventReport)
        .join(EventReport, EventReport.event_id == Event.id)
        .where(
            Event.group_id == group_id, Event.state == State.LISTED.value, Event.hidden_at.is_(None)
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(most)
    )
    return [(event, report) for event, report in db.execute(query)]


def report_totals(
    db: Session, *, since: datetime, until: datetime, group_id: int | None = None
) -> Totals:
    """What listed events that began in this time add up to, of one group or of all."""
    counted = (EventReport.people, EventReport.calls, EventReport.doors, EventReport.leaflets)
    query = (
        select(func.count(), *(func.sum(column) for column in counted))
        .join(Event, Event.id == EventReport.event_id)
        .where(
            Event.starts_at >= since,
            Event.starts_at <= until,
            Event.state == State.LISTED.value,
            Event.hidden_at.is_(None),
        )
    )
    if group_id is not None:
        query = query.where(Event.group_id == group_id)
    return Totals(*(number or 0 for number in db.execute(query).one()[:5]))
