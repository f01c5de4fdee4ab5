"""What everybody's events add up to: from reports, and from the door where no report counts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event, EventReport, Rsvp
from campaign.events.queries.reports import Totals
from campaign.events.rules.signups import SEATED, Attendance
from campaign.events.rules.states import State


def held_totals(db: Session, *, since: datetime, until: datetime) -> Totals:
    """The listed events that began and ended in this time and of which something is known.

    A report's number of people goes before the ticks at the door: no visitor counts twice.
    Only events of this time are read, by the index of state and start.
    """
    held = (
        Event.state == State.LISTED.value,
        Event.starts_at >= since,
        Event.starts_at <= until,
        Event.ends_at <= until,
        Event.hidden_at.is_(None),
    )
    came = (
        select(Rsvp.event_id, func.sum(1 + Rsvp.guests).label("people"))
        .join(Event, Event.id == Rsvp.event_id)
        .where(*held, Rsvp.attendance == Attendance.CAME.value, Rsvp.status.in_(SEATED))
        .group_by(Rsvp.event_id)
        .subquery()
    )
    counted = (
        func.coalesce(EventReport.people, came.c.people),
        EventReport.calls,
        EventReport.doors,
        EventReport.leaflets,
    )
    query = (
        select(func.count(), *(func.sum(column) for column in counted))
        .select_from(Event)
        .outerjoin(EventReport, EventReport.event_id == Event.id)
        .outerjoin(came, came.c.event_id == Event.id)
        .where(*held, or_(EventReport.event_id.is_not(None), came.c.event_id.is_not(None)))
    )
    return Totals(*(int(number or 0) for number in db.execute(query).one()))
