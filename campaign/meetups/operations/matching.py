"""Knowing somebody again who comes in: by their sign-up to the evening."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.meetups.models import Batch, Participant
from campaign.meetups.queries import expected
from campaign.meetups.rules.expected import SIGNED_UP


@dataclass(frozen=True)
class Kept:
    """The sign-up of who comes in, unless somebody else sits for it; and the place that is kept
    for them under its number, where the door brought them in a moment ago.
    """

    rsvp_id: int | None = None
    place: Participant | None = None


def place_kept(
    db: Session,
    *,
    batch: Batch,
    email: str | None,
    phone: str | None,
    name: str,
    person_id: int | None,
    by_phone: bool,
) -> Kept:
    """Find the sign-up of who comes in; the caller holds the room's lock.

    A phone takes over the number that the door gave out for it, so that one person is counted
    once. Anybody can type an address: only whoever is signed in gets a place at which something
    was done already, and nobody reads there what the sign-up held.
    """
    found = expected.sign_up_with(
        db,
        event_id=batch.meetup.event_id,
        email=email,
        phone=phone,
        name=name,
        person_id=person_id,
    )
    if found is None:
        return Kept()
    rsvp_id, surely = found
    held = expected.participant_of(db, rsvp_id)
    if held is None:
        return Kept(rsvp_id)
    waits = by_phone and held.consent == SIGNED_UP and held.is_without_phone
    if waits and held.batch_id == batch.id and (surely or not expected.has_acted(db, held)):
        return Kept(rsvp_id, held)
    return Kept()
