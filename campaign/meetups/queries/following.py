"""Evenings that have closed, and how sure it is that what they planned has its host."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload

from campaign.events.models import Event, PlannedEvent, Rsvp
from campaign.events.rules.openness import AddressFor
from campaign.events.rules.signups import Status
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.foundation import tokens
from campaign.groups.queries import runners
from campaign.meetups.models import Batch, HostAsked, Meetup, Recap
from campaign.meetups.rules.following import URGENT, Stand, stand_of
from campaign.people.models import Person


@dataclass(frozen=True)
class Evening:
    """A meetup's event, and when its room closed."""

    event: Event
    closed_at: datetime


@dataclass(frozen=True)
class Hosted:
    """An event that was planned, its host, and whether they have said that it is on."""

    event: Event
    host: Person
    asked: HostAsked | None
    took_over: bool
    phone: str | None

    @property
    def stand(self) -> Stand:
        """How sure it is."""
        return stand_of(
            hostless=self.event.hostless_at is not None,
            asked=self.asked is not None,
            answer=self.asked.answer if self.asked else None,
            took_over=self.took_over,
        )


def evenings_since(db: Session, since: datetime) -> list[Evening]:
    """The evenings that closed since then, and whose event goes on."""
    query = (
        select(Event, Recap.closed_at)
        .join(Meetup, Meetup.event_id == Event.id)
        .join(Batch, Batch.meetup_id == Meetup.id)
        .join(Recap, Recap.batch_id == Batch.id)
        .where(
            Recap.closed_at >= since,
            Event.state.in_(GOES_ON),
            Event.hidden_at.is_(None),
        )
        .options(joinedload(Event.group))
        .order_by(Recap.closed_at, Event.id)
    )
    return [Evening(event, closed_at) for event, closed_at in db.execute(query)]


def hosts_of(db: Session, meeting_id: int) -> list[Hosted]:
    """What a meeting planned and still goes on, with its hosts; by when it begins."""
    other = aliased(HostAsked)
    before = exists().where(
        other.event_id == Event.id, other.person_id != Event.host_id, other.question == "on"
    )
    query = (
        select(Event, Person, HostAsked, before, Rsvp.phone)
        .join(PlannedEvent, PlannedEvent.event_id == Event.id)
        .join(Person, Person.id == Event.host_id)
        .outerjoin(
            HostAsked,
            (HostAsked.event_id == Event.id)
            & (HostAsked.person_id == Event.host_id)
            & (HostAsked.question == "on"),
        )
        .outerjoin(Rsvp, (Rsvp.event_id == Event.id) & (Rsvp.person_id == Event.host_id))
        .where(
            PlannedEvent.meeting_id == meeting_id,
            Event.state.in_(GOES_ON),
            Event.hidden_at.is_(None),
        )
        .options(joinedload(Event.group))
        .order_by(Event.starts_at, Event.id)
    )
    return [
        Hosted(event, host, asked, took_over, phone or host.phone)
        for event, host, asked, took_over, phone in db.execute(query)
    ]


def who_asks(db: Session, meeting_id: int) -> dict[int, int]:
    """How many wait for the host's yes, at each event where it takes one."""
    rows = db.execute(
        select(Event.id, func.count(Rsvp.id))
        .join(PlannedEvent, PlannedEvent.event_id == Event.id)
        .join(Rsvp, Rsvp.event_id == Event.id)
        .where(
            PlannedEvent.meeting_id == meeting_id,
            Event.address_for == AddressFor.APPROVED.value,
            Rsvp.status == Status.WAITING.value,
        )
        .group_by(Event.id)
        .order_by(Event.id)
    )
    return {event_id: many for event_id, many in rows}


def to_ring(held: list[Hosted]) -> list[Hosted]:
    """The most urgent first, then by when they begin."""
    return sorted(held, key=lambda one: (URGENT.index(one.stand), one.event.starts_at))


def who_hears(db: Session, event: Event) -> list[Person]:
    """Who is told about the hosts of a meetup: who runs its group, and its own host."""
    people = {held.person_id: held.person for held in runners(db, event.group_id)}
    host = db.get_one(Person, event.host_id)
    people.setdefault(host.id, host)
    return [one for one in people.values() if one.email and one.disabled_at is None]


def asked_by_key(db: Session, key: str, *, question: str) -> HostAsked | None:
    """What a mailed key lets a host answer."""
    return db.scalar(
        _asked().where(
            HostAsked.fingerprint == tokens.fingerprint(key), HostAsked.question == question
        )
    )


def hosted_at(db: Session, *, meeting_id: int, public_id: str) -> Hosted | None:
    """One of the events that a meeting planned, by its public id."""
    return next((one for one in hosts_of(db, meeting_id) if one.event.public_id == public_id), None)


def meeting_of(db: Session, event_id: int) -> Event | None:
    """The meeting at which an event was planned."""
    return db.scalar(
        select(Event)
        .join(PlannedEvent, PlannedEvent.meeting_id == Event.id)
        .where(PlannedEvent.event_id == event_id)
    )


def _asked() -> Select[HostAsked]:
    return select(HostAsked).options(
        joinedload(HostAsked.event).joinedload(Event.group),
        joinedload(HostAsked.person),
    )
