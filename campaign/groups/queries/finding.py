"""Finding groups: by address, by name, by where somebody lives."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from campaign.groups.models import Group, Membership
from campaign.groups.rules import NEAR_KM, RUNS_IT, WIDEST_KM, holds
from campaign.places.rules import bounding_box, distance_km

MOST_SHOWN = 50
MOST_ON_MAP = 1000


@dataclass(frozen=True)
class Listed:
    """A group as a list shows it; the distance is in kilometres.

    ``holds`` says that the place that was asked for lies in its area, not only near it.
    """

    group: Group
    members: int
    away_km: float | None = None
    holds: bool = False


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


def groups_for(db: Session, *, lat: float, lng: float, outcode: str | None) -> list[Listed]:
    """The groups for somebody at a place: whose area holds it, then those within 25 km.

    Nearest first in each of the two.
    """
    box = bounding_box(lat, lng, WIDEST_KM)
    near = and_(Group.lat.between(box.south, box.north), Group.lng.between(box.west, box.east))
    if outcode is not None:
        # Outcodes are letters and digits, so nothing in them is a wildcard.
        padded = literal(" ") + Group.outcodes + literal(" ")
        near = or_(near, padded.like(f"% {outcode} %"))
    found = []
    for group, members in db.execute(_with_members().where(near).order_by(Group.id)):
        away = distance_km(lat, lng, group.lat, group.lng)
        within = holds(
            outcodes=group.outcodes, radius_km=group.radius_km, outcode=outcode, away_km=away
        )
        if within or away <= NEAR_KM:
            found.append(Listed(group, members, away, within))
    return sorted(found, key=lambda one: (not one.holds, one.away_km or 0, one.group.id))[
        :MOST_SHOWN
    ]


def groups_run_by(db: Session, person_id: int) -> list[Group]:
    """The groups that somebody helps to run, by name."""
    query = (
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id == person_id, Membership.role.in_(sorted(RUNS_IT)))
        .order_by(Group.name, Group.id)
    )
    return list(db.scalars(query))


def parts_of(db: Session, group_id: int) -> list[Group]:
    """The groups that are part of a group, by name, at most 50."""
    query = select(Group).where(Group.parent_id == group_id).order_by(Group.name, Group.id)
    return list(db.scalars(query.limit(MOST_SHOWN)))


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
