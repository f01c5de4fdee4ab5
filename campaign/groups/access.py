"""Getting a group by its address: the only way a route gets one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotFound
from campaign.groups import queries
from campaign.groups.models import Group, Membership
from campaign.people.rules import Action, require


def group_to_see(db: Session, slug: str) -> Group:
    """A group; its page is public."""
    group = queries.group_by_slug(db, slug)
    if group is None:
        raise NotFound("There is no such group. It may have another name now: look at the list.")
    return group


def group_to_manage(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who may run it; NotAllowed for everybody else."""
    group = group_to_see(db, slug)
    require(Action.MANAGE_GROUP, queries.standings_in(db, group.id, person_id))
    return group


def group_to_weigh(db: Session, slug: str, person_id: int | None) -> Group:
    """A group for who may say how much its area counts; NotAllowed for everybody else."""
    group = group_to_see(db, slug)
    require(Action.SET_PRIORITY, queries.wide_standings(db, person_id))
    return group


def member_of(db: Session, group: Group, public_id: str) -> Membership:
    """The membership of a person of the group; NotFound for everybody else."""
    held = queries.membership_of(db, group_id=group.id, public_id=public_id)
    if held is None:
        raise NotFound("This person does not belong to the group.")
    return held
