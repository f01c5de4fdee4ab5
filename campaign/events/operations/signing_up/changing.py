"""Changing one's mind, and the host's yes or no."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations.signing_up.line import promote
from campaign.events.operations.signing_up.locking import check_open, fresh, in_event, lock
from campaign.events.operations.signing_up.seats import has_room, let_in, release, seat
from campaign.events.operations.telling import (
    refresh_feature,
    send_addresses,
    tell_declined,
    tell_place,
)
from campaign.events.rules.signups import LIVE, SEATED, NoRoom, checked_guests
from campaign.foundation import clock
from campaign.foundation.errors import Refused


def change_rsvp(db: Session, *, rsvp: Rsvp, guests: int, mail: Mail | None = None) -> Rsvp:
    """Bring more or fewer guests; refuses more than still fit."""
    checked_guests(guests)
    event = lock(db, rsvp.event_id)
    check_open(event)
    rsvp = fresh(db, rsvp)
    if rsvp.status not in LIVE:
        raise Refused("You have cancelled. Sign up again on the event’s page.")
    more = guests - rsvp.guests
    if rsvp.status in SEATED:
        if more > 0 and not has_room(event, rsvp.shift, more):
            raise NoRoom("There is no room for that many. Bring fewer guests.", field="guests")
        seat(event, rsvp.shift, more)
    rsvp.guests = guests
    db.flush()
    promote(db, event=event, mail=mail)
    return rsvp


def cancel_rsvp(db: Session, *, rsvp: Rsvp, mail: Mail | None = None) -> None:
    """Give one's place back; it goes to the first who waits. Cancelling again changes nothing."""
    event = lock(db, rsvp.event_id)
    rsvp = fresh(db, rsvp)
    release(event, rsvp, status="cancelled")
    db.flush()
    promote(db, event=event, mail=mail)


def answer_request(
    db: Session, *, event: Event, rsvp_id: str, yes: bool, mail: Mail | None = None
) -> Rsvp:
    """The host says yes or no to somebody who waits.

    NotFound for who is not of this event; NoRoom where the party does not fit.
    """
    event = lock(db, event.id)
    rsvp = in_event(db, event.id, rsvp_id)
    if yes and rsvp.status == "waiting":
        if not has_room(event, rsvp.shift, 1 + rsvp.guests):
            raise NoRoom("There is no room for them. Raise the number of places first.")
        let_in(event, rsvp.shift, rsvp)
        tell_place(db, mail, event=event, rsvp=rsvp)
        db.flush()
        if mail is not None:  # the day before may have begun already
            send_addresses(db, mail=mail, now=clock.now(), event_id=event.id)
    elif not yes and rsvp.status in LIVE:
        release(event, rsvp, status="declined")
        db.flush()
        tell_declined(db, mail, event=event, rsvp=rsvp)
        promote(db, event=event, mail=mail)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    return rsvp
