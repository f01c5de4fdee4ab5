"""Which room somebody is in, who is in it, and what of it is theirs."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from campaign.foundation.errors import NotAllowed, NotFound
from campaign.meetups.models import (
    Batch,
    Meetup,
    PaperSheet,
    Participant,
)
from campaign.meetups.queries import paper, people, rooms, tables
from campaign.meetups.queries.tables import CardView
from campaign.meetups.rules.paper import typed_code

CODE = re.compile(r"[A-Z]{6}")


JOIN_FIRST = "Join the meetup first: this phone has no number yet."


NO_SHEET = "No sheet of this meetup has this id. Look at it again: it stands on every page."


NO_MEETUP = "There is no meetup with this code. Look at the screen again: it has six letters."


def meetup_by_code(db: Session, code: str) -> tuple[Meetup, Batch]:
    """The meetup that a code opens: to know the code is to be in the hall."""
    meetup = rooms.meetup_by_code(db, code) if CODE.fullmatch(code.upper()) else None
    if meetup is None:
        raise no_meetup()
    return meetup, rooms.batch_of(db, meetup)


def no_meetup() -> NotFound:
    """What is said where six letters open nothing."""
    refusal = NotFound(NO_MEETUP)
    refusal.steps = (("/m", "Type the letters again"),)
    return refusal


def person_in_room(db: Session, batch: Batch, public_id: str) -> Participant:
    """Somebody who is in this room."""
    found = people.by_public_id(db, batch_id=batch.id, public_id=public_id)
    if found is None:
        raise NotFound("They are not in the room, or not any more.")
    return found


def person_without_phone(db: Session, batch: Batch, public_id: str) -> Participant:
    """Somebody in this room who has no phone of their own."""
    found = person_in_room(db, batch, public_id)
    if not found.is_without_phone or found.is_practice:
        raise NotFound("They say so on their own phone.")
    return found


def person_to_tap_for(db: Session, batch: Batch, me: Participant, public_id: str) -> Participant:
    """Somebody without a phone who sits at one's own table."""
    for found in people.without_phone_beside(db, batch, me):
        if found.public_id == public_id:
            return found
    raise NotFound("They do not sit at your table, or have a phone of their own.")


def participant_here(db: Session, batch: Batch, key: str | None) -> Participant:
    """Whose phone this is. NotAllowed where it has not joined."""
    found = rooms.participant_by_key(db, batch_id=batch.id, key=key) if key else None
    if found is None:
        raise NotAllowed(JOIN_FIRST)
    return found


def sheet_to_read_in(db: Session, batch: Batch, code: str) -> PaperSheet:
    """A printed sheet of this meetup, for its desk, by the id on its pages."""
    found = paper.sheet_by_code(db, batch_id=batch.id, code=typed_code(code))
    if found is None:
        raise NotFound(NO_SHEET)
    return found


def card_to_fill(db: Session, batch: Batch, person: Participant, public_id: str) -> CardView:
    """A card of the person's own table; the cards of other tables are not theirs to touch."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None or view.card.breakout_id != person.breakout_id:
        raise NotFound("This card is not on your table.")
    return view


def card_to_take(db: Session, batch: Batch, public_id: str) -> CardView:
    """A card that is on the wall, for everybody in the room."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None or view.card.event is None or view.card.published_at is None:
        raise NotFound("This is not on the wall, or no longer.")
    return view


def card_to_publish(db: Session, batch: Batch, public_id: str) -> CardView:
    """A card of this meetup, for its desk."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None:
        raise NotFound("There is no such card in this meetup.")
    return view
