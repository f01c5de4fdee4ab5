"""The names of the parts that calls are counted by."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.rules.states import LIVE
from campaign.figures.rules.forecast import Held, Planned
from campaign.foundation.words import human_when
from campaign.groups.models import Group
from campaign.phonebanks.models import CallingSession, Phonebank
from campaign.phonebanks.rules.funnel import Part

LONGEST = 50
# So many phonebanks of a group are added up, the newest.
MOST = 200


def session_names(db: Session, ids: Iterable[int]) -> dict[int, str]:
    """What sessions are called: when they were; in the order of their beginning."""
    query = (
        select(CallingSession.id, Event.starts_at, Event.ends_at, Event.zone)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.id.in_(list(ids)))
        .order_by(Event.starts_at, Event.id)
    )
    return {
        key: human_when(starts_at, ends_at, ZoneInfo(zone))
        for key, starts_at, ends_at, zone in db.execute(query)
    }


def group_names(db: Session, ids: Iterable[int]) -> dict[int, str]:
    """What groups are called."""
    query = select(Group.id, Group.name).where(Group.id.in_(list(ids))).order_by(Group.id)
    return {key: name for key, name in db.execute(query)}


def held_sessions(
    db: Session, phonebank_id: int, parts: dict[int, Part], *, now: datetime
) -> list[Held]:
    """The sessions that are over and in which somebody called, the last first."""
    query = (
        select(CallingSession.id, Event.starts_at, Event.ends_at)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.ends_at <= now)
        .order_by(Event.starts_at.desc(), Event.id)
        .limit(LONGEST)
    )
    return [
        Held(
            hours=(ends_at - starts_at).total_seconds() / 3600,
            callers=parts[key].callers,
            calls=parts[key].funnel.calls,
            talks=parts[key].funnel.talks,
        )
        for key, starts_at, ends_at in db.execute(query)
        if key in parts and parts[key].funnel
    ]


def planned_sessions(db: Session, phonebank: Phonebank, *, now: datetime) -> list[Planned]:
    """The sessions that run or are to come before the phonebank's end."""
    query = (
        select(Event.starts_at, Event.ends_at, Event.capacity)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(CallingSession.phonebank_id == phonebank.id)
        .where(Event.state.in_(LIVE), Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
        .limit(500)
    )
    closes = phonebank.closes_at
    found = []
    for starts_at, ends_at, capacity in db.execute(query):
        begins, ends = max(starts_at, now), min(ends_at, closes) if closes else ends_at
        if ends > begins:
            found.append(Planned((ends - begins).total_seconds() / 3600, capacity))
    return found


def phonebanks_of(db: Session, group_ids: Iterable[int]) -> list[Phonebank]:
    """The phonebanks of groups but for practice and drafts, the newest first."""
    query = (
        select(Phonebank)
        .where(Phonebank.group_id.in_(list(group_ids)), ~Phonebank.is_practice)
        .where(Phonebank.status != "draft")
        .order_by(Phonebank.made_at.desc(), Phonebank.id.desc())
        .limit(MOST)
    )
    return list(db.scalars(query))
