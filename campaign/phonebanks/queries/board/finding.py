"""Phonebanks, their sessions and leads, and what a person is to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.conduct.queries.kept_out import account_kept_out
from campaign.events import queries as events
from campaign.events.models import Event
from campaign.events.rules.states import LIVE
from campaign.foundation import clock
from campaign.groups import queries as groups
from campaign.groups.models import Group, Membership
from campaign.people.models import Person
from campaign.people.rules import Standing
from campaign.phonebanks.models import (
    CallingSession,
    Phonebank,
    PhonebankRole,
)
from campaign.phonebanks.rules.claims import EARLY, LATE


def phonebank_by_public_id(db: Session, public_id: str) -> Phonebank | None:
    """The phonebank with its group."""
    return db.scalar(
        select(Phonebank)
        .where(Phonebank.public_id == public_id)
        .options(joinedload(Phonebank.group))
    )


def open_phonebanks(db: Session, *, now: datetime) -> list[Phonebank]:
    """Phonebanks that call or will: practice last, then by title."""
    over = Phonebank.closes_at.is_not(None) & (Phonebank.closes_at <= now)
    query = (
        select(Phonebank)
        .where(Phonebank.status.in_(("open", "paused")), ~over)
        .options(joinedload(Phonebank.group))
        .order_by(Phonebank.is_practice, Phonebank.title, Phonebank.id)
        .limit(100)
    )
    return list(db.scalars(query))


def running(db: Session, *, now: datetime, most: int) -> list[tuple[Phonebank, Event]]:
    """Sessions that run now with their phonebanks, by title; none of practice."""
    over = Phonebank.closes_at.is_not(None) & (Phonebank.closes_at <= now)
    query = (
        select(Phonebank, Event)
        .join(CallingSession, CallingSession.phonebank_id == Phonebank.id)
        .join(Event, Event.id == CallingSession.event_id)
        .where(Phonebank.status.in_(("open", "paused")), ~over, ~Phonebank.is_practice)
        .where(Event.state.in_(LIVE), Event.starts_at <= now, Event.ends_at > now)
        .order_by(Phonebank.title, Phonebank.id, Event.starts_at, Event.id)
        .limit(most)
    )
    return [(bank, event) for bank, event in db.execute(query)]


def practice_phonebank(db: Session) -> Phonebank | None:
    """The phonebank to practise on."""
    return db.scalar(
        select(Phonebank)
        .where(Phonebank.is_practice, Phonebank.status == "open")
        .order_by(Phonebank.id)
        .limit(1)
    )


def led_by(db: Session, person_id: int) -> list[Phonebank]:
    """Phonebanks that a person leads or whose group they run, drafts too, the newest first."""
    runs = select(Membership.group_id).where(
        Membership.person_id == person_id, Membership.role.in_(("organiser", "convenor"))
    )
    leads = select(PhonebankRole.phonebank_id).where(PhonebankRole.person_id == person_id)
    query = (
        select(Phonebank)
        .where(Phonebank.group_id.in_(runs) | Phonebank.id.in_(leads))
        .options(joinedload(Phonebank.group))
        .order_by(Phonebank.made_at.desc(), Phonebank.id.desc())
        .limit(100)
    )
    return list(db.scalars(query))


def groups_run_by(db: Session, person_id: int) -> list[Group]:
    """Groups for which a person may start a phonebank, by name."""
    query = (
        select(Group)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.person_id == person_id, Membership.role.in_(("organiser", "convenor")))
        .order_by(Group.name, Group.id)
    )
    return list(db.scalars(query))


def standings(db: Session, phonebank: Phonebank, person_id: int | None) -> set[Standing]:
    """What a person is to a phonebank: what they are to its group, and perhaps its lead.

    Who is kept out of everything leads nothing: leads see numbers.
    """
    found = groups.standings_in(db, phonebank.group_id, person_id)
    if person_id is None:
        return found
    leads = select(account_kept_out(person_id, clock.now())).select_from(PhonebankRole)
    mine = (PhonebankRole.phonebank_id == phonebank.id, PhonebankRole.person_id == person_id)
    is_out = db.scalar(leads.where(*mine))
    if is_out is not None and not is_out:
        found.add(Standing.LEAD)
    return found


def standings_in_group(db: Session, group_id: int, person_id: int) -> set[Standing]:
    """What a person is to a group, before there is a phonebank."""
    return groups.standings_in(db, group_id, person_id)


def sessions(db: Session, phonebank_id: int, *, now: datetime) -> list[Event]:
    """The sessions that run or are to come, the first first."""
    query = (
        select(Event)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.state.in_(LIVE))
        .where(Event.ends_at > now - LATE)
        .options(joinedload(Event.group), joinedload(Event.host))
        .order_by(Event.starts_at, Event.id)
        .limit(50)
    )
    return list(db.scalars(query))


def events_of(db: Session, phonebank_id: int) -> list[Event]:
    """The events of all its sessions, those that are over too, the first first."""
    query = (
        select(Event)
        .join(CallingSession, CallingSession.event_id == Event.id)
        .where(CallingSession.phonebank_id == phonebank_id)
        .order_by(Event.starts_at, Event.id)
    )
    return list(db.scalars(query))


def events_to_attach(db: Session, phonebank: Phonebank, *, now: datetime) -> list[Event]:
    """The group's coming events of kind phonebank that are no session yet, the first first."""
    taken = select(CallingSession.event_id)
    query = (
        select(Event)
        .where(Event.group_id == phonebank.group_id, Event.kind == "phonebank")
        .where(Event.state.in_(LIVE), Event.ends_at > now, Event.id.not_in(taken))
        .order_by(Event.starts_at, Event.id)
        .limit(100)
    )
    return list(db.scalars(query))


def open_session_for(
    db: Session, phonebank_id: int, person_id: int, *, now: datetime
) -> tuple[int, Event] | None:
    """The session that runs now (or nearly) with this person on its roster."""
    query = (
        select(CallingSession.id, Event)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.phonebank_id == phonebank_id, Event.state != "cancelled")
        .where(Event.starts_at <= now + EARLY, Event.ends_at >= now - LATE)
        .order_by(Event.starts_at, Event.id)
    )
    for session_id, event in db.execute(query):
        if event.host_id == person_id or events.is_on_roster(
            db, event_id=event.id, person_id=person_id
        ):
            return session_id, event
    return None


def is_on_any_roster(db: Session, phonebank_id: int, person_id: int, *, now: datetime) -> bool:
    """Whether the person has a place in a session that is still to come."""
    return any(
        events.is_on_roster(db, event_id=event.id, person_id=person_id)
        for event in sessions(db, phonebank_id, now=now)
    )


def is_member(db: Session, group_id: int, person_id: int) -> bool:
    """Whether the person belongs to the group; followers do not."""
    return Standing.MEMBER in groups.standings_in(db, group_id, person_id)


def leads(db: Session, phonebank_id: int) -> list[Person]:
    """The leads, by name."""
    return list(
        db.scalars(
            select(Person)
            .join(PhonebankRole, PhonebankRole.person_id == Person.id)
            .where(PhonebankRole.phonebank_id == phonebank_id)
            .order_by(Person.name, Person.id)
        )
    )
