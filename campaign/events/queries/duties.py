"""What events need from somebody now: a host or, once over, a report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event, EventReport, EventTeam
from campaign.events.rules.day import REPORT_AFTER
from campaign.events.rules.features import when_of
from campaign.events.rules.states import LIVE
from campaign.events.rules.team import TeamRole
from campaign.groups.models import Membership
from campaign.groups.rules import RUNS_IT

# How long a page asks for a report; afterwards nobody remembers.
ASKED_FOR = timedelta(days=14)
MOST = 10


@dataclass(frozen=True)
class Duty:
    """An event that needs something, as a list shows it."""

    public_id: str
    title: str
    when: str
    where: str


def hostless_for(db: Session, *, person_id: int, now: datetime) -> list[Duty]:
    """Coming events without a host, of the groups this person runs, soonest first."""
    runs = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.role.in_(sorted(RUNS_IT))
    )
    query = (
        select(Event)
        .where(
            Event.hostless_at.is_not(None),
            Event.state.in_(LIVE),
            Event.hidden_at.is_(None),
            Event.ends_at > now,
            Event.group_id.in_(runs),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(MOST)
    )
    return [_duty(event, now) for event in db.scalars(query)]


def reports_due(db: Session, *, person_id: int, now: datetime) -> list[Duty]:
    """Events this person hosted or co-hosted, over for two hours, that nobody has reported."""
    cohosted = select(EventTeam.event_id).where(
        EventTeam.person_id == person_id, EventTeam.role == TeamRole.CO_HOST.value
    )
    hosted = and_(Event.host_id == person_id, Event.hostless_at.is_(None))
    query = (
        select(Event)
        .where(
            or_(hosted, Event.id.in_(cohosted)),
            Event.state.in_(LIVE),
            Event.hidden_at.is_(None),
            Event.ends_at <= now - REPORT_AFTER,
            Event.ends_at > now - ASKED_FOR,
            Event.id.not_in(select(EventReport.event_id)),
        )
        .order_by(Event.starts_at.desc(), Event.id.desc())
        .limit(MOST)
    )
    return [_duty(event, now) for event in db.scalars(query)]


def _duty(event: Event, now: datetime) -> Duty:
    return Duty(event.public_id, event.title, when_of(event, now=now), event.shown_place)
