"""The wall: what was published tonight, and who takes what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event, Rsvp
from campaign.events.rules.features import when_of
from campaign.events.rules.needs import Need, need_of
from campaign.events.rules.signups import LIVE
from campaign.meetups.models import Breakout, Card, Commitment, Participant
from campaign.meetups.queries.tables import shown_name
from campaign.places.rules import distance_km


@dataclass(frozen=True)
class Entry:
    """A published card on the wall. ``mine`` where this person takes it, ``km`` how far it is.

    ``waits`` where theirs is a place in the line: the event is full, or its host says yes first.
    """

    card: Card
    event: Event
    when: str
    need: Need
    host: str | None
    km: float | None
    mine: bool
    hosting: bool
    waits: bool


def on_the_map(batch_id: int) -> Select[Card]:
    """What a room has put on the map and nobody has called off or taken down; the caller gives it
    an order."""
    return (
        select(Card)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .join(Event, Event.id == Card.event_id)
        .where(
            Breakout.batch_id == batch_id,
            Card.published_at.is_not(None),
            Event.state != "cancelled",
            Event.hidden_at.is_(None),
        )
    )


def published(db: Session, batch_id: int) -> list[Card]:
    """The cards on the map, in the order in which they came."""
    return list(
        db.scalars(
            on_the_map(batch_id)
            .options(joinedload(Card.event).joinedload(Event.group), joinedload(Card.host))
            .order_by(Card.published_at, Card.id)
            .execution_options(populate_existing=True)
        )
    )


def wall_for(db: Session, batch_id: int, person: Participant, *, now: datetime) -> list[Entry]:
    """What one can take, what one took first; then by need, then by distance."""
    taken = _taken(db, person)
    rsvps = _rsvps(db, person)
    entries = [
        _entry(card, person, taken, rsvps, now) for card in published(db, batch_id) if card.event
    ]
    return sorted(
        entries, key=lambda e: (not (e.mine or e.hosting), _by_need(e), e.km or 0.0, e.card.id)
    )


def three_near(entries: Sequence[Entry]) -> list[Entry]:
    """The three nearest of a wall that have a place: for who has taken nothing."""
    free = [entry for entry in entries if entry.need.tone != "full"]
    far = float("inf")
    return sorted(free, key=lambda e: (far if e.km is None else e.km, _by_need(e), e.card.id))[:3]


def overlapping(
    db: Session, person: Participant, *, hours: tuple[datetime, datetime], but: int | None
) -> Event | None:
    """What somebody said yes to already between these hours, ``but`` this event; nothing that they
    have cancelled since, by mail or on its own page."""
    starts_at, ends_at = hours
    said = and_(
        Commitment.participant_id == person.id, or_(Rsvp.id.is_(None), Rsvp.status.in_(LIVE))
    )
    return db.scalar(
        select(Event)
        .join(Card, Card.event_id == Event.id)
        .outerjoin(Commitment, Commitment.card_id == Card.id)
        .outerjoin(Rsvp, and_(Rsvp.event_id == Event.id, Rsvp.person_id == person.person_id))
        .where(
            or_(said, Card.host_id == person.id),
            Event.id != (but or 0),
            Event.state != "cancelled",
            Event.starts_at < ends_at,
            Event.ends_at > starts_at,
        )
        .order_by(Event.starts_at, Event.id)
        .limit(1)
    )


def _taken(db: Session, person: Participant) -> frozenset[int]:
    asked = select(Commitment.card_id).where(Commitment.participant_id == person.id)
    return frozenset(db.scalars(asked.order_by(Commitment.card_id)))


def _rsvps(db: Session, person: Participant) -> dict[int, str]:
    """How somebody's sign-ups stand, by event: they may have changed outside this room."""
    if person.person_id is None:
        return {}
    rows = db.execute(
        select(Rsvp.event_id, Rsvp.status)
        .join(Card, Card.event_id == Rsvp.event_id)
        .where(Rsvp.person_id == person.person_id)
        .order_by(Rsvp.id)
    )
    return {event_id: status for event_id, status in rows}


def _entry(
    card: Card,
    person: Participant,
    taken: frozenset[int],
    rsvps: dict[int, str],
    now: datetime,
) -> Entry:
    event = card.event
    assert event is not None  # the query joins it
    status = rsvps.get(event.id)
    mine = card.id in taken and (status is None or status in LIVE)
    return Entry(
        card=card,
        event=event,
        when=when_of(event, now=now),
        need=need_of(event),
        host=shown_name(card.host),
        km=_km(event, person),
        mine=mine,
        hosting=card.host_id == person.id,
        waits=mine and status == "waiting",
    )


def _km(event: Event, person: Participant) -> float | None:
    points = (event.shown_lat, event.shown_lng, person.lat, person.lng)
    if any(value is None for value in points):
        return None
    return distance_km(*(value or 0.0 for value in points))


def _by_need(entry: Entry) -> int:
    short: Sequence[str] = ("short", "one", "met", "full")
    return short.index(entry.need.tone)
