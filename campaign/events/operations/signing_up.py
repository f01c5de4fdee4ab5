"""Signing up, changing one's mind, and the line that waits.

Everything here happens under the event's row lock (on SQLite a write transaction is alone), so
places are exact and the order of the line is the order of commits. A CHECK constraint stands
behind the count.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.telling import (
    refresh_feature,
    send_addresses,
    tell_again,
    tell_declined,
    tell_place,
    tell_signed_up,
)
from campaign.events.queries import rosters
from campaign.events.rules.signups import (
    LIVE,
    SEATED,
    EventCancelled,
    EventOver,
    NoRoom,
    checked_guests,
    fits,
)
from campaign.foundation import clock
from campaign.foundation.errors import NotFound, Refused
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


def lock(db: Session, event_id: int) -> Event:
    """The event, alone until the transaction ends, as it is now."""
    event = db.scalar(
        select(Event)
        .where(Event.id == event_id)
        .options(joinedload(Event.group, innerjoin=True))
        .with_for_update(of=Event)
        .execution_options(populate_existing=True)
    )
    if event is None:
        raise NotFound("There is no such event.")
    return event


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
    _release(event, rsvp, status="cancelled")
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
        _release(event, rsvp, status="declined")
        db.flush()
        tell_declined(db, mail, event=event, rsvp=rsvp)
        promote(db, event=event, mail=mail)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    return rsvp


def promote(db: Session, *, event: Event, mail: Mail | None = None) -> list[Rsvp]:
    """Let in who waits, strictly in their order, as far as they fit; nobody after the start.

    At a home its host lets people in. The caller holds the event's lock.
    """
    moved: list[Rsvp] = []
    if event.place_kind != "home" and event.state != "cancelled" and event.starts_at > clock.now():
        blocked: set[int | None] = set()
        for rsvp in rosters.waiting(db, event.id):
            if rsvp.shift_id in blocked or not has_room(event, rsvp.shift, 1 + rsvp.guests):
                # A party of n is served whole: nobody overtakes it.
                blocked.add(rsvp.shift_id)
                continue
            let_in(event, rsvp.shift, rsvp)
            tell_place(db, mail, event=event, rsvp=rsvp)
            moved.append(rsvp)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    return moved


def _release(event: Event, rsvp: Rsvp, *, status: str) -> None:
    if rsvp.status in SEATED:
        seat(event, rsvp.shift, -1 - rsvp.guests)
    if rsvp.status in LIVE:
        rsvp.status = status


def let_in(event: Event, slot: Shift | None, rsvp: Rsvp) -> None:
    """Give the party of a sign-up its places; the day before it is asked whether it comes."""
    rsvp.status, rsvp.accepted_at, rsvp.reminded_at = "accepted", clock.now(), None
    seat(event, slot, 1 + rsvp.guests)


def seat(event: Event, slot: Shift | None, people: int) -> None:
    """The one place that changes how many places are taken."""
    event.taken += people
    if slot is not None:
        slot.taken += people
    refresh_feature(event, group=event.group, now=clock.now())


def has_room(event: Event, slot: Shift | None, party: int) -> bool:
    return fits(capacity=event.capacity, taken=event.taken, party=party) and (
        slot is None or fits(capacity=slot.capacity, taken=slot.taken, party=party)
    )


def check_open(event: Event) -> None:
    if event.state == "cancelled":
        raise EventCancelled
    if event.ends_at <= clock.now():
        raise EventOver


def by_uuid(db: Session, event_id: int, client_uuid: str | None) -> Rsvp | None:
    if client_uuid is None:
        return None
    return db.scalar(select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.client_uuid == client_uuid))


def of_person(db: Session, event_id: int, person: Person) -> Rsvp | None:
    return db.scalar(select(Rsvp).where(Rsvp.event_id == event_id, Rsvp.person_id == person.id))


def in_event(db: Session, event_id: int, public_id: str) -> Rsvp:
    rsvp = db.scalar(
        select(Rsvp)
        .where(Rsvp.event_id == event_id, Rsvp.public_id == public_id)
        .options(joinedload(Rsvp.shift), joinedload(Rsvp.person))
        .execution_options(populate_existing=True)
    )
    if rsvp is None:
        raise NotFound("This person is not on the roster of this event.")
    return rsvp


def fresh(db: Session, rsvp: Rsvp) -> Rsvp:
    """The sign-up as it is now that we hold the lock."""
    public_id, event_id = rsvp.public_id, rsvp.event_id
    return in_event(db, event_id, public_id)


def shift_of(db: Session, event: Event, public_id: str | None) -> Shift | None:
    shifts = list(
        db.scalars(
            select(Shift)
            .where(Shift.event_id == event.id)
            .order_by(Shift.starts_at, Shift.id)
            .execution_options(populate_existing=True)
        )
    )
    if not shifts:
        return None
    if public_id is None:
        free = [
            shift for shift in shifts if fits(capacity=shift.capacity, taken=shift.taken, party=1)
        ]
        return (free or shifts)[0]
    for shift in shifts:
        if shift.public_id == public_id:
            return shift
    raise Refused("Choose one of the shifts of this event.", field="shift")
