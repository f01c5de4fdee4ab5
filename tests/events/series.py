"""An event that repeats each Tuesday, and the days that stand of it."""

from datetime import date, datetime, time
from typing import Any

from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, Occurrence, Series
from campaign.events.rules.repeating import Rule
from tests.cast import Cast
from tests.events.makers import LONDON, announced

TUESDAY = date(2026, 10, 6)
WEEKLY = Rule(monthly=False, days=("TU",))


def a_series(db: Any, cast: Cast, *, first: date = TUESDAY, **given: Any) -> tuple[Event, Series]:
    """A weekly phonebank at seven."""
    rule, gaps = given.pop("rule", WEEKLY), given.pop("gaps", ())
    starts_at = datetime.combine(first, time(19), tzinfo=LONDON)
    event = announced(db, cast, starts_at=starts_at, **given)
    return event, operations.repeat(
        db, event=event, rule=rule, gaps=gaps, actor_id=cast.organiser.id
    )


def held_of(db: Any, series: Series) -> list[Event]:
    query = select(Event).join(Occurrence, Occurrence.event_id == Event.id)
    query = query.where(Occurrence.series_id == series.id).order_by(Event.starts_at)
    return list(db.scalars(query))


def on(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=LONDON)
