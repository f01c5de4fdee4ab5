"""Who stands behind an event or a group that somebody reports."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.rules.subjects import Behind
from campaign.events.models import Event, EventTeam
from campaign.groups.models import Group, Membership
from campaign.groups.queries import group_by_slug
from campaign.groups.rules import RUNS_IT


def behind_event(db: Session, public_id: str) -> Behind | None:
    """An event: its host made it, who runs its group is close to it."""
    row = db.execute(
        select(Event.id, Event.title, Event.host_id, Event.group_id, Group.slug)
        .join(Event.group)
        .where(Event.public_id == public_id)
    ).one_or_none()
    if row is None:
        return None
    return Behind(
        label=row.title,
        url=f"/events/{public_id}",
        makers=frozenset({row.host_id, *_cohosts(db, row.id)}),
        close=_runners(db, row.group_id),
        group_slug=row.slug,
    )


def behind_group(db: Session, slug: str) -> Behind | None:
    """A group: it is about who runs it."""
    group = group_by_slug(db, slug)
    if group is None:
        return None
    return Behind(
        label=group.name,
        url=f"/groups/{group.slug}",
        close=_runners(db, group.id),
        group_slug=group.slug,
    )


def _cohosts(db: Session, event_id: int) -> frozenset[int]:
    query = select(EventTeam.person_id).where(
        EventTeam.event_id == event_id, EventTeam.role == "co-host"
    )
    return frozenset(db.scalars(query))


def _runners(db: Session, group_id: int) -> frozenset[int]:
    roles = [role.value for role in RUNS_IT]
    query = select(Membership.person_id).where(
        Membership.group_id == group_id, Membership.role.in_(roles)
    )
    return frozenset(db.scalars(query))
