"""What a table sees, and what the desk sees of all tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Event
from campaign.events.rules.kinds import facts_of
from campaign.foundation.words import human_day
from campaign.meetups.models import Breakout, Card, Commitment, HelpWanted, Participant
from campaign.meetups.rules.cards import Facts, Line, State, is_solid, lines, missing, state_of
from campaign.places.rules import bounding_box, distance_km

PLACES_SHOWN = 4
PLACES_WITHIN_KM = 8.0


@dataclass(frozen=True)
class CardView:
    """A card as a page shows it. ``coming`` are participants, in the order of their yes."""

    card: Card
    facts: Facts
    coming: tuple[Participant, ...]

    @property
    def lines(self) -> tuple[Line, ...]:
        """The six dots."""
        return lines(self.facts)

    @property
    def missing(self) -> list[str]:
        """What keeps it off the map."""
        return missing(self.facts)

    @property
    def state(self) -> State:
        """How far it is."""
        return state_of(self.facts)

    @property
    def solid(self) -> bool:
        """Whether it happens also when somebody falls ill."""
        return is_solid(self.facts)

    @property
    def is_off(self) -> bool:
        """Whether what it became was called off, or taken down."""
        event = self.card.event
        return event is not None and (event.state == "cancelled" or event.hidden_at is not None)

    @property
    def kind_label(self) -> str:
        """ "Phonebank", or "Event" while nobody has said."""
        return facts_of(self.card.kind).label if self.card.kind else "Event"

    @property
    def when(self) -> str:
        """ "Sat 28 Nov, 11:00", as far as it is known."""
        day = human_day(self.card.day) if self.card.day else "no day yet"
        return f"{day}, {self.card.start:%H:%M}" if self.card.start else day

    @property
    def where(self) -> str:
        """The place as everybody may read it."""
        kind = self.card.place_kind
        return {"home": "At a home", "online": "Online"}.get(kind or "", self.card.venue)


def shown_name(person: Participant | None) -> str | None:
    """ "Bea M.": what a table hears of somebody."""
    if person is None:
        return None
    return f"{person.name} {person.initial}." if person.initial else person.name


def members(db: Session, breakout_id: int) -> list[Participant]:
    """Who sits at a table, by number."""
    return list(
        db.scalars(
            select(Participant)
            .where(Participant.breakout_id == breakout_id, Participant.left_at.is_(None))
            .order_by(Participant.number)
        )
    )


def cards_of_table(db: Session, breakout_id: int) -> list[CardView]:
    """The cards of a table, the oldest first."""
    return _views(db, _cards().where(Card.breakout_id == breakout_id).order_by(Card.id))


def cards_of_batch(db: Session, batch_id: int) -> list[CardView]:
    """Every card of a batch, the oldest first."""
    return _views(
        db, _cards().where(Breakout.batch_id == batch_id).order_by(Card.begun_at, Card.id)
    )


def card_by_public_id(db: Session, *, batch_id: int, public_id: str) -> CardView | None:
    """One card of this batch."""
    found = _views(db, _cards().where(Breakout.batch_id == batch_id, Card.public_id == public_id))
    return found[0] if found else None


def asked_to_host(db: Session, participant_id: int) -> CardView | None:
    """The card that waits for this person's own yes; the oldest where there are several."""
    waiting = _cards().where(
        Card.host_id == participant_id,
        Card.host_accepted_at.is_(None),
        Card.published_at.is_(None),
    )
    found = _views(db, waiting.order_by(Card.id).limit(1))
    return found[0] if found else None


def known_places(
    db: Session, *, lat: float | None, lng: float | None, now: datetime
) -> list[Event]:
    """Venues nearby that events use, the nearest first: taps instead of typing."""
    if lat is None or lng is None:
        return []
    box = bounding_box(lat, lng, PLACES_WITHIN_KM)
    rows = db.scalars(
        select(Event)
        .where(
            Event.place_kind == "venue",
            Event.address_for == "everybody",
            Event.state == "listed",
            Event.venue != "",
            Event.ends_at > now,
            Event.shown_lat.between(box.south, box.north),
            Event.shown_lng.between(box.west, box.east),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(100)
    )
    by_venue = {event.venue.casefold(): event for event in reversed(list(rows))}
    near = sorted(
        by_venue.values(),
        key=lambda e: (distance_km(lat, lng, e.shown_lat or 0, e.shown_lng or 0), e.id),
    )
    return near[:PLACES_SHOWN]


def _cards() -> Select[Card]:
    return (
        select(Card)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .options(
            joinedload(Card.breakout, innerjoin=True),
            joinedload(Card.host),
            joinedload(Card.cohost),
            joinedload(Card.event),
        )
        .execution_options(populate_existing=True)
    )


def _views(db: Session, asked: Select[Card]) -> list[CardView]:
    cards = list(db.scalars(asked))
    coming = _coming(db, [card.id for card in cards])
    return [view_of(card, coming.get(card.id, [])) for card in cards]


def view_of(card: Card, coming: Iterable[Participant]) -> CardView:
    """A card with who comes, as the rules read it."""
    names = tuple(coming)
    facts = Facts(
        kind=card.kind,
        day=card.day,
        start=card.start,
        minutes=card.minutes,
        place_kind=card.place_kind,
        place_found=card.lat is not None,
        host=shown_name(card.host),
        host_accepted=card.host_accepted_at is not None,
        cohost=shown_name(card.cohost),
        names=len({p.id for p in names} | ({card.cohost_id} - {None}) | ({card.host_id} - {None})),
        published=card.published_at is not None,
    )
    return CardView(card, facts, names)


def _coming(db: Session, card_ids: list[int]) -> dict[int, list[Participant]]:
    found: dict[int, list[Participant]] = {}
    rows = db.scalars(
        select(Commitment)
        .where(Commitment.card_id.in_(card_ids))
        .options(joinedload(Commitment.participant, innerjoin=True))
        .order_by(Commitment.id)
    )
    for row in rows:
        if row.participant.left_at is None:
            found.setdefault(row.card_id, []).append(row.participant)
    return found


def helps_wanted(db: Session, batch_id: int) -> dict[int, datetime]:
    """The tables that have called for a helper, and since when."""
    rows = db.execute(
        select(HelpWanted.breakout_id, HelpWanted.asked_at)
        .join(Breakout, Breakout.id == HelpWanted.breakout_id)
        .where(Breakout.batch_id == batch_id)
        .order_by(HelpWanted.asked_at, HelpWanted.breakout_id)
    )
    return {breakout_id: asked_at for breakout_id, asked_at in rows}
