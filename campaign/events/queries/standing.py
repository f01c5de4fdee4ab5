"""How groups stand, which needs their events; and which have been quiet for long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.rules.standing import (
    CONVENORS,
    DORMANT_AFTER,
    MEMBERS,
    WARN_AFTER,
    Stands,
    standing_of,
)
from campaign.groups.models import Group, Membership
from campaign.people.models import Person

MOST_TOLD = 100


def standing_for(
    db: Session, *, group_id: int, convenors: int, members: int, now: datetime
) -> Stands:
    """How a group with so many convenors and members stands, with the answers to the four
    questions."""
    held, last_held = db.execute(
        select(func.count(), func.max(Event.ends_at)).where(
            Event.group_id == group_id, Event.state == "listed", Event.ends_at <= now
        )
    ).one()
    return standing_of(
        convenors=convenors, members=members, held=held, last_held=last_held, now=now
    )


@dataclass(frozen=True)
class Quiet:
    """An established group that will be dormant soon, and its convenors' addresses."""

    group_id: int
    public_id: str
    name: str
    slug: str
    last_held: datetime
    convenors: tuple[str, ...]


def gone_quiet(db: Session, *, now: datetime) -> list[Quiet]:
    """The established groups with no event for 46 days, none coming before the sixtieth, whose
    convenors have not heard of it since; by key, at most 100."""
    last = func.max(Event.ends_at)
    grown = (_counted(Membership.role == "convenor") >= CONVENORS) & (
        _counted(Membership.role != "follower") >= MEMBERS
    )
    query = (
        select(Group, last)
        .join(Event, Event.group_id == Group.id)
        .where(Event.state == "listed", Event.ends_at <= now, grown)
        .group_by(Group.id)
        .having(
            last <= now - WARN_AFTER,
            last > now - DORMANT_AFTER,
            or_(Group.quiet_told_at.is_(None), Group.quiet_told_at < last),
        )
        .order_by(Group.id)
    )
    found = []
    for group, last_held in db.execute(query):
        if _comes(db, group.id, now, last_held + DORMANT_AFTER):
            continue
        reachable = tuple(address for address in _convenors(db, group.id) if address)
        found.append(Quiet(group.id, group.public_id, group.name, group.slug, last_held, reachable))
        if len(found) == MOST_TOLD:
            break
    return found


def _counted(which: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many memberships of the group at hand are so."""
    of_group = select(func.count()).where(Membership.group_id == Group.id, which)
    return of_group.correlate(Group).scalar_subquery()


def _convenors(db: Session, group_id: int) -> list[str | None]:
    query = (
        select(Person.email)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.group_id == group_id, Membership.role == "convenor")
        .order_by(Membership.id)
    )
    return list(db.scalars(query))


def _comes(db: Session, group_id: int, now: datetime, until: datetime) -> bool:
    query = select(Event.id).where(
        Event.group_id == group_id,
        Event.state == "listed",
        Event.ends_at > now,
        Event.ends_at <= until,
    )
    return db.scalar(query.limit(1)) is not None
