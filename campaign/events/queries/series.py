"""Which series an event is of, and what comes next in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Occurrence, Series, Shift
from campaign.events.rules.features import when_of
from campaign.events.rules.repeating import parse, said

SHOWN = 6


@dataclass(frozen=True)
class Repeats:
    """How the page of an event says that it repeats: in words, with the next ones."""

    words: str
    last_day: str
    upcoming: list[tuple[str, str]]


def occurrence_of(db: Session, event_id: int) -> Occurrence | None:
    """The place of an event in its series, with both; None for an event by itself."""
    return db.scalar(
        select(Occurrence)
        .where(Occurrence.event_id == event_id)
        .options(joinedload(Occurrence.series), joinedload(Occurrence.event))
    )


def repeats(db: Session, *, event: Event, now: datetime) -> Repeats | None:
    """How an event repeats, and the next of its series that can be seen; None where it does not."""
    series = db.scalar(
        select(Series)
        .join(Occurrence, Occurrence.series_id == Series.id)
        .where(Occurrence.event_id == event.id)
    )
    if series is None:
        return None
    others = (
        select(Event)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(
            Occurrence.series_id == series.id,
            Event.id != event.id,
            Event.state == event.state if event.state != "cancelled" else Event.state == "listed",
            Event.starts_at > now,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(SHOWN)
    )
    found = [(one.public_id, when_of(one, now=now)) for one in db.scalars(others)]
    ends = f"{series.last_day.day} {series.last_day:%B %Y}"
    return Repeats(said(parse(series.rule)), ends, found)


def shifts_of_event(db: Session, event_id: int) -> list[Shift]:
    """The shifts of an event, first to last."""
    query = select(Shift).where(Shift.event_id == event_id)
    return list(db.scalars(query.order_by(Shift.starts_at, Shift.id)))
