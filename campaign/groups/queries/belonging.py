"""Who belongs to a group, and as what."""

from __future__ import annotations

from sqlalchemy import case, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from campaign.conduct.queries.kept_out import account_kept_out
from campaign.foundation import clock
from campaign.groups.models import Group, JoinRequest, Membership
from campaign.groups.rules import RUNS_IT, standings_of
from campaign.people.models import Person
from campaign.people.queries import roles_of
from campaign.people.rules import Role, Standing

MOST_MEMBERS = 100
TOOLS = {Standing.ORGANISER, Standing.CONVENOR}


def role_in(db: Session, *, group_id: int, person_id: int | None) -> str | None:
    """What the person is in the group, or None."""
    if person_id is None:
        return None
    return db.scalar(
        select(Membership.role).where(
            Membership.group_id == group_id, Membership.person_id == person_id
        )
    )


def standings_in(db: Session, group_id: int, person_id: int | None) -> set[Standing]:
    """What the person is to the group: a visitor at least. Who is kept out runs no group."""
    if person_id is None:
        return {Standing.VISITOR}
    belongs = db.execute(
        select(Membership.role, account_kept_out(person_id, clock.now())).where(
            Membership.group_id == group_id, Membership.person_id == person_id
        )
    ).first()
    role, is_out = belongs or (None, False)
    found = {Standing.VISITOR, Standing.SUPPORTER, *standings_of(role)}
    return found - TOOLS if is_out else found


def wide_standings(db: Session, person_id: int | None) -> set[Standing]:
    """What the person is to every group by a role of theirs."""
    if person_id is None or Role.MODERATOR not in roles_of(db, person_id):
        return {Standing.VISITOR}
    return {Standing.VISITOR, Standing.MODERATOR}


def groups_of(db: Session, person_id: int) -> list[Membership]:
    """The person's memberships with their groups, by name."""
    query = (
        select(Membership)
        .join(Membership.group)
        .where(Membership.person_id == person_id)
        .options(joinedload(Membership.group))
        .order_by(Group.name, Group.id)
    )
    return list(db.scalars(query))


def member_count(db: Session, group_id: int) -> int:
    """How many belong to the group; followers are not members."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.group_id == group_id, Membership.role != "follower")
        )
        or 0
    )


def convenor_count(db: Session, group_id: int) -> int:
    """How many run the group."""
    return (
        db.scalar(
            select(func.count())
            .select_from(Membership)
            .where(Membership.group_id == group_id, Membership.role == "convenor")
        )
        or 0
    )


def runners(db: Session, group_id: int) -> list[Membership]:
    """The convenors and organisers with their persons: convenors first, then by joining."""
    query = (
        select(Membership)
        .where(Membership.group_id == group_id, Membership.role.in_(sorted(RUNS_IT)))
        .options(joinedload(Membership.person))
        .order_by(Membership.role, Membership.joined_at, Membership.id)
    )
    return list(db.scalars(query))


def members(
    db: Session, group_id: int, *, most: int = MOST_MEMBERS, after: str | None = None
) -> tuple[list[Membership], str | None]:
    """Who belongs to the group, with their persons, in the order of joining, so many after a
    person's public id; and the public id it goes on after."""
    query = (
        select(Membership)
        .where(Membership.group_id == group_id)
        .options(joinedload(Membership.person))
        .order_by(Membership.joined_at, Membership.id)
        .limit(most + 1)
    )
    last = membership_of(db, group_id=group_id, public_id=after) if after else None
    if last is not None:
        order = tuple_(Membership.joined_at, Membership.id)
        query = query.where(order > tuple_(last.joined_at, last.id))
    rows = list(db.scalars(query))
    return rows[:most], rows[most - 1].person.public_id if len(rows) > most else None


def belonging_count(db: Session, group_id: int) -> int:
    """How many belong to the group, followers too."""
    counted = select(func.count()).where(Membership.group_id == group_id)
    return db.scalar(counted) or 0


def membership_of(db: Session, *, group_id: int, public_id: str) -> Membership | None:
    """The membership of the person with this public id, or None."""
    return db.scalar(
        select(Membership)
        .join(Membership.person)
        .where(Membership.group_id == group_id, Person.public_id == public_id)
    )


def asked_to_join(db: Session, *, group_id: int, person_id: int | None) -> bool:
    """Whether the person waits for a convenor's yes."""
    if person_id is None:
        return False
    query = select(JoinRequest.id).where(
        JoinRequest.group_id == group_id, JoinRequest.person_id == person_id
    )
    return db.scalar(query) is not None


def askers(db: Session, group_id: int) -> list[JoinRequest]:
    """Who waits to be let in, with their persons, first come first, at most 100."""
    query = (
        select(JoinRequest)
        .where(JoinRequest.group_id == group_id)
        .options(joinedload(JoinRequest.person))
        .order_by(JoinRequest.made_at, JoinRequest.id)
        .limit(MOST_MEMBERS)
    )
    return list(db.scalars(query))


def asker_by_public_id(db: Session, *, group_id: int, public_id: str) -> JoinRequest | None:
    """The request of the person with this public id, or None."""
    return db.scalar(
        select(JoinRequest)
        .join(JoinRequest.person)
        .where(JoinRequest.group_id == group_id, Person.public_id == public_id)
    )


def successors(db: Session, *, group_id: int, person_id: int) -> list[Membership]:
    """Who could run the group next: convenors, organisers, then members, at most 100."""
    nearest = case({"convenor": 0, "organiser": 1}, value=Membership.role, else_=2)
    query = (
        select(Membership)
        .where(
            Membership.group_id == group_id,
            Membership.role != "follower",
            Membership.person_id != person_id,
        )
        .options(joinedload(Membership.person))
        .order_by(nearest, Membership.joined_at, Membership.id)
        .limit(MOST_MEMBERS)
    )
    return list(db.scalars(query))
