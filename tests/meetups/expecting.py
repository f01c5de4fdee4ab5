"""A meetup to which people signed up, and taps of its door: makers for the tests of the list."""

from typing import Any

from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.events.rules.door import By, Tap, fresh_nonce
from campaign.foundation import clock
from campaign.meetups.models import Meetup, Participant
from campaign.meetups.operations import expecting
from campaign.meetups.queries import expected, rooms
from campaign.meetups.rules.expected import Line
from campaign.meetups.rules.joining import Whereabouts
from tests.cast import Cast
from tests.events.makers import signed_up
from tests.meetups.making import HANOVER, a_meetup

ANN = "ann@people.example"


def an_evening(db: Session, cast: Cast, *names: str, **given: Any) -> tuple[Meetup, list[Rsvp]]:
    """A meetup with its room open, and who signed up to it."""
    meetup = a_meetup(db, cast)
    event = db.get_one(Event, meetup.event_id)
    return meetup, [signed_up(db, event, name, **given).rsvp for name in names]


def a_tap(cast: Cast, nonce: str | None = None) -> Tap:
    """One touch of a button by the organiser."""
    return Tap(By(person_id=cast.organiser.id), clock.now(), nonce or fresh_nonce())


def bring(
    db: Session,
    cast: Cast,
    meetup: Meetup,
    rsvp: Rsvp,
    *,
    nonce: str | None = None,
    where: Whereabouts = HANOVER,
) -> Participant | None:
    """They are here."""
    return expecting.bring_in_expected(
        db,
        batch=rooms.batch_of(db, meetup),
        public_id=rsvp.public_id,
        lives=lambda _: where,
        tap=a_tap(cast, nonce),
    )


def take_back(
    db: Session, cast: Cast, meetup: Meetup, rsvp: Rsvp, *, nonce: str | None = None
) -> None:
    """That was a mistake."""
    expecting.take_back_expected(
        db,
        batch=rooms.batch_of(db, meetup),
        public_id=rsvp.public_id,
        tap=a_tap(cast, nonce),
    )


def the_list(db: Session, meetup: Meetup) -> list[Line]:
    """As the door reads it."""
    batch = rooms.batch_of(db, meetup)
    return expected.list_of(db, event_id=meetup.event_id, batch_id=batch.id)
