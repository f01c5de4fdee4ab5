"""After an event: who came, as people say themselves or as its room has seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.events.models import Door, Rsvp
from campaign.events.operations.signing_up import fresh, lock
from campaign.events.rules.signups import SEATED, Attendance
from campaign.foundation import audit, clock
from campaign.foundation.errors import Refused


def say_attendance(db: Session, *, rsvp: Rsvp, came: bool) -> Rsvp:
    """Somebody says whether they came. What is known already, from the door, stays as it is.

    Refuses before the start, and who had no place.
    """
    event = lock(db, rsvp.event_id)
    rsvp = fresh(db, rsvp)
    if event.starts_at > clock.now():
        raise Refused("It has not begun yet. Come back afterwards.")
    if rsvp.status not in SEATED:
        raise Refused("You were not on the list of this event.")
    if rsvp.attendance == Attendance.UNKNOWN.value:
        rsvp.attendance = (Attendance.CAME if came else Attendance.DID_NOT_COME).value
    db.flush()
    return rsvp


def note_came(db: Session, *, event_id: int, rsvp_ids: Sequence[int], now: datetime) -> int:
    """The room of an event has seen these come; what is known already, from the door, stays.

    Answers how many are new. Nobody is noted before the start, nor who had no place.
    """
    event = lock(db, event_id)
    if event.starts_at > now:
        return 0
    noted = db.execute(
        update(Rsvp)
        .where(
            Rsvp.event_id == event.id,
            Rsvp.id.in_(rsvp_ids),
            Rsvp.attendance == Attendance.UNKNOWN.value,
            Rsvp.status.in_(SEATED),
        )
        .values(attendance=Attendance.CAME.value)
    )
    many = int(noted.rowcount)  # type: ignore[attr-defined]
    if many:
        moved = update(Door).where(Door.event_id == event.id).values(version=Door.version + 1)
        db.execute(moved)
        audit.append(
            db,
            "came, seen in its room",
            subject=f"event:{event.id}",
            details=[f"{many} sign-ups"],
        )
    return many
