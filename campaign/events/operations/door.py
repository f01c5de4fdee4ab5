"""At the door: who came, and who came without signing up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.models import Event, Rsvp
from campaign.events.operations.signing_up import (
    admit,
    by_uuid,
    has_room,
    in_event,
    let_in,
    lock,
    of_person,
    shift_of,
)
from campaign.events.queries import rosters
from campaign.events.rules.signups import LIVE, SEATED, Attendance, NoRoom, Source
from campaign.foundation import audit, clock
from campaign.foundation.errors import Refused
from campaign.people.operations import meet, note_person


def mark_attendance(
    db: Session, *, event: Event, rsvp_id: str, attendance: Attendance, actor_id: int
) -> Rsvp:
    """Note whether somebody came; may be changed as often as one likes.

    Somebody who waited and came is here, whatever the count says, if they fit.
    """
    event = lock(db, event.id)
    rsvp = in_event(db, event.id, rsvp_id)
    if rsvp.status not in LIVE:
        raise Refused("They have cancelled. Add them as somebody new at the door.")
    if rsvp.status not in SEATED and attendance is Attendance.CAME:
        admit(db, event=event, rsvp=rsvp)
    rsvp.attendance = attendance.value
    db.flush()
    audit.append(
        db,
        "attendance noted",
        subject=f"event:{event.id}",
        actor_id=actor_id,
        details=[f"rsvp:{rsvp.id}"],
    )
    return rsvp


def add_walk_in(
    db: Session,
    *,
    event: Event,
    name: str,
    actor_id: int,
    email: str | None = None,
    shift: str | None = None,
    client_uuid: str | None = None,
) -> Rsvp:
    """Add somebody who stands at the door, and is here. A name is enough.

    Refuses when every place is taken. The same ``client_uuid`` again gives the same sign-up.
    """
    event = lock(db, event.id)
    before = by_uuid(db, event.id, client_uuid)
    if before is not None:
        return before
    slot = shift_of(db, event, shift)
    if not has_room(event, slot, 1):
        raise NoRoom("Every place is taken. Raise the number of places first.", field="name")
    person = meet(db, email=email, name=name) if email else note_person(db, name=name)
    known = of_person(db, event.id, person)
    if known is not None and known.status in LIVE:
        came = Attendance.CAME
        return mark_attendance(
            db, event=event, rsvp_id=known.public_id, attendance=came, actor_id=actor_id
        )
    rsvp = known or Rsvp(event_id=event.id, person_id=person.id, made_at=clock.now())
    rsvp.name, rsvp.guests, rsvp.status = name, 0, "waiting"
    rsvp.source, rsvp.guest_names, rsvp.offered_until = Source.DOOR.value, "", None
    rsvp.attendance = Attendance.CAME.value
    rsvp.place_in_line = rosters.last_in_line(db, event.id) + 1
    rsvp.client_uuid = client_uuid
    let_in(event, slot, rsvp)
    db.add(rsvp)
    db.flush()
    audit.append(db, "walk-in added", subject=f"event:{event.id}", actor_id=actor_id)
    return rsvp
