"""A table fills its card: taps, one thing at a time, by whoever sits there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.events.adapters import default_templates
from campaign.events.queries.templates import template_for
from campaign.foundation import clock
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Card, Participant
from campaign.meetups.operations.committing import refuse_clash
from campaign.meetups.operations.locking import lock_open
from campaign.meetups.queries import tables
from campaign.meetups.rules import cards as rules
from campaign.meetups.rules.cards import CardGone, State

MOST_CARDS = 6


@dataclass(frozen=True)
class CardPlace:
    """Where a card's event is; a venue was looked up, a home and a link are its host's to give."""

    kind: str
    venue: str = ""
    postcode: str | None = None
    lat: float | None = None
    lng: float | None = None


def fill(
    db: Session,
    *,
    batch: Batch,
    card: Card,
    typed: Mapping[str, str],
    now: datetime,
    place: CardPlace | None = None,
    late: bool = False,
) -> Card:
    """Write down what was tapped: kind, day, start, minutes, capacity, how many it needs,
    whether it is step-free, a note, and a place.

    Only what is given changes, so two people may fill the same card at once. Refuses what cannot
    be, and a card whose host has said yes: what they agreed to does not change under them.
    """
    lock_open(db, batch.id, late=late)
    card = _open_card(db, card.id)
    shown = card.minutes
    for field, text in typed.items():
        if field == "minutes" and card.minutes != shown and text == str(shown):
            continue  # the length of the kind before this tap came along with it
        _write(db, card, field, text, now)
    if place is not None:
        card.place_kind, card.venue = place.kind, place.venue[:120]
        card.postcode, card.lat, card.lng = place.postcode, place.lat, place.lng
    if card.day and card.start:
        rules.times(day=card.day, start=card.start, minutes=card.minutes, now=now)
    if card.place_kind == "home":
        rules.check_home_note(card.note)
    db.flush()
    return card


def _write(db: Session, card: Card, field: str, text: str, now: datetime) -> None:
    if field == "kind":
        if text not in rules.CARD_KINDS:
            raise Refused("Choose what it is.", field="kind")
        if card.kind != text:
            card.kind = text
            card.minutes = template_for(db, text, default_templates()).minutes
    elif field == "day":
        card.day = rules.checked_day(text, now=now)
    elif field in READ:
        setattr(card, field, READ[field](text))


# What is read alike at any hour, by its field.
READ: dict[str, Callable[[str], Any]] = {
    "start": rules.checked_start,
    "minutes": lambda text: rules.checked_choice(text, rules.LENGTHS, field="minutes"),
    "capacity": lambda text: rules.checked_choice(text, rules.ROOMS, field="capacity"),
    "needed": lambda text: rules.checked_choice(text, rules.NEEDS, field="needed") or None,
    "step_free": lambda text: rules.checked_answer(text, field="step_free"),
    "note": rules.checked_note,
}


def begin_card(db: Session, *, batch: Batch, breakout_id: int, now: datetime) -> Card:
    """Take another blank card. Refuses while one is blank already, and more than six."""
    lock_open(db, batch.id)
    held = tables.cards_of_table(db, breakout_id)
    if any(view.state is State.EMPTY for view in held):
        raise Refused("There is a blank card on your table: fill that one first.")
    if len(held) >= MOST_CARDS:
        raise Refused("Six cards are enough for one table. Fill what is there.")
    card = Card(breakout_id=breakout_id, begun_at=now)
    db.add(card)
    db.flush()
    return card


def hold_table(db: Session, *, batch: Batch, person: Participant) -> None:
    """Hold the table: the first tap wins. Conflict where somebody else was first."""
    lock_open(db, batch.id, person)
    if person.breakout_id is None:
        raise Refused("You have no table yet.")
    with refusing(db, {"uq_participant_breakout_id_convenes": _held_already}):
        person.convenes = True
        db.add(person)


def ask_host(db: Session, *, batch: Batch, card: Card, host: Participant | None) -> None:
    """Ask somebody of the table to host, or take the question back.

    Refuses practice people, and who has no phone to say yes on: an event needs somebody who will
    be there. Conflict where somebody
    else is asked: the first tap wins until the question is taken back.
    """
    lock_open(db, batch.id, *([host] if host else []))
    card = _open_card(db, card.id)
    if host is not None:
        _at_this_table(card, host)
        if host.is_practice:
            raise Refused("Practice people cannot host. Ask somebody real, or host it yourself.")
        if host.is_without_phone:
            raise Refused("A host says yes on their own phone. They can be the co-host.")
        if card.host_id not in (None, host.id):
            raise Conflict("Somebody else is asked already. Wait for their answer.")
        if card.cohost_id == host.id:
            card.cohost_id = None
    card.host_id = host.id if host else None
    db.flush()


def help_host(
    db: Session,
    *,
    batch: Batch,
    card: Card,
    cohost: Participant,
    yes: bool,
    now: datetime | None = None,
) -> None:
    """Be the co-host, or stop being it. Conflict where somebody else is; refuses who is down for
    something else at that time."""
    lock_open(db, batch.id, cohost)
    card = _open_card(db, card.id)
    _at_this_table(card, cohost)
    if not yes:
        card.cohost_id = None if card.cohost_id == cohost.id else card.cohost_id
    elif card.host_id == cohost.id:
        raise Refused("You are asked to host this one. A co-host is somebody else.")
    elif card.cohost_id not in (None, cohost.id):
        raise Conflict("Somebody else is the co-host already.")
    else:
        if not cohost.is_practice:
            refuse_clash(db, card, cohost, now or clock.now())
        card.cohost_id = cohost.id
    db.flush()


def _at_this_table(card: Card, person: Participant) -> None:
    if person.breakout_id != card.breakout_id or person.left_at is not None:
        raise NotFound("They do not sit at this table.")


def _open_card(db: Session, card_id: int) -> Card:
    card = db.scalars(
        select(Card)
        .where(Card.id == card_id)
        .options(joinedload(Card.event))
        .execution_options(populate_existing=True)
    ).one_or_none()
    if card is None:
        raise CardGone
    if card.host_accepted_at is not None:
        raise Refused("The host has said yes to this card. Change the event on its own page.")
    return card


def _held_already() -> Conflict:
    return Conflict("Somebody else leads this table already.")
