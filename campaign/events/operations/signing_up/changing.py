"""Changing one's mind, and the host's yes or no."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations.signing_up.line import admit, promote
from campaign.events.operations.signing_up.locking import check_open, fresh, in_event, lock
from campaign.events.operations.signing_up.seats import has_room, let_in, release, seat
from campaign.events.operations.telling import (
    refresh_feature,
    send_addresses,
    tell_declined,
    tell_place,
    tell_signed_up,
)
from campaign.events.rules.offers import OfferOver
from campaign.events.rules.signups import HOLDING, LIVE, SEATED, NoRoom, Status, checked_guests
from campaign.foundation import clock, signals
from campaign.foundation.errors import Refused


def change_rsvp(
    db: Session,
    *,
    rsvp: Rsvp,
    guests: int,
    guest_names: str | None = None,
    mail: Mail | None = None,
) -> Rsvp:
    """Bring more or fewer guests; refuses more than still fit. Their names may stay as they are."""
    checked_guests(guests)
    event = lock(db, rsvp.event_id)
    check_open(event)
    rsvp = fresh(db, rsvp)
    if rsvp.status not in LIVE:
        raise Refused("You have cancelled. Sign up again on the event’s page.")
    more = guests - rsvp.guests
    if rsvp.status in HOLDING:
        if more > 0 and not has_room(event, rsvp.shift, more):
            raise NoRoom("There is no room for that many. Bring fewer guests.", field="guests")
        seat(event, rsvp.shift, more)
    rsvp.guests = guests
    rsvp.guest_names = rsvp.guest_names if guest_names is None else guest_names
    db.flush()
    promote(db, event=event, mail=mail)
    return rsvp


def cancel_rsvp(db: Session, *, rsvp: Rsvp, mail: Mail | None = None) -> None:
    """Give one's place, or one's offer, back; it goes to the next in line at once.

    Cancelling again changes nothing.
    """
    event = lock(db, rsvp.event_id)
    rsvp = fresh(db, rsvp)
    release(event, rsvp, status="cancelled")
    db.flush()
    signals.sign_up_changed.send(db, event_id=event.id, person_id=rsvp.person_id)
    promote(db, event=event, mail=mail)


def accept_offer(db: Session, *, rsvp: Rsvp, mail: Mail | None = None) -> Rsvp:
    """Take the place that is held for somebody. Saying yes again changes nothing.

    OfferOver where the time has run out, even if nobody has handed the place on yet.
    """
    event = lock(db, rsvp.event_id)
    check_open(event)
    promote(db, event=event, mail=mail)
    rsvp = fresh(db, rsvp)
    if rsvp.status in SEATED:
        return rsvp
    if rsvp.status != Status.OFFERED:
        raise OfferOver
    let_in(event, rsvp.shift, rsvp)
    db.flush()
    if rsvp.person.email:
        tell_signed_up(db, mail, event=event, rsvp=rsvp, to=rsvp.person.email)
    return rsvp


def answer_request(
    db: Session, *, event: Event, rsvp_id: str, yes: bool, mail: Mail | None = None
) -> Rsvp:
    """The host says yes or no to somebody who waits, or has a place on offer.

    NotFound for who is not of this event; NoRoom where the party does not fit.
    """
    event = lock(db, event.id)
    rsvp = in_event(db, event.id, rsvp_id)
    if yes and rsvp.status in (Status.WAITING, Status.OFFERED):
        admit(db, event=event, rsvp=rsvp)
        tell_place(db, mail, event=event, rsvp=rsvp)
        db.flush()
        if mail is not None:  # the day before may have begun already
            send_addresses(db, mail=mail, now=clock.now(), event_id=event.id)
    elif not yes and rsvp.status in LIVE:
        release(event, rsvp, status="declined")
        db.flush()
        signals.sign_up_changed.send(db, event_id=event.id, person_id=rsvp.person_id)
        tell_declined(db, mail, event=event, rsvp=rsvp)
        promote(db, event=event, mail=mail)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    return rsvp
