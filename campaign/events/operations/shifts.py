"""The shifts of an event: made, changed, taken away; who was in one is asked about first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session, joinedload

from campaign.events import messages
from campaign.events.adapters import default_templates
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift, ShiftChoice
from campaign.events.operations.putting import place_of
from campaign.events.operations.signing_up import lock, promote
from campaign.events.operations.telling import (
    facts_for_letter,
    give_notice,
    refresh_feature,
    with_calendar,
    write_key,
)
from campaign.events.operations.weighing import weigh
from campaign.events.queries.templates import template_for
from campaign.events.rules.shifts import MOST_SHIFTS, Slot, check_slot
from campaign.events.rules.signups import HOLDING, LIVE, NoRoom, fits
from campaign.events.rules.times import instant
from campaign.events.rules.venues import check_home_text
from campaign.foundation import audit, clock
from campaign.foundation.errors import NotFound, Refused
from campaign.foundation.outbox import post
from campaign.foundation.words import plural

# Where the people of the last shift go: they stay at the event.
STAY = "event"


def add_shift(
    db: Session,
    *,
    event: Event,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    needed: int | None = None,
    role: str = "",
) -> Shift:
    """Add a dated slot with its own capacity; refuses one outside the event."""
    role = role or template_for(db, event.kind, default_templates()).usual_role
    slot = Slot(starts_at, ends_at, capacity, needed, role)
    return add_shifts(db, event=event, slots=[slot])[0]


def add_shifts(
    db: Session, *, event: Event, slots: Iterable[Slot], actor_id: int | None = None
) -> list[Shift]:
    """Add several; refuses all where one lies outside the event, and more than 48."""
    event = lock(db, event.id)
    _check_going_on(event)
    wanted = list(slots)
    for slot in wanted:
        check_slot(slot, event)
        check_home_text(place_of(event), role=slot.role)
    before = db.scalar(select(func.count()).where(Shift.event_id == event.id)) or 0
    if before + len(wanted) > MOST_SHIFTS:
        raise Refused(f"An event has at most {MOST_SHIFTS} shifts. Announce another event.")
    made = [
        Shift(
            event_id=event.id,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            capacity=slot.capacity,
            needed=slot.needed,
            role=slot.role,
            taken=0,
        )
        for slot in wanted
    ]
    db.add_all(made)
    _settle(db, event)
    if actor_id is not None:
        audit.append(db, "shifts added", subject=f"event:{event.id}", actor_id=actor_id)
    return made


def change_shift(
    db: Session,
    *,
    event: Event,
    shift_id: str,
    slot: Slot,
    actor_id: int,
    mail: Mail | None = None,
) -> Shift:
    """Change a shift; who is in it hears of other times, who waits moves up into new room.

    Refuses fewer places than are taken.
    """
    event = lock(db, event.id)
    _check_going_on(event)
    shift = _of_event(db, event, shift_id)
    check_slot(slot, event)
    check_home_text(place_of(event), role=slot.role)
    if slot.capacity is not None and slot.capacity < shift.taken:
        raise NoRoom(
            f"{shift.taken} places are taken already. Give at least as many.", field="capacity"
        )
    moved = (slot.starts_at, slot.ends_at) != (shift.starts_at, shift.ends_at)
    shift.starts_at, shift.ends_at = slot.starts_at, slot.ends_at
    shift.capacity, shift.needed, shift.role = slot.capacity, slot.needed, slot.role
    _settle(db, event)
    if moved:
        event.sequence, event.changed_at = event.sequence + 1, clock.now()
        give_notice(db, event=event, kind="changed", shift_id=shift.id)
    promote(db, event=event, mail=mail)
    audit.append(db, "shift changed", subject=f"event:{event.id}", actor_id=actor_id)
    return shift


def remove_shift(
    db: Session,
    *,
    event: Event,
    shift_id: str,
    actor_id: int,
    into: str | None = None,
    mail: Mail | None = None,
) -> int:
    """Take a shift away; answers how many sign-ups moved.

    With people in it, it goes only where ``into`` says where they go: another shift with room
    for all of them, or, for the last shift, the event itself. They hear of it.
    """
    event = lock(db, event.id)
    _check_going_on(event)
    shift = _of_event(db, event, shift_id)
    people = _people_of(db, shift)
    if people and not into:
        raise Refused(
            f"{plural(len(people), 'person is', 'people are')} signed up for this shift. "
            "Say where they go, and remove it then.",
            field="into",
        )
    target = _target(db, event, shift, into) if people else None
    _move(db, people, shift, target)
    db.flush()
    db.delete(shift)
    _settle(db, event)
    if people:
        event.sequence, event.changed_at = event.sequence + 1, clock.now()
        _tell_moved(db, mail, event, people, target)
    promote(db, event=event, mail=mail)
    audit.append(db, "shift removed", subject=f"event:{event.id}", actor_id=actor_id)
    return len(people)


def has_shifts(db: Session, event: Event) -> bool:
    """Whether the event's places are those of its shifts."""
    return db.scalar(select(Shift.id).where(Shift.event_id == event.id).limit(1)) is not None


def move_with_event(db: Session, *, event: Event, starts_at: datetime, ends_at: datetime) -> None:
    """Let the shifts of an event that moves keep their place in it, by the clock on the wall.

    Refuses where one would not fit any more. The event still has its old times.
    """
    zone = ZoneInfo(event.zone)
    wall = [moment.astimezone(zone).replace(tzinfo=None) for moment in (event.starts_at, starts_at)]
    query = select(Shift).where(Shift.event_id == event.id)
    for shift in db.scalars(query.order_by(Shift.starts_at, Shift.id)):
        moved = []
        for moment in (shift.starts_at, shift.ends_at):
            local = moment.astimezone(zone).replace(tzinfo=None) + (wall[1] - wall[0])
            moved.append(instant(local.date(), local.time(), zone=zone, twice="first"))
        if not starts_at <= moved[0] < moved[1] <= ends_at:
            raise Refused(
                "One of its shifts would lie outside. Give a later end, or mend the shifts first.",
                field="end",
            )
        shift.starts_at, shift.ends_at = moved


def _settle(db: Session, event: Event) -> None:
    db.flush()
    weigh(event)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()


def _check_going_on(event: Event) -> None:
    if event.state == "cancelled":
        raise Refused("This event was cancelled. Announce a new one.")


def _of_event(db: Session, event: Event, public_id: str | None) -> Shift:
    query = select(Shift).where(Shift.event_id == event.id, Shift.public_id == (public_id or ""))
    shift = db.scalar(query.execution_options(populate_existing=True))
    if shift is None:
        raise NotFound("There is no such shift. It may have been removed: look at the list.")
    return shift


def _people_of(db: Session, shift: Shift) -> list[Rsvp]:
    query = (
        select(Rsvp)
        .where(Rsvp.shift_id == shift.id, Rsvp.status.in_(LIVE))
        .options(joinedload(Rsvp.person))
        .order_by(Rsvp.place_in_line, Rsvp.id)
    )
    return list(db.scalars(query))


def _target(db: Session, event: Event, shift: Shift, into: str | None) -> Shift | None:
    if into == STAY:
        others = select(func.count()).where(Shift.event_id == event.id, Shift.id != shift.id)
        if db.scalar(others):
            raise Refused("Choose one of the other shifts.", field="into")
        return None
    target = _of_event(db, event, into)
    if target.id == shift.id:
        raise Refused("Choose one of the other shifts.", field="into")
    if not fits(capacity=target.capacity, taken=target.taken, party=shift.taken):
        raise NoRoom("They do not all fit there. Raise its number of places first.", field="into")
    return target


def _move(db: Session, people: list[Rsvp], shift: Shift, target: Shift | None) -> None:
    """Places go along; so does the wish of whoever waits for the shift."""
    held = sum(1 + rsvp.guests for rsvp in people if rsvp.status in HOLDING)
    shift.taken -= held
    if target is not None:
        target.taken += held
        wished = select(ShiftChoice.rsvp_id).where(ShiftChoice.shift_id == shift.id)
        known = select(ShiftChoice.rsvp_id).where(ShiftChoice.shift_id == target.id)
        new = sorted(set(db.scalars(wished)) - set(db.scalars(known)))
        if new:
            rows = [{"rsvp_id": key, "shift_id": target.id} for key in new]
            db.execute(insert(ShiftChoice), rows)
    db.execute(delete(ShiftChoice).where(ShiftChoice.shift_id == shift.id))
    keys = [rsvp.id for rsvp in people]
    db.execute(
        update(Rsvp)
        .where(Rsvp.id.in_(keys))
        .values(shift_id=target.id if target else None)
        .execution_options(synchronize_session="fetch")
    )


def _tell_moved(
    db: Session, mail: Mail | None, event: Event, people: list[Rsvp], target: Shift | None
) -> None:
    for rsvp in people:
        if mail is None or not rsvp.person.email:
            continue
        facts = facts_for_letter(event, now=clock.now(), shift=target)
        key = write_key(db, rsvp)
        letter = messages.changed(mail, to=rsvp.person.email, event=facts, note="", key=key)
        waits = rsvp.status not in HOLDING
        letter = with_calendar(letter, mail, event=event, shift=target, waits=waits)
        post(db, letter, key=f"rsvp-moved:{event.public_id}:{event.sequence}:{rsvp.public_id}")
