"""Counting who is in the room. All of it happens under the event's lock."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from campaign.events.models import Door, DoorTap, Event, Rsvp
from campaign.events.operations.signing_up import lock
from campaign.events.queries import door as doors
from campaign.events.rules.door import (
    AlreadyBack,
    Count,
    Counted,
    Tap,
    TapKind,
    TapResult,
    derived,
)
from campaign.foundation import audit, clock


def count(db: Session, *, event: Event, key: Counted, tap: Tap) -> Count:
    """One in or one out, for who has no name on the roster. The same tap again counts once.

    Refuses *in* when as many are inside as the event has places, *out* when nobody is in.
    """
    event = lock(db, event.id)
    held = count_held(db, event)
    if doors.tap_by_nonce(db, event.id, tap.nonce) is None:
        before = _count(held)
        after = before.let_in(1, most=event.capacity) if key == "in" else before.let_out()
        set_count(held, after)
        keep_tap(db, event=event, tap=tap, kind=TapKind(key.value), people=1)
    return _count(held)


def take_count_back(db: Session, *, event: Event, nonce: str, tap: Tap) -> Count:
    """That *in*, or that *out*, was a mistake; taking it back again changes nothing.

    Refuses what was never counted, and an *out* whose place another person has by now.
    """
    event = lock(db, event.id)
    held = count_held(db, event)
    mistake = doors.tap_by_nonce(db, event.id, nonce)
    if mistake is None or mistake.kind not in doors.COUNTED:
        raise AlreadyBack
    back = Tap(by=tap.by, at=tap.at, nonce=derived(nonce, "back"))
    if doors.tap_by_nonce(db, event.id, back.nonce) is None:
        before = _count(held)
        was_in = mistake.kind == TapKind.IN
        set_count(held, before.not_in(1) if was_in else before.not_out(most=event.capacity))
        keep_tap(db, event=event, tap=back, kind=TapKind.BACK, people=1)
        audit.append(
            db,
            "door count taken back",
            subject=f"event:{event.id}",
            actor_id=tap.by.person_id,
            details=tap.by.details,
        )
    return _count(held)


def count_party(db: Session, *, event: Event, rsvp: Rsvp, came: bool) -> int:
    """A party of the roster comes in, or had not come after all; answers how many people.

    Refuses more than may be inside. What is taken back is what was counted, whatever the number
    of guests is by now.
    """
    held, party = count_held(db, event), 1 + rsvp.guests
    if came:
        set_count(held, _count(held).let_in(party, most=event.capacity))
        return party
    counted = doors.last_came(db, rsvp.id)
    party = counted.people if counted is not None else party
    set_count(held, _count(held).not_in(party))
    return party


def check_room(db: Session, *, event: Event) -> None:
    """Refuse one more at once, before anything is written."""
    _count(count_held(db, event)).let_in(1, most=event.capacity)


def count_held(db: Session, event: Event) -> Door:
    """The door of an event, made with its first tap from who is marked as here already."""
    known = db.identity_map.get(db.identity_key(Door, event.id))
    if isinstance(known, Door) and db.is_modified(known):
        return known  # read under this lock a moment ago, and what it says is not written yet
    held = db.get(Door, event.id, populate_existing=True)
    if held is None:
        held = Door(event_id=event.id, came_in=doors.here(db, event.id), went_out=0, version=0)
        db.add(held)
        db.flush()
    return held


def keep_tap(
    db: Session,
    *,
    event: Event,
    tap: Tap,
    kind: TapKind,
    rsvp_id: int | None = None,
    people: int = 0,
    result: TapResult = TapResult.DONE,
) -> None:
    """Remember a tap by its nonce, and let every page of the door know that something moved."""
    keep_taps(db, event=event, taps=[(tap, rsvp_id)], kind=kind, people=people, result=result)


def keep_taps(
    db: Session,
    *,
    event: Event,
    taps: Sequence[tuple[Tap, int | None]],
    kind: TapKind,
    people: int = 0,
    result: TapResult = TapResult.DONE,
) -> None:
    """Remember several taps of one kind, each with the sign-up that it is about."""
    db.add_all(
        DoorTap(
            event_id=event.id,
            nonce=tap.nonce,
            kind=kind.value,
            rsvp_id=rsvp_id,
            people=people,
            result=result.value,
            tapped_at=tap.at,
            made_at=clock.now(),
        )
        for tap, rsvp_id in taps
    )
    count_held(db, event).version += 1
    db.flush()


def set_count(held: Door, count: Count) -> None:
    """Write the count down."""
    held.came_in, held.went_out = count.came_in, count.went_out


def _count(held: Door) -> Count:
    return Count(held.came_in, held.went_out)
