"""What members announced and nobody has looked at yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from campaign.events.models import Event
from campaign.events.rules.features import when_of
from campaign.events.rules.moderation import ASKED_FOR
from campaign.events.rules.signups import initials
from campaign.events.rules.states import TO_LOOK_AT
from campaign.groups.models import Membership
from campaign.groups.rules import GroupRole, standings_of
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, may

# Who may list is said once, in the table of people.rules.
LISTING_ROLES = tuple(
    role.value for role in GroupRole if may(Action.LIST_EVENT, standings_of(role.value))
)


@dataclass(frozen=True)
class ToLookAt:
    """An event that waits for somebody's look, as a list shows it."""

    public_id: str
    title: str
    when: str
    where: str
    group_name: str
    host: str


def waiting_for_look(
    db: Session, *, person_id: int | None, now: datetime, group_id: int | None = None
) -> list[ToLookAt]:
    """The events that this person may list or say no to, soonest first, at most 50.

    A convenor's own groups, a moderator's every group; with ``group_id`` that group alone.
    """
    if person_id is None:
        return []
    query = (
        select(Event)
        .join(Event.group)
        .where(Event.state.in_(TO_LOOK_AT), Event.kept_off_at.is_(None), Event.ends_at > now)
        .where(
            Event.hidden_at.is_(None),
            or_(Event.asked_at.is_(None), Event.asked_at <= now - ASKED_FOR),
        )
        .options(contains_eager(Event.group), joinedload(Event.host))
        .order_by(Event.starts_at, Event.id)
        .limit(50)
    )
    if Role.MODERATOR not in roles_of(db, person_id):
        own = select(Membership.group_id).where(
            Membership.person_id == person_id, Membership.role.in_(LISTING_ROLES)
        )
        query = query.where(Event.group_id.in_(own))
    if group_id is not None:
        query = query.where(Event.group_id == group_id)
    return [_line(event, now) for event in db.scalars(query)]


def _line(event: Event, now: datetime) -> ToLookAt:
    return ToLookAt(
        public_id=event.public_id,
        title=event.title,
        when=when_of(event, now=now),
        where=event.shown_place,
        group_name=event.group.name,
        host=initials(event.host.name),
    )
