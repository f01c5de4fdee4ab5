"""Signing up: a place, or the end of the line."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.signing_up.locking import (
    by_uuid,
    check_open,
    lock,
    of_person,
    shift_of,
)
from campaign.events.operations.signing_up.seats import has_room, let_in
from campaign.events.operations.telling import tell_again, tell_signed_up
from campaign.events.queries import rosters
from campaign.events.rules.signups import LIVE, checked_guests
from campaign.foundation import clock
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.people.operations import meet


@dataclass(frozen=True)
class SignUp:
    """The sign-up, and what whoever asked may hear of it: the status, how many wait in front.

    Anybody can type an address. Where one is known already they hear what a first sign-up
    would hear now, and only the letter to the address says how things stand.
    """

    rsvp: Rsvp
    before: int
    status: str
    guests: int


def sign_up(
    db: Session,
    *,
    event: Event,
    name: str,
    email: str | None,
    person: Person | None = None,
    phone: str | None = None,
    postcode: str | None = None,
    guests: int = 0,
    shift: str | None = None,
    client_uuid: str | None = None,
    approved: bool = False,
    mail: Mail | None = None,
) -> SignUp:
    """Sign somebody up: a place while there are any, otherwise the end of the waiting list.

    The same person, or the same ``client_uuid``, again gives the same sign-up and no second
    seat; the person gets a fresh letter. A home's host says yes first, so there everybody waits
    unless ``approved``; whom a host said no to stays declined unless ``approved``. Refuses what
    is over or cancelled, more than nine guests, an unknown shift. ``phone`` is E.164.
    """
    checked_guests(guests)
    event = lock(db, event.id)
    known = by_uuid(db, event.id, client_uuid)
    if known is not None:
        return _told(db, known)
    check_open(event)
    if person is None:
        if email is None:
            raise Refused("Type your email address.", field="email")
        person = meet(db, email=email, name=name)
    rsvp = of_person(db, event.id, person)
    slot = shift_of(db, event, shift)
    if rsvp is not None and (rsvp.status in LIVE or (rsvp.status == "declined" and not approved)):
        tell_again(db, mail if email else None, event=event, rsvp=rsvp, to=email or "")
        return _as_if_first(db, event, slot, rsvp, guests)
    if rsvp is None:
        rsvp = Rsvp(event_id=event.id, person_id=person.id, made_at=clock.now())
    rsvp.name, rsvp.phone, rsvp.postcode, rsvp.guests = name, phone, postcode, guests
    rsvp.shift_id, rsvp.client_uuid = slot.id if slot else None, client_uuid
    rsvp.attendance, rsvp.address_sent_at = "unknown", None
    _place(db, event=event, slot=slot, rsvp=rsvp, approved=approved)
    tell_signed_up(db, mail if email else None, event=event, rsvp=rsvp, to=email or "")
    return _told(db, rsvp)


def _told(db: Session, rsvp: Rsvp) -> SignUp:
    return SignUp(rsvp, rosters.waiting_before(db, rsvp), rsvp.status, rsvp.guests)


def _as_if_first(db: Session, event: Event, slot: Shift | None, rsvp: Rsvp, guests: int) -> SignUp:
    """What somebody new would hear, so that nobody learns who is signed up."""
    wait = _must_wait(db, event, slot, 1 + guests, approved=False)
    before = rosters.waiting_count(db, event_id=event.id, shift_id=slot.id if slot else None)
    return SignUp(rsvp, before, "waiting" if wait else "accepted", guests)


def _must_wait(
    db: Session, event: Event, slot: Shift | None, party: int, *, approved: bool
) -> bool:
    in_line = rosters.anybody_waits(db, event_id=event.id, shift_id=slot.id if slot else None)
    wait = event.place_kind == "home" and not approved
    return wait or (in_line and not approved) or not has_room(event, slot, party)


def _place(db: Session, *, event: Event, slot: Shift | None, rsvp: Rsvp, approved: bool) -> None:
    party = 1 + rsvp.guests
    wait = _must_wait(db, event, slot, party, approved=approved)
    rsvp.place_in_line = rosters.last_in_line(db, event.id) + 1
    if wait:
        rsvp.status = "waiting"
    else:
        let_in(event, slot, rsvp)
    db.add(rsvp)
    db.flush()
