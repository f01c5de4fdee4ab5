"""Founding a group, and what it says about itself."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused, SentTwice
from campaign.groups import queries
from campaign.groups.models import Group, Membership
from campaign.groups.rules import (
    DEEPEST,
    Contact,
    GroupKind,
    GroupRole,
    NameTaken,
    check_parents,
    outcodes_of,
    slug_of,
)
from campaign.people.models import Person
from campaign.people.operations import entrust


def found(
    db: Session,
    *,
    founder: Person,
    name: str,
    place: str,
    lat: float,
    lng: float,
    council: str | None = None,
    about: str = "",
    client_uuid: str | None = None,
) -> Group:
    """Found a group at a place; its founder is its first convenor.

    Refuses a name whose address another group has (NameTaken). Degrees are decimal. The same
    ``client_uuid`` again gives the group that it made.
    """
    now = clock.now()
    before = queries.group_by_client_uuid(db, client_uuid)
    if before is not None:
        return before
    group = Group(
        slug=slug_of(name),
        name=name,
        about=about,
        place=place,
        council=council,
        lat=lat,
        lng=lng,
        made_at=now,
        client_uuid=client_uuid,
    )
    try:
        with refusing(db, {"uq_group_slug": NameTaken, "uq_group_client_uuid": SentTwice}):
            db.add(group)
    except Conflict:
        # The same form at the same moment may have taken the name.
        before = queries.group_by_client_uuid(db, client_uuid)
        if before is None:
            raise
        return before
    db.add(
        Membership(
            group_id=group.id, person_id=founder.id, role=GroupRole.CONVENOR.value, joined_at=now
        )
    )
    db.flush()
    entrust(db, person_id=founder.id)
    audit.append(db, "group founded", subject=f"group:{group.id}", actor_id=founder.id)
    return group


def describe(
    db: Session,
    *,
    group: Group,
    actor_id: int,
    about: str,
    kind: GroupKind = GroupKind.LOCAL,
    parent: Group | None = None,
    outcodes: str | None = None,
    radius_km: float | None = None,
    contact: Contact = Contact.MEMBERS,
    is_open: bool = True,
) -> None:
    """Change what the group says about itself.

    Refuses outcodes that are none, and a parent that is part of the group itself.
    """
    if parent is not None:
        # One after the other: two that become each other's parent at once would make a ring.
        db.execute(
            select(Group.id)
            .where(Group.id.in_([group.id, parent.id]))
            .order_by(Group.id)
            .with_for_update()
        )
        check_parents(group.id, _above(db, parent.id))
    group.about = about
    group.kind, group.contact, group.is_open = kind.value, contact.value, is_open
    group.parent_id = parent.id if parent else None
    group.outcodes, group.radius_km = outcodes_of(outcodes), radius_km
    audit.append(
        db, "group changed", subject=f"group:{group.id}", actor_id=actor_id, details=["settings"]
    )
    db.flush()


def weigh(db: Session, *, group: Group, priority: int, actor_id: int) -> None:
    """Say how much the group's area counts, from 0 to 9: where people are needed most, its events
    that are short of them come before others'."""
    if not 0 <= priority <= 9:
        raise Refused("Choose how much the area counts, from 0 to 9.", field="priority")
    group.priority = priority
    db.flush()
    audit.append(
        db,
        "priority of group changed",
        subject=f"group:{group.id}",
        actor_id=actor_id,
        details=[str(priority)],
    )


def _above(db: Session, group_id: int | None) -> list[int]:
    """The group and those it is part of, upwards."""
    row: list[int] = []
    while group_id is not None and group_id not in row and len(row) <= DEEPEST:
        row.append(group_id)
        group_id = db.scalar(select(Group.parent_id).where(Group.id == group_id))
    return row
