"""Signing up: a place, or the end of the line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift, ShiftChoice
from campaign.events.operations.signing_up.line import promote, turn_of_newcomer
from campaign.events.operations.signing_up.locking import (
    by_uuid,
    check_open,
    lock,
    of_person,
    shifts_of,
)
from campaign.events.operations.signing_up.seats import has_room, let_in
from campaign.events.operations.signing_up.turned_away import refuse_kept_out
from campaign.events.operations.telling import tell_again, tell_signed_up
from campaign.events.queries import line, rosters
from campaign.events.rules.allocation import Party, Why
from campaign.events.rules.openness import host_says_yes
from campaign.events.rules.signups import LIVE, Source, checked_guests
from campaign.foundation import clock, signals
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.people.operations import meet, note_person

# No sign-up has this id: the party of whoever asks now.
NEWCOMER = 0


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What whoever asked for a place may hear of it: the status, how many wait in front.

    Anybody can type an address. Where one is known already they hear what a first sign-up
    would hear now, and only the letter to the address says how things stand.
    """

    before: int
    status: str
    guests: int


@dataclass(frozen=True, kw_only=True)
class SignUp(Heard):
    """The sign-up behind it. ``is_new`` is whether this very form made it: then, and only then,
    its link may be shown.
    """

    rsvp: Rsvp
    is_new: bool = False


@dataclass(frozen=True)
class _Wanted:
    """The shifts that somebody could use, the one they like best first; none is any."""

    shifts: list[Shift]
    any_of: list[Shift]

    @property
    def ids(self) -> tuple[int, ...]:
        return tuple(shift.id for shift in self.shifts)

    def slot(self, shift_id: int | None) -> Shift | None:
        return next((shift for shift in self.any_of if shift.id == shift_id), None)


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
    guest_names: str = "",
    shift: str | None = None,
    also: Sequence[str] = (),
    client_uuid: str | None = None,
    approved: bool = False,
    source: Source = Source.PAGE,
    mail: Mail | None = None,
    by: int | None = None,
) -> SignUp:
    """Sign somebody up: a place while there are any, otherwise the end of the event's one line.

    The same person, or the same ``client_uuid``, again gives the same sign-up and no second
    seat; the person gets a fresh letter. Who waits takes a place in ``shift`` or one of ``also``,
    and in any where neither is named. Where the host says yes first, everybody waits
    unless ``approved``; whom a host said no to stays declined unless ``approved``. Refuses what
    is over or cancelled, more than nine guests, an unknown shift, and somebody without an
    address and a number; KeptOut who is kept out of everything, and whatever they ask for
    others: ``by`` is who is signed in. ``phone`` is E.164.
    """
    checked_guests(guests)
    event = lock(db, event.id)
    known = by_uuid(db, event.id, client_uuid)
    if known is not None:
        return _told(db, known, is_new=True)
    check_open(event)
    wanted = _wanted(db, event, shift, also)
    promote(db, event=event, mail=mail)  # what is free by now goes to who was here before
    refuse_kept_out(
        db, email=email, phone=phone, name=name, people=(person.id if person else None, by)
    )
    if person is None:
        person = _person(db, name, email, phone)
    rsvp = of_person(db, event.id, person)
    if rsvp is not None and (rsvp.status in LIVE or (rsvp.status == "declined" and not approved)):
        tell_again(db, mail if email else None, event=event, rsvp=rsvp, to=email or "")
        heard = _as_if_first(db, event, wanted, guests)
        return SignUp(rsvp=rsvp, **vars(heard))
    if rsvp is None:
        rsvp = Rsvp(event_id=event.id, person_id=person.id, made_at=clock.now())
    rsvp.name, rsvp.phone, rsvp.postcode, rsvp.guests = name, phone, postcode, guests
    rsvp.guest_names, rsvp.source, rsvp.client_uuid = guest_names, source.value, client_uuid
    rsvp.attendance, rsvp.address_sent_at, rsvp.offered_until = "unknown", None, None
    _place(db, event, wanted, rsvp, approved=approved)
    signals.sign_up_changed.send(db, event_id=event.id, person_id=person.id)
    tell_signed_up(db, mail if email else None, event=event, rsvp=rsvp, to=email or "")
    return _told(db, rsvp, is_new=True)


def hear(
    db: Session,
    *,
    event: Event,
    guests: int = 0,
    shift: str | None = None,
    also: Sequence[str] = (),
) -> Heard:
    """What somebody new would hear who asked for a place in the event that one is alone at."""
    return _as_if_first(db, event, _wanted(db, event, shift, also), guests)


def _person(db: Session, name: str, email: str | None, phone: str | None) -> Person:
    """The person with this address; somebody with a number alone is known by no more than that."""
    if email:
        return meet(db, email=email, name=name)
    if phone:
        return note_person(db, name=name, phone_e164=phone)
    raise Refused("Type your email address or your phone number.", field="email")


def _wanted(db: Session, event: Event, shift: str | None, also: Sequence[str]) -> _Wanted:
    shifts = shifts_of(db, event)
    by_id = {held.public_id: held for held in shifts}
    named = [public_id for public_id in dict.fromkeys([shift, *also]) if public_id]
    if not shifts:
        return _Wanted([], [])
    if any(public_id not in by_id for public_id in named):
        raise Refused("Choose one of the shifts of this event.", field="shift")
    chosen = [by_id[public_id] for public_id in named]
    if chosen and all(held.ends_at <= clock.now() for held in chosen):
        raise Refused("That shift is over. Choose another one.", field="shift")
    return _Wanted(chosen, shifts)


def _told(db: Session, rsvp: Rsvp, *, is_new: bool = False) -> SignUp:
    return SignUp(
        rsvp=rsvp,
        before=line.waiting_before(db, rsvp),
        status=rsvp.status,
        guests=rsvp.guests,
        is_new=is_new,
    )


def _as_if_first(db: Session, event: Event, wanted: _Wanted, guests: int) -> Heard:
    """What somebody new would hear, so that nobody learns who is signed up."""
    found, _ = _place_for(db, event, wanted, 1 + guests, approved=False)
    before = line.waiting_count(db, event.id)
    return Heard(before=before, status="accepted" if found else "waiting", guests=guests)


def _place_for(
    db: Session, event: Event, wanted: _Wanted, size: int, *, approved: bool
) -> tuple[bool, Shift | None]:
    """Whether there is a place for a party behind everybody in line, and in which shift."""
    if approved:
        slots: Sequence[Shift | None] = wanted.shifts or wanted.any_of or [None]
        found = [slot for slot in slots if has_room(event, slot, size)]
        return bool(found), found[0] if found else None
    if host_says_yes(event):
        return False, None
    turn = turn_of_newcomer(db, event=event, party=Party(NEWCOMER, size, wanted.ids))
    return turn.why is Why.PLACE, wanted.slot(turn.shift)


def _place(db: Session, event: Event, wanted: _Wanted, rsvp: Rsvp, *, approved: bool) -> None:
    found, slot = _place_for(db, event, wanted, 1 + rsvp.guests, approved=approved)
    rsvp.place_in_line = rosters.last_in_line(db, event.id) + 1
    rsvp.status, rsvp.shift = "waiting", wanted.shifts[0] if wanted.shifts else None
    if found:
        let_in(event, slot, rsvp)
    chose_before = rsvp.id is not None
    db.add(rsvp)
    db.flush()
    if chose_before or wanted.ids:
        choose_shifts(db, rsvp=rsvp, shift_ids=wanted.ids)


def choose_shifts(db: Session, *, rsvp: Rsvp, shift_ids: Sequence[int]) -> None:
    """Note the shifts that somebody would take a place in; none is any."""
    db.execute(delete(ShiftChoice).where(ShiftChoice.rsvp_id == rsvp.id))
    db.add_all(ShiftChoice(rsvp_id=rsvp.id, shift_id=shift_id) for shift_id in shift_ids)
    db.flush()
