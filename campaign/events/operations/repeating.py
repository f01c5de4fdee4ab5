"""Events that repeat: making their days ahead."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Occurrence, Series, Shift
from campaign.events.operations.telling import refresh_feature
from campaign.events.operations.weighing import weigh
from campaign.events.queries.series import occurrence_of, shifts_of_event
from campaign.events.rules.repeating import (
    AHEAD,
    Rule,
    checked,
    days_of,
    last_day_of,
    parse,
    starts_of,
    with_first,
)
from campaign.events.rules.states import TO_LOOK_AT
from campaign.foundation import audit, clock, tokens
from campaign.foundation.database import Database, refusing
from campaign.foundation.errors import Conflict
from campaign.groups.models import Group

# What is of one event alone. Every other column is copied, so that nobody who adds one that
# hides something has to think of this list.
ITS_OWN = frozenset(
    {
        *("id", "public_id", "group_id", "host_id", "zone", "taken", "state", "sequence"),
        *("client_uuid", "feature", "roster_path", "roster_label", "host_name"),
    }
)
MADE = ("unlisted", "listed")


class MadeAlready(Conflict):
    """Another worker made this day."""

    def __init__(self) -> None:
        super().__init__("This day of the series is there already.")


def repeat(
    db: Session, *, event: Event, rule: Rule, gaps: Sequence[date] = (), actor_id: int
) -> Series:
    """Make an event the first of a series, and the others for ninety days ahead.

    Refuses a rule that is none, and one that goes on for more than two years. An event that
    repeats already keeps its series.
    """
    before = occurrence_of(db, event.id)
    if before is not None:
        return before.series
    local = event.starts_at.astimezone(ZoneInfo(event.zone))
    rule = checked(with_first(rule, local.date()))
    series = Series(
        rule=rule.text,
        gaps="\n".join(day.isoformat() for day in gaps if day != local.date()),
        first_day=local.date(),
        last_day=last_day_of(rule, local.date()),
        starts=local.time().replace(tzinfo=None, fold=0),
        minutes=round((event.ends_at - event.starts_at) / timedelta(minutes=1)),
        zone=event.zone,
        group_id=event.group_id,
        pattern=pattern_of(db, event),
        made_at=clock.now(),
    )
    db.add(series)
    db.flush()
    db.add(Occurrence(event_id=event.id, series_id=series.id, day=local.date()))
    db.flush()
    audit.append(db, "series made", subject=f"series:{series.id}", actor_id=actor_id)
    make_days(db, series=series)
    return series


def make_all_days(database: Database) -> int:
    """Make the days ahead of every series, each in a transaction of its own; answers how many."""
    today = clock.now().date()
    with database.reading() as db:
        wanted = select(Series.id).where(Series.last_day >= today).order_by(Series.id)
        ids = list(db.scalars(wanted))
    made = 0
    for series_id in ids:
        with database.unit_of_work() as db:
            made += make_days(db, series=lock_series(db, series_id))
    return made


def make_days(db: Session, *, series: Series) -> int:
    """Make the events that are not there yet, ninety days ahead; answers how many.

    May be run as often as one likes: a day is there once, by a constraint. Nothing is made of
    what nobody may see yet.
    """
    latest, now = _latest(db, series), clock.now()
    if latest is None or _state_after(latest) not in MADE or latest.hostless_at is not None:
        return 0
    today = now.astimezone(ZoneInfo(series.zone)).date()
    gaps = [date.fromisoformat(line) for line in series.gaps.split()]
    end = min(series.last_day, today + AHEAD)
    wanted = days_of(parse(series.rule), series.first_day, gaps=gaps, begin=today, end=end)
    held = set(db.scalars(select(Occurrence.day).where(Occurrence.series_id == series.id)))
    missing = [day for day in wanted if day not in held]
    ahead = [day for day in missing if starts_of(day, series.starts, zone=series.zone) > now]
    try:
        return _make(db, series, ahead, latest)
    except MadeAlready:  # another was at it: day by day, then
        return sum(_made(db, series, day, latest) for day in ahead)


def _made(db: Session, series: Series, day: date, latest: Event) -> bool:
    try:
        return bool(_make(db, series, [day], latest))
    except MadeAlready:
        return False


def _make(db: Session, series: Series, days: Sequence[date], latest: Event) -> int:
    """Make these days, all or none; MadeAlready where one is there."""
    now, group = clock.now(), db.get_one(Group, series.group_id)
    events = [_event_on(series, day, latest) for day in days]
    for event in events:
        refresh_feature(event, group=group, now=now)
    with refusing(db, {"uq_occurrence_series_id_day": MadeAlready}):
        db.add_all(events)
        db.flush()
        db.add_all(
            Occurrence(event_id=event.id, series_id=series.id, day=day)
            for event, day in zip(events, days, strict=True)
        )
    for event in events if series.pattern.get("shifts") else []:
        _add_shifts(db, event, series.pattern["shifts"])
        refresh_feature(event, group=group, now=now)
    db.flush()
    return len(events)


def _event_on(series: Series, day: date, latest: Event) -> Event:
    starts_at = starts_of(day, series.starts, zone=series.zone)
    columns = {key: value for key, value in series.pattern.items() if key != "shifts"}
    return Event(
        **columns,
        public_id=tokens.public_id(),
        group_id=series.group_id,
        host_id=latest.host_id,
        host_name=latest.host_name,
        zone=series.zone,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=series.minutes),
        taken=0,
        sequence=0,
        state=_state_after(latest),
        made_at=clock.now(),
    )


def _add_shifts(db: Session, event: Event, shifts: Sequence[dict[str, Any]]) -> None:
    for one in shifts:
        begins = event.starts_at + timedelta(minutes=one["after"])
        shift = Shift(
            event_id=event.id,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=one["minutes"]),
            capacity=one["capacity"],
            needed=one["needed"],
            role=one["role"],
            taken=0,
        )
        db.add(shift)
    db.flush()
    weigh(event)


def _latest(db: Session, series: Series) -> Event | None:
    """The last event there is: new ones have its host, and its standing."""
    return db.scalar(
        select(Event)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(Occurrence.series_id == series.id)
        .order_by(Occurrence.day.desc(), Event.id)
        .limit(1)
    )


def _state_after(latest: Event) -> str:
    """What a new day is: what the latest is, or was before it was called off."""
    if latest.state == "cancelled":
        return "listed" if latest.left_at else "unlisted"
    return latest.state


def follow(db: Session, *, event: Event) -> None:
    """Let the days of a series that still wait to be looked at stand where this event stands now,
    and make those that were not made before.
    """
    held = occurrence_of(db, event.id)
    if held is None:
        return
    query = (
        select(Event)
        .join(Occurrence, Occurrence.event_id == Event.id)
        .where(
            Occurrence.series_id == held.series_id,
            Event.state.in_(TO_LOOK_AT),
            Event.kept_off_at.is_(None),
            Event.starts_at > clock.now(),
            Event.id != event.id,
        )
        .options(joinedload(Event.group))
        .order_by(Event.id)
        .with_for_update(of=Event)
    )
    for other in db.scalars(query):
        other.state = event.state
        refresh_feature(other, group=other.group, now=clock.now())
    db.flush()
    make_days(db, series=held.series)


def pattern_of(db: Session, event: Event) -> dict[str, Any]:
    """What all events of the series share. Instants are of one event alone."""
    columns = {
        column.key: getattr(event, column.key)
        for column in Event.__table__.columns
        if column.key not in ITS_OWN and not _is_instant(column)
    }
    shifts = [
        {
            "after": round((shift.starts_at - event.starts_at) / timedelta(minutes=1)),
            "minutes": round((shift.ends_at - shift.starts_at) / timedelta(minutes=1)),
            "capacity": shift.capacity,
            "needed": shift.needed,
            "role": shift.role,
        }
        for shift in shifts_of_event(db, event.id)
    ]
    return columns | {"shifts": shifts}


def _is_instant(column: Any) -> bool:
    return isinstance(getattr(column.type, "impl_instance", column.type), DateTime)


def lock_series(db: Session, series_id: int) -> Series:
    """The series, alone until the transaction ends: before any of its events."""
    query = select(Series).where(Series.id == series_id).with_for_update()
    return db.scalars(query.execution_options(populate_existing=True)).one()
