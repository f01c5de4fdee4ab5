"""After an event: what people say themselves of having come."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.models import Rsvp
from campaign.events.operations.signing_up import fresh, lock
from campaign.events.rules.signups import SEATED, Attendance
from campaign.foundation import clock
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
