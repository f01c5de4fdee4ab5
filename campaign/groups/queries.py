"""Looking groups and memberships up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session, joinedload

from campaign.groups.models import Group, Membership
from campaign.groups.rules import RUNS_IT, standings_of
from campaign.people.models import Person
from campaign.people.queries import roles_of
from campaign.people.rules import Role, Standing
from campaign.places.rules import bounding_box, distance_km

MOST_SHOWN = 50
MOST_MEMBERS = 100
MOST_ON_MAP = 1000


@dataclass(frozen=True)
class Listed:
    """A group as a list shows it; the distance is in kilometres."""

    group: Group
    members: int
    away_km: float | None = None


def group_by_slug(db: Session, slug: str) -> Group | None:
    """The group at this address."""
    return db.scalar(select(Group).where(Group.slug == slug))


def group_by_client_uuid(db: Session, client_uuid: str | None) -> Group | None:
    """The group that this form founded."""
    if client_uuid is None:
        return None
    return db.scalar(select(Group).where(Group.client_uuid == client_uuid))


def group_by_id(db: Session, group_id: int) -> Group | None:
    """The group with this key."""
    return db.get(Group, group_id)


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
    """What the person is to the group: a visitor at least."""
    if person_id is None:
        return {Standing.VISITOR}
    role = role_in(db, group_id=group_id, person_id=person_id)
    return {Standing.VISITOR, Standing.SUPPORTER, *standings_of(role)}


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


def all_groups(
    db: Session, *, most: int = MOST_SHOWN, after: str | None = None
) -> tuple[list[Listed], str | None]:
    """Groups by name, so many, those after a group's address; and the address it goes on after."""
    query = _with_members().order_by(Group.name, Group.id).limit(most + 1)
    last = group_by_slug(db, after) if after else None
    if last is not None:
        query = query.where(tuple_(Group.name, Group.id) > tuple_(last.name, last.id))
    rows = [Listed(group, members) for group, members in db.execute(query)]
    return rows[:most], rows[most - 1].group.slug if len(rows) > most else None


def groups_near(db: Session, *, lat: float, lng: float, km: float) -> list[Listed]:
    """The groups within so many kilometres, nearest first."""
    box = bounding_box(lat, lng, km)
    rows = db.execute(
        _with_members()
        .where(Group.lat.between(box.south, box.north), Group.lng.between(box.west, box.east))
        .order_by(Group.id)
    )
    found = [
        Listed(group, members, distance_km(lat, lng, group.lat, group.lng))
        for group, members in rows
    ]
    within = [listed for listed in found if (listed.away_km or 0) <= km]
    return sorted(within, key=lambda listed: (listed.away_km or 0, listed.group.id))[:MOST_SHOWN]


def on_map(db: Session) -> list[Group]:
    """Every group, each at its place: a movement has hundreds of them, not thousands."""
    return list(db.scalars(select(Group).order_by(Group.id).limit(MOST_ON_MAP)))


def group_names(db: Session) -> list[tuple[str, str]]:
    """Slug and name of every group, by name, for a choice."""
    rows = db.execute(select(Group.slug, Group.name).order_by(Group.name, Group.id).limit(500))
    return [(slug, name) for slug, name in rows]


def _with_members() -> Select[Group, int]:
    counted = (
        select(func.count())
        .select_from(Membership)
        .where(Membership.group_id == Group.id, Membership.role != "follower")
        .correlate(Group)
        .scalar_subquery()
    )
    return select(Group, counted)
