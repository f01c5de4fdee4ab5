"""Writing what came of an event."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy.orm import Session

from campaign.events.models import Event, EventReport
from campaign.events.operations.putting import place_of
from campaign.events.operations.signing_up import lock
from campaign.events.rules.reports import NUMBERS, check_report
from campaign.events.rules.signups import EventCancelled
from campaign.events.rules.venues import check_home_text
from campaign.foundation import audit, clock
from campaign.foundation.errors import Refused


def write_report(
    db: Session,
    *,
    event: Event,
    numbers: Mapping[str, int | None],
    story: str,
    actor_id: int,
) -> EventReport:
    """Write the report of an event, or write it anew: it is public with this.

    Refuses one of an event that has not begun or was called off, one that says nothing, and a
    text that gives a home away.
    """
    event = lock(db, event.id)
    if event.state == "cancelled":
        raise EventCancelled
    now = clock.now()
    if event.starts_at > now:
        raise Refused("It has not begun yet. Write the report afterwards.")
    check_report(numbers, story)
    check_home_text(place_of(event), story=story)
    report = db.get(EventReport, event.id)
    if report is None:
        report = EventReport(event_id=event.id, made_at=now)
        db.add(report)
    for name in NUMBERS:
        setattr(report, name, numbers.get(name))
    report.story, report.written_by, report.changed_at = story, actor_id, now
    db.flush()
    audit.append(db, "report written", subject=f"event:{event.id}", actor_id=actor_id)
    return report
