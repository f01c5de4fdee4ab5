"""What is written about groups: founding, joining, leaving, and who runs them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock, signals
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, NotFound, Refused, SentTwice
from campaign.groups import queries
from campaign.groups.models import Group, Membership
from campaign.groups.rules import RUNS_IT, GroupRole, LastConvenor, NameTaken, slug_of
from campaign.people.models import Person
from campaign.people.operations import entrust, insert_or_leave


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


def describe(db: Session, *, group: Group, about: str, actor_id: int) -> None:
    """Change what the group says about itself."""
    group.about = about
    audit.append(
        db, "group changed", subject=f"group:{group.id}", actor_id=actor_id, details=["about"]
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


def join(db: Session, *, group: Group, person_id: int, role: GroupRole = GroupRole.MEMBER) -> None:
    """Join or follow a group by one's own act; a higher role one already has stays."""
    insert_or_leave(
        db,
        Membership,
        group_id=group.id,
        person_id=person_id,
        role=role.value,
        joined_at=clock.now(),
    )
    held = _membership(db, group.id, person_id)
    if held.role not in RUNS_IT and held.role != role.value:
        held.role = role.value
    audit.append(
        db, "group joined", subject=f"group:{group.id}", actor_id=person_id, details=[role.value]
    )
    db.flush()


def leave(db: Session, *, group: Group, person_id: int) -> None:
    """Leave a group. The last convenor cannot (LastConvenor)."""
    held = _membership(db, group.id, person_id)
    _keep_a_convenor(db, held)
    db.delete(held)
    db.flush()
    audit.append(db, "group left", subject=f"group:{group.id}", actor_id=person_id)
    signals.standing_changed.send(db, person_id=person_id)


def appoint(db: Session, *, group: Group, person_id: int, role: GroupRole, actor_id: int) -> None:
    """Give a member a role; NotFound for who does not belong to the group.

    Refuses a follower: people become members by their own act.
    """
    held = _membership(db, group.id, person_id)
    if held.role == GroupRole.FOLLOWER:
        raise Refused("They only follow the group. Ask them to join as a member first.")
    if role is not GroupRole.CONVENOR:
        _keep_a_convenor(db, held)
    held.role = role.value
    db.flush()
    if role in RUNS_IT:
        entrust(db, person_id=person_id)
    else:
        signals.standing_changed.send(db, person_id=person_id)
    audit.append(
        db,
        "role in group changed",
        subject=f"group:{group.id}",
        actor_id=actor_id,
        details=[f"person:{person_id}", role.value],
    )


def _membership(db: Session, group_id: int, person_id: int) -> Membership:
    held = db.scalar(
        select(Membership).where(Membership.group_id == group_id, Membership.person_id == person_id)
    )
    if held is None:
        raise NotFound("This person does not belong to the group.")
    return held


def _keep_a_convenor(db: Session, held: Membership) -> None:
    # The group's row is the lock: two convenors who go at once would leave nobody.
    db.execute(select(Group.id).where(Group.id == held.group_id).with_for_update())
    if held.role == GroupRole.CONVENOR and queries.convenor_count(db, held.group_id) == 1:
        raise LastConvenor
