"""The team of an event, who was asked, and what mailed keys open."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from campaign.events.models import Event, EventInvite, EventKey, EventTeam
from campaign.events.rules.signups import initials
from campaign.events.rules.team import PARTS, TeamRole
from campaign.foundation import tokens
from campaign.people.models import Person
from campaign.people.rules import Standing


@dataclass(frozen=True)
class Faces:
    """Who an event's page names; the safeguarding contact is for who comes."""

    host: str | None
    cohosts: list[str]
    safeguarding: list[str]


def team_of(db: Session, event_id: int) -> list[EventTeam]:
    """The team with its persons: co-hosts first, then by how long they have been on it."""
    query = (
        select(EventTeam)
        .join(EventTeam.person)
        .where(EventTeam.event_id == event_id)
        .options(contains_eager(EventTeam.person))
        .order_by(EventTeam.role, EventTeam.since, EventTeam.id)
    )
    return list(db.scalars(query))


def invites_of(db: Session, event_id: int) -> list[EventInvite]:
    """Who was asked and has not answered, longest first."""
    query = select(EventInvite).where(EventInvite.event_id == event_id)
    return list(db.scalars(query.order_by(EventInvite.made_at, EventInvite.id)))


def team_size(db: Session, event_id: int) -> int:
    """How many are on the team or were asked."""
    on_it = select(func.count()).where(EventTeam.event_id == event_id)
    asked = select(func.count()).where(EventInvite.event_id == event_id)
    return (db.scalar(on_it) or 0) + (db.scalar(asked) or 0)


def part_of(db: Session, *, event_id: int, public_id: str) -> EventTeam | None:
    """One part of somebody in an event, with the person."""
    return db.scalar(
        select(EventTeam)
        .where(EventTeam.event_id == event_id, EventTeam.public_id == public_id)
        .options(joinedload(EventTeam.person))
    )


def parts_of_person(db: Session, *, event_id: int, person_id: int) -> list[EventTeam]:
    """What one person is on the team of an event."""
    query = select(EventTeam).where(
        EventTeam.event_id == event_id, EventTeam.person_id == person_id
    )
    return list(db.scalars(query.order_by(EventTeam.role, EventTeam.id)))


def standings_on_team(db: Session, *, event_id: int, person_id: int) -> set[Standing]:
    """What the team of an event makes of somebody there."""
    held = select(EventTeam.role).where(
        EventTeam.event_id == event_id, EventTeam.person_id == person_id
    )
    return {PARTS[TeamRole(role)].standing for role in db.scalars(held)}


def faces_of(db: Session, event: Event) -> Faces:
    """Who the page of an event names, as first name and initial."""
    team = team_of(db, event.id)
    names = {
        role: [initials(held.person.name) for held in team if held.role == role.value]
        for role in TeamRole
    }
    return Faces(
        host=None if event.hostless_at else initials(event.host_name or event.host.name),
        cohosts=names[TeamRole.CO_HOST],
        safeguarding=names[TeamRole.SAFEGUARDING],
    )


def longest_cohost(db: Session, event: Event) -> EventTeam | None:
    """The co-host who steps in when the host goes: the longest, of those we can write to."""
    query = (
        select(EventTeam)
        .join(EventTeam.person)
        .where(
            EventTeam.event_id == event.id,
            EventTeam.role == TeamRole.CO_HOST.value,
            EventTeam.person_id != event.host_id,
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
        )
        .options(contains_eager(EventTeam.person))
        .order_by(EventTeam.since, EventTeam.id)
        .limit(1)
    )
    return db.scalar(query)


def invite_by_key(db: Session, key: str) -> EventInvite | None:
    """The invitation that a mailed key opens, with its event, that one's group and host."""
    return db.scalar(_invites().where(EventInvite.fingerprint == tokens.fingerprint(key)))


def invites_for(db: Session, *, email: str, event_id: int) -> list[EventInvite]:
    """What somebody with this address was asked to do at an event."""
    wanted = (EventInvite.email == email.lower(), EventInvite.event_id == event_id)
    return list(db.scalars(_invites().where(*wanted).order_by(EventInvite.id)))


def _invites() -> Select[EventInvite]:
    return select(EventInvite).options(
        joinedload(EventInvite.event).joinedload(Event.group),
        joinedload(EventInvite.event).joinedload(Event.host),
    )


def event_key(db: Session, key: str, *, purpose: str) -> EventKey | None:
    """What a mailed key for one thing opens: the event with its group, and the person."""
    return db.scalar(
        select(EventKey)
        .where(EventKey.fingerprint == tokens.fingerprint(key), EventKey.purpose == purpose)
        .options(
            joinedload(EventKey.event).joinedload(Event.group),
            joinedload(EventKey.event).joinedload(Event.host),
            joinedload(EventKey.person),
        )
    )
