"""Changing or ending several events of a series together."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from campaign.events.models import Event, Occurrence, Series
from campaign.events.operations.editing import cancel, edit
from campaign.events.operations.repeating import lock_series, pattern_of
from campaign.events.queries.series import occurrence_of
from campaign.events.rules.repeating import Scope, starts_of
from campaign.foundation import audit, clock
from campaign.foundation.errors import Refused


def edit_together(
    db: Session,
    *,
    event: Event,
    scope: Scope,
    actor_id: int,
    starts_at: datetime,
    ends_at: datetime,
    **given: Any,
) -> int:
    """Change an event of a series alone, with the later ones, or with all to come; how many.

    Takes what ``edit`` takes. An event that was changed by itself keeps its change; who signed up
    to any of the others hears of it as for a single event. Only one alone moves to another day.
    """
    held = occurrence_of(db, event.id)
    if held is None or scope is Scope.ONE:
        edit(db, event=event, actor_id=actor_id, starts_at=starts_at, ends_at=ends_at, **given)
        if held is not None:
            held.own = True
            db.flush()
        return 1
    series = lock_series(db, held.series_id)
    local = starts_at.astimezone(ZoneInfo(series.zone))
    if local.date() != held.day:
        raise Refused(
            "Only one event alone moves to another day. Choose “Only this one”, or end the "
            "series and announce another.",
            field="date",
        )
    series.starts = local.time().replace(tzinfo=None, fold=0)
    series.minutes = round((ends_at - starts_at) / timedelta(minutes=1))
    many = _others(db, series, held, scope, own=False)
    for one in [held, *many]:
        begins = starts_at if one is held else starts_of(one.day, series.starts, zone=series.zone)
        edit(
            db,
            event=one.event,
            actor_id=actor_id,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=series.minutes),
            **given,
        )
    series.pattern = pattern_of(db, held.event)
    db.flush()
    audit.append(db, "series changed", subject=f"series:{series.id}", actor_id=actor_id)
    return 1 + len(many)


def cancel_together(
    db: Session, *, event: Event, scope: Scope, actor_id: int, note: str = ""
) -> int:
    """Call an event of a series off alone, with the later ones, or with all to come; how many."""
    held = occurrence_of(db, event.id)
    if held is None or scope is Scope.ONE:
        if held is not None:  # before: a draft that is called off is gone
            held.own = True
            db.flush()
        cancel(db, event=event, actor_id=actor_id, note=note)
        return 1
    series = lock_series(db, held.series_id)
    today = clock.now().astimezone(ZoneInfo(series.zone)).date()
    first = held.day if scope is Scope.LATER else min(held.day, today)
    series.last_day = first - timedelta(days=1)
    many = _others(db, series, held, scope, own=True)
    for one in [held, *many]:
        cancel(db, event=one.event, actor_id=actor_id, note=note)
    audit.append(db, "series ended", subject=f"series:{series.id}", actor_id=actor_id)
    return 1 + len(many)


def _others(
    db: Session, series: Series, held: Occurrence, scope: Scope, *, own: bool
) -> list[Occurrence]:
    """The other events that a change reaches: not begun, not called off, in the order of days."""
    query = (
        select(Occurrence)
        .join(Occurrence.event)
        .where(
            Occurrence.series_id == series.id,
            Occurrence.event_id != held.event_id,
            Event.state != "cancelled",
            Event.starts_at > clock.now(),
        )
        .options(contains_eager(Occurrence.event))
        .order_by(Occurrence.day)
    )
    if scope is Scope.LATER:
        query = query.where(Occurrence.day > held.day)
    if not own:
        query = query.where(Occurrence.own.is_(False))
    return list(db.scalars(query))
