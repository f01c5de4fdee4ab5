"""Which devices hold the desk of a meetup, and which links still open it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.meetups.models import DeskDevice, Meetup
from campaign.meetups.rules.devices import is_held
from campaign.people.models import Person


@dataclass(frozen=True)
class Device:
    """A device that holds a desk, or held it, as plain values that outlive any session."""

    id: int
    name: str
    given_by: int
    ends_at: datetime | None
    is_live: bool


def device_by_token(db: Session, token: str, *, code: str, now: datetime) -> Device | None:
    """The device with this cookie, where it is one of this meetup; alive or not."""
    found = db.execute(
        select(DeskDevice, Person.disabled_at)
        .join(Meetup, Meetup.id == DeskDevice.meetup_id)
        .join(Person, Person.id == DeskDevice.given_by)
        .where(DeskDevice.fingerprint == tokens.fingerprint(token), Meetup.code == code.upper())
    ).one_or_none()
    if found is None:
        return None
    held, disabled_at = found
    is_live = is_held(ends_at=held.ends_at, ended_at=held.ended_at, now=now)
    return Device(held.id, held.name, held.given_by, held.ends_at, is_live and disabled_at is None)


def devices_of(db: Session, meetup_id: int, *, now: datetime) -> Sequence[DeskDevice]:
    """The devices that hold the desk of a meetup now, the first first."""
    query = select(DeskDevice).where(_held(meetup_id, now)).order_by(DeskDevice.id)
    return db.scalars(query).all()


def many_devices(db: Session, meetup_id: int, *, now: datetime) -> int:
    """How many those are."""
    return db.scalar(select(func.count()).select_from(DeskDevice).where(_held(meetup_id, now))) or 0


def device_of_meetup(db: Session, meetup_id: int, public_id: str) -> DeskDevice | None:
    """One of a meetup's devices."""
    query = select(DeskDevice).where(DeskDevice.meetup_id == meetup_id)
    return db.scalar(query.where(DeskDevice.public_id == public_id))


def link_by_key(db: Session, key: str, *, meetup_id: int, now: datetime) -> DeskDevice | None:
    """The unopened link of a key, while it lasts."""
    query = select(DeskDevice).where(_unopened(meetup_id, now))
    return db.scalar(query.where(DeskDevice.link == tokens.fingerprint(key)))


def link_of(db: Session, meetup_id: int, *, person_id: int, now: datetime) -> DeskDevice | None:
    """The link that somebody gave last, while it lasts and nobody has opened it."""
    query = select(DeskDevice).where(_unopened(meetup_id, now), DeskDevice.given_by == person_id)
    return db.scalar(query.order_by(DeskDevice.id.desc()).limit(1))


def _held(meetup_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        DeskDevice.meetup_id == meetup_id,
        DeskDevice.ends_at > now,
        DeskDevice.ended_at.is_(None),
    )


def _unopened(meetup_id: int, now: datetime) -> ColumnElement[bool]:
    return and_(
        DeskDevice.meetup_id == meetup_id,
        DeskDevice.opened_at.is_(None),
        DeskDevice.ended_at.is_(None),
        DeskDevice.link_ends_at > now,
    )
