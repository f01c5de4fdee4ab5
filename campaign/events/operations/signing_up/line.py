"""The line that waits: one for the whole event, and who moves up."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.signing_up.locking import lock, shifts_of
from campaign.events.operations.signing_up.seats import has_room, let_in, offer, release
from campaign.events.operations.telling import (
    refresh_feature,
    tell_offer,
    tell_offer_over,
    tell_place,
)
from campaign.events.queries import line
from campaign.events.rules.allocation import Party, Policy, Turn, Why, allocate
from campaign.events.rules.offers import HandOver, hand_over, offer_until
from campaign.events.rules.openness import host_says_yes
from campaign.events.rules.signups import NoRoom, Status
from campaign.foundation import clock
from campaign.foundation.database import Database


def promote(db: Session, *, event: Event, mail: Mail | None = None) -> list[Rsvp]:
    """Hand on what is free: at once long before the start, later as an offer with an end.

    Offers that ran out go first. Nobody moves up once the doors are open, and who cancelled is
    not in line. Where the host says yes, they let people in. The caller holds the event's lock.
    """
    moved: list[Rsvp] = []
    now = clock.now()
    if event.state != "cancelled":
        _end_offers(db, event, mail, now)
    if not host_says_yes(event) and event.state != "cancelled" and event.hidden_at is None:
        moved = _move_up(db, event, mail, now)
    refresh_feature(event, group=event.group, now=now)
    db.flush()
    return moved


def _move_up(db: Session, event: Event, mail: Mail | None, now: datetime) -> list[Rsvp]:
    shifts = shifts_of(db, event)
    handing = {shift.id: hand_over(starts_at=shift.starts_at, now=now) for shift in shifts}
    still = [shift for shift in shifts if handing[shift.id]]
    at_event = hand_over(starts_at=event.starts_at, now=now)
    if not (still if shifts else at_event):
        return []
    room = line.room_of(event, still if shifts else None)
    if room.is_full:
        return []
    turns = allocate(line.parties(db, event.id), room, policy=Policy(event.line_policy))
    served = {turn.key: turn.shift for turn in turns if turn.why is Why.PLACE}
    slots = {shift.id: shift for shift in shifts}
    moved = line.by_ids(db, list(served))
    for rsvp in moved:
        slot = slots.get(served[rsvp.id] or 0)
        how = handing[slot.id] if slot else at_event
        _hand_to(db, event, rsvp, slot, how=how or HandOver(), mail=mail)
    return moved


def _hand_to(
    db: Session,
    event: Event,
    rsvp: Rsvp,
    slot: Shift | None,
    *,
    how: HandOver,
    mail: Mail | None,
) -> None:
    if how.until is None:
        let_in(event, slot, rsvp)
        tell_place(db, mail, event=event, rsvp=rsvp)
    else:
        offer(event, slot, rsvp, until=how.until)
        tell_offer(db, mail, event=event, rsvp=rsvp)


def _end_offers(db: Session, event: Event, mail: Mail | None, now: datetime) -> None:
    """Nobody said yes in time: the place is free, and they are out, with a way back."""
    for rsvp in line.offered(db, event.id):
        until = offer_until(rsvp, event) or now
        if until <= now:
            release(event, rsvp, status=Status.CANCELLED.value)
            tell_offer_over(db, mail, event=event, rsvp=rsvp)
        rsvp.offered_until = until  # it stays, so that their page can say what happened
    db.flush()


def turn_of_newcomer(db: Session, *, event: Event, party: Party) -> Turn:
    """What somebody who came now, behind everybody in line, would get.

    The caller holds the event's lock, and gives the party a key that no sign-up has.
    """
    shifts = shifts_of(db, event)
    open_now = [shift for shift in shifts if shift.ends_at > clock.now()] if shifts else None
    room = line.room_of(event, open_now)
    if room.is_full:
        return Turn(party.key, Why.FULL)
    before = line.parties(db, event.id)
    return allocate([*before, party], room, policy=Policy(event.line_policy))[-1]


def sweep_offers(database: Database, *, mail: Mail, now: datetime, most: int = 500) -> int:
    """Hand on the places of offers that ran out; answers how many events were looked after.

    Each event in a transaction of its own, under its lock: a second worker finds nothing left.
    """
    with database.reading() as db:
        due = list(db.scalars(line.events_with_offers_over(now).limit(most)))
    for event_id in due:
        with database.unit_of_work() as db:
            promote(db, event=lock(db, event_id), mail=mail)
    return len(due)


def set_policy(db: Session, *, event: Event, policy: Policy, mail: Mail | None = None) -> None:
    """The host says how the line moves; whom the new way lets in moves up at once."""
    event = lock(db, event.id)
    event.line_policy = policy.value
    promote(db, event=event, mail=mail)


def admit(db: Session, *, event: Event, rsvp: Rsvp) -> None:
    """Give somebody in line a place now, whoever is before them: the host's word.

    NoRoom where what they could use is taken or on offer. The caller holds the event's lock.
    """
    slots: list[Shift | None] = [None]
    if rsvp.status == Status.OFFERED:
        slots = [rsvp.shift]
    elif shifts := shifts_of(db, event):
        wanted = line.shifts_wanted(db, rsvp)
        slots = [shift for shift in shifts if not wanted or shift.id in wanted]
    for slot in slots:
        if rsvp.status == Status.OFFERED or has_room(event, slot, 1 + rsvp.guests):
            let_in(event, slot, rsvp)
            return
    raise NoRoom("There is no room for them. Raise the number of places first.")
