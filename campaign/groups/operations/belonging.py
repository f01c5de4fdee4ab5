"""Joining, being let in, leaving, and who runs a group."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, clock, signals
from campaign.foundation.errors import NotFound, Refused
from campaign.groups import queries
from campaign.groups.models import Group, JoinRequest, Membership
from campaign.groups.rules import RUNS_IT, GroupRole, LastConvenor
from campaign.people.operations import entrust, insert_or_leave


def join(db: Session, *, group: Group, person_id: int, role: GroupRole = GroupRole.MEMBER) -> bool:
    """Join or follow a group by one's own act; a higher role one already has stays.

    Where the group looks at whoever comes this only asks: False until a convenor lets them in.
    """
    held_role = queries.role_in(db, group_id=group.id, person_id=person_id)
    if role is not GroupRole.FOLLOWER and not group.is_open and held_role in (None, "follower"):
        insert_or_leave(
            db, JoinRequest, group_id=group.id, person_id=person_id, made_at=clock.now()
        )
        audit.append(db, "asked to join", subject=f"group:{group.id}", actor_id=person_id)
        return False
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
    _take_request(db, group.id, person_id)
    db.flush()
    return True


def answer_asker(db: Session, *, group: Group, person_id: int, let_in: bool, actor_id: int) -> None:
    """A convenor's yes or no to somebody who asked; a yes counts from the day they asked.

    Answering again changes nothing: NotFound, for there is no request any more.
    """
    asked_at = _take_request(db, group.id, person_id)
    if asked_at is None:
        raise NotFound("They do not wait any more: somebody has answered, or they took it back.")
    if let_in:
        insert_or_leave(
            db,
            Membership,
            group_id=group.id,
            person_id=person_id,
            role=GroupRole.MEMBER.value,
            joined_at=asked_at,
        )
        held = _membership(db, group.id, person_id)
        if held.role == GroupRole.FOLLOWER:
            held.role, held.joined_at = GroupRole.MEMBER.value, asked_at
    audit.append(
        db,
        "let into the group" if let_in else "not let into the group",
        subject=f"group:{group.id}",
        actor_id=actor_id,
        details=[f"person:{person_id}"],
    )
    db.flush()


def take_back(db: Session, *, group: Group, person_id: int) -> None:
    """Who asked to join does not want to any more; without a request nothing happens."""
    _take_request(db, group.id, person_id)


def hand_over(db: Session, *, group: Group, person_id: int, actor_id: int) -> None:
    """Make a member convenor and leave, both or neither."""
    if person_id == actor_id:
        raise Refused("Choose somebody else: you are leaving.")
    appoint(db, group=group, person_id=person_id, role=GroupRole.CONVENOR, actor_id=actor_id)
    leave(db, group=group, person_id=actor_id)


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


def _take_request(db: Session, group_id: int, person_id: int) -> datetime | None:
    return db.scalar(
        delete(JoinRequest)
        .where(JoinRequest.group_id == group_id, JoinRequest.person_id == person_id)
        .returning(JoinRequest.made_at)
        .execution_options(synchronize_session=False)
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
    db.refresh(held)  # somebody may have changed or ended it while we waited
    if held.role == GroupRole.CONVENOR and queries.convenor_count(db, held.group_id) == 1:
        raise LastConvenor
