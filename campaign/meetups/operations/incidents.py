"""The incident log: what happened in the hall, and calls for help that the room does not hear."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused
from campaign.meetups.models import Batch, Incident
from campaign.meetups.operations.locking import lock
from campaign.meetups.rules.incidents import CATEGORIES, HELP


def note_incident(
    db: Session,
    *,
    batch: Batch,
    category: str,
    place: str,
    now: datetime,
    actor_id: int,
    action: str = "",
) -> Incident:
    """Add a line: what kind of thing, where, and what was done. No line is ever changed.

    It can be noted after the evening, too. With ``HELP`` a steward asks the desk for somebody,
    without a word in the room.
    """
    if category not in {HELP, *CATEGORIES}:
        raise Refused("Say what kind of thing it was.", field="category")
    lock(db, batch.id)
    made = Incident(
        batch_id=batch.id,
        at=now,
        category=category,
        place=place,
        action=action,
        made_by=actor_id,
    )
    db.add(made)
    db.flush()
    audit.append(
        db,
        "incident noted",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"incident:{made.id}", category],
    )
    return made


def go_there(
    db: Session,
    *,
    batch: Batch,
    incident: Incident,
    now: datetime,
    actor_id: int,
    goes: int | None,
) -> None:
    """Somebody is on the way: ``goes``, where it is known who. Conflict where another said so
    first."""
    lock(db, batch.id)
    gone = db.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.category == HELP, Incident.taken_at.is_(None))
        .values(taken_by=goes, taken_at=now)
    )
    if not gone.rowcount:  # type: ignore[attr-defined]
        raise Conflict("Somebody else is on the way already.")
    audit.append(
        db,
        "help answered",
        subject=f"batch:{batch.id}",
        actor_id=actor_id,
        details=[f"incident:{incident.id}"],
    )
    db.refresh(incident)
