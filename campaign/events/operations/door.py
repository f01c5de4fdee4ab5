"""At the door: who came, and who came without signing up.

Two phones may say different things of one person, and a phone without a connection says it late.
Each tap has a nonce and the time of the finger: sent again it changes nothing, and of two the
later one stands, in whatever order they come here.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import DoorTap, Event, Rsvp
from campaign.events.operations.counting import check_room, count_party, keep_tap, keep_taps
from campaign.events.operations.signing_up import (
    admit,
    by_uuid,
    has_room,
    in_event,
    let_in,
    lock,
    of_person,
    refuse_kept_out,
    shift_of,
)
from campaign.events.queries import door as doors
from campaign.events.queries import rosters
from campaign.events.rules.door import (
    AlreadyBack,
    By,
    Tap,
    TapKind,
    TapResult,
    among_the_rest,
    derived,
    not_before,
    stands,
)
from campaign.events.rules.signups import LIVE, SEATED, Attendance, NoRoom, Source
from campaign.foundation import audit, clock
from campaign.foundation.errors import Refused
from campaign.people.operations import meet, note_person


def mark_attendance(
    db: Session,
    *,
    event: Event,
    rsvp_id: str,
    attendance: Attendance,
    actor_id: int | None = None,
    tap: Tap | None = None,
) -> Rsvp:
    """Note whether somebody came; may be changed as often as one likes, the latest tap stands.

    Who is here counts as in the room. Somebody who waited and came is here if they fit. Refuses
    who has cancelled, and more people than may be in the room.
    """
    event = lock(db, event.id)
    rsvp = in_event(db, event.id, rsvp_id)
    tap = tap or Tap(By(person_id=actor_id), clock.now())
    known, before = doors.taps_before(db, event_id=event.id, nonce=tap.nonce, rsvp_id=rsvp.id)
    if not known:
        if rsvp.status not in LIVE:
            raise Refused("They have cancelled. Add them as somebody new at the door.")
        _mark(db, event=event, rsvp=rsvp, attendance=attendance, tap=tap, before=before)
    return rsvp


def _mark(
    db: Session,
    *,
    event: Event,
    rsvp: Rsvp,
    attendance: Attendance,
    tap: Tap,
    before: DoorTap | None,
) -> None:
    kind = TapKind(attendance.value)
    earlier = doors.tap_by_nonce(db, event.id, tap.after) if tap.after else None
    if earlier is not None and earlier.rsvp_id == rsvp.id:
        tap = replace(tap, at=not_before(tap.at, earlier.tapped_at))
    if not stands(
        at=tap.at, nonce=tap.nonce, before=(before.tapped_at, before.nonce) if before else None
    ):
        keep_tap(
            db, event=event, tap=tap, kind=kind, rsvp_id=rsvp.id, result=TapResult.LATER_STANDS
        )
        _note(db, "attendance not changed, a later tap stands", event=event, rsvp=rsvp, by=tap.by)
        return
    people = 0
    came, was_here = attendance is Attendance.CAME, rsvp.attendance == Attendance.CAME
    if came != was_here:
        people = count_party(db, event=event, rsvp=rsvp, came=came)
    if came and rsvp.status not in SEATED:
        admit(db, event=event, rsvp=rsvp)
    rsvp.attendance = attendance.value
    keep_tap(db, event=event, tap=tap, kind=kind, rsvp_id=rsvp.id, people=people)
    _note(db, "attendance noted", event=event, rsvp=rsvp, by=tap.by)


def add_walk_in(
    db: Session,
    *,
    event: Event,
    name: str,
    actor_id: int | None = None,
    email: str | None = None,
    shift: str | None = None,
    client_uuid: str | None = None,
    tap: Tap | None = None,
) -> Rsvp:
    """Add somebody who stands at the door, and is here. A name is enough.

    Refuses when every place is taken, or the room is full; KeptOut who comes to nothing, and no
    reason with it. The same ``client_uuid``, which is the nonce of a tap, again gives the same
    sign-up.
    """
    event = lock(db, event.id)
    before = by_uuid(db, event.id, client_uuid)
    if before is not None:
        return before
    tap = tap or _tap_of(client_uuid, By(person_id=actor_id))
    slot = shift_of(db, event, shift)
    refuse_kept_out(db, email=email, name=name)
    person = meet(db, email=email, name=name) if email else note_person(db, name=name)
    known = of_person(db, event.id, person)
    if known is not None and known.status in LIVE:
        came = Attendance.CAME
        return mark_attendance(db, event=event, rsvp_id=known.public_id, attendance=came, tap=tap)
    check_room(db, event=event)
    if not has_room(event, slot, 1):
        raise NoRoom("Every place is taken. Raise the number of places first.", field="name")
    rsvp = known or Rsvp(event_id=event.id, person_id=person.id, made_at=clock.now())
    rsvp.name, rsvp.guests, rsvp.status = name, 0, "waiting"
    rsvp.source, rsvp.guest_names, rsvp.offered_until = Source.DOOR.value, "", None
    rsvp.attendance = Attendance.UNKNOWN.value
    rsvp.place_in_line = rosters.last_in_line(db, event.id) + 1
    rsvp.client_uuid = client_uuid
    let_in(event, slot, rsvp)
    db.add(rsvp)
    db.flush()
    people = count_party(db, event=event, rsvp=rsvp, came=True)
    rsvp.attendance = Attendance.CAME.value
    keep_tap(db, event=event, tap=tap, kind=TapKind.CAME, rsvp_id=rsvp.id, people=people)
    _note(db, "walk-in added", event=event, rsvp=rsvp, by=tap.by)
    return rsvp


def _tap_of(nonce: str | None, by: By) -> Tap:
    now = clock.now()
    return Tap(by, now, nonce) if nonce else Tap(by, now)


def mark_the_rest(db: Session, *, event: Event, tap: Tap) -> int:
    """Everybody with a place of whom nobody knows did not come; answers how many sign-ups.

    The same tap again changes nothing. What another device said before of one of them, and says
    only now, stands over it.
    """
    event = lock(db, event.id)
    if doors.tap_by_nonce(db, event.id, tap.nonce) is not None:
        return 0
    unknown = list(
        db.scalars(
            select(Rsvp)
            .where(
                Rsvp.event_id == event.id,
                Rsvp.status.in_(SEATED),
                Rsvp.attendance == Attendance.UNKNOWN.value,
            )
            .order_by(Rsvp.id)
        )
    )
    keep_tap(db, event=event, tap=tap, kind=TapKind.REST, people=len(unknown))
    _mark_all(db, event=event, rsvps=unknown, attendance=Attendance.DID_NOT_COME, tap=tap)
    _note(db, "everybody else did not come", event=event, by=tap.by)
    return len(unknown)


def _mark_all(
    db: Session, *, event: Event, rsvps: list[Rsvp], attendance: Attendance, tap: Tap
) -> None:
    """One tap for many: each has a tap of its own, so that one about them alone stands."""
    hold = doors.holding_taps(db, event.id)
    own = []
    for rsvp in rsvps:
        rsvp.attendance = attendance.value
        held, _ = hold.get(rsvp.id, (None, ""))
        at = among_the_rest(at=tap.at, held=held)
        own.append((Tap(tap.by, at, derived(tap.nonce, rsvp.public_id)), rsvp.id))
    keep_taps(db, event=event, taps=own, kind=TapKind(attendance.value))


def unmark_the_rest(db: Session, *, event: Event, nonce: str, tap: Tap) -> int:
    """Take that one tap for everybody else back; answers how many sign-ups.

    Who was marked by hand since stays as they are. Refuses what nobody tapped; taking it back
    again changes nothing.
    """
    event = lock(db, event.id)
    mistake = doors.tap_by_nonce(db, event.id, nonce)
    if mistake is None or mistake.kind != TapKind.REST:
        raise AlreadyBack
    back = Tap(tap.by, tap.at, derived(nonce, "back"))
    if doors.tap_by_nonce(db, event.id, back.nonce) is not None:
        return 0
    absent = db.scalars(
        select(Rsvp)
        .where(
            Rsvp.event_id == event.id,
            Rsvp.attendance == Attendance.DID_NOT_COME.value,
        )
        .order_by(Rsvp.id)
    )
    hold = {rsvp: held for rsvp, (_, held) in doors.holding_taps(db, event.id).items()}
    moved = [one for one in absent if hold.get(one.id) == derived(nonce, one.public_id)]
    _mark_all(db, event=event, rsvps=moved, attendance=Attendance.UNKNOWN, tap=back)
    keep_tap(db, event=event, tap=back, kind=TapKind.BACK, people=len(moved))
    _note(db, "everybody else taken back", event=event, by=tap.by)
    return len(moved)


def _note(db: Session, action: str, *, event: Event, by: By, rsvp: Rsvp | None = None) -> None:
    audit.append(
        db,
        action,
        subject=f"event:{event.id}",
        actor_id=by.person_id,
        details=[*([f"rsvp:{rsvp.id}"] if rsvp else []), *by.details],
    )
