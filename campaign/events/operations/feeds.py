"""A calendar of one's own: its secret address."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.models import CalendarKey
from campaign.foundation import audit, clock, tokens


def renew_calendar_key(db: Session, *, person_id: int) -> str:
    """Make the key of somebody's calendar address, once to be seen; the one before is dead."""
    key = tokens.secret()
    db.merge(
        CalendarKey(person_id=person_id, fingerprint=tokens.fingerprint(key), made_at=clock.now())
    )
    db.flush()
    audit.append(db, "calendar key made", subject=f"person:{person_id}", actor_id=person_id)
    return key


def drop_calendar_key(db: Session, *, person_id: int) -> None:
    """End somebody's calendar address; ending it again changes nothing."""
    held = db.get(CalendarKey, person_id)
    if held is not None:
        db.delete(held)
        db.flush()
        audit.append(db, "calendar key dropped", subject=f"person:{person_id}", actor_id=person_id)
