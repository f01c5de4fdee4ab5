"""Groups that tables want: what somebody was asked, and what waits for a look."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaign.foundation import tokens
from campaign.groups.models import Group
from campaign.meetups.models import KeepGoing, SeedGroup, SeedInvite


@dataclass(frozen=True)
class Seed:
    """A seed with its convenor, how many were asked and said yes, and the group it became."""

    seed: SeedGroup
    asked: int
    joining: int
    group: Group | None


def invite_by_key(db: Session, key: str) -> SeedInvite | None:
    """What the link of a letter opens, with its seed and the meetup."""
    return db.scalar(
        select(SeedInvite)
        .where(SeedInvite.fingerprint == tokens.fingerprint(key))
        .options(joinedload(SeedInvite.seed).joinedload(SeedGroup.meeting))
    )


def seeds_of(db: Session, meeting_id: int) -> list[Seed]:
    """The seeds of a meetup, by name."""
    counted = (
        select(
            SeedInvite.seed_id,
            func.count().label("asked"),
            func.count().filter(SeedInvite.answer.in_(("join", "convene"))).label("joining"),
        )
        .group_by(SeedInvite.seed_id)
        .subquery()
    )
    query = (
        select(SeedGroup, counted.c.asked, counted.c.joining, Group)
        .outerjoin(counted, counted.c.seed_id == SeedGroup.id)
        .outerjoin(Group, Group.id == SeedGroup.group_id)
        .where(SeedGroup.meeting_id == meeting_id)
        .options(joinedload(SeedGroup.convenor))
        .order_by(SeedGroup.name, SeedGroup.id)
    )
    return [
        Seed(seed, asked or 0, joining or 0, group)
        for seed, asked, joining, group in db.execute(query)
    ]


def seed_by_public_id(db: Session, *, meeting_id: int, public_id: str) -> SeedGroup | None:
    """One seed of a meetup."""
    return db.scalar(
        select(SeedGroup).where(
            SeedGroup.meeting_id == meeting_id, SeedGroup.public_id == public_id
        )
    )


def keeps_going(db: Session, participant_id: int) -> bool:
    """Whether somebody ticked that their table goes on."""
    return db.get(KeepGoing, participant_id) is not None
