"""A lead talks to a caller before the next call: stopping them at once, and letting them go on."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import CallerProfile, CallerSignal, Phonebank
from campaign.phonebanks.operations.locking import free_hands
from campaign.phonebanks.queries import board


def pause(
    db: Session,
    *,
    phonebank: Phonebank,
    person_id: int,
    why: str,
    now: datetime,
    actor_id: int | None = None,
) -> bool:
    """Nobody is handed out or shown to them anywhere until a lead has talked to them.

    ``why`` names the signals, or is "lead". What was said on a call can still be noted. Answers
    whether they were not paused before.
    """
    profile = profile_for(db, person_id)
    if profile.paused_at is not None:
        return False
    profile.paused_at, profile.paused_why, profile.paused_in = now, why, phonebank.id
    free_hands(db, person_id, now=now)
    note_caller(db, phonebank, "caller paused", person_id, actor_id, why)
    return True


def pause_by_lead(
    db: Session, *, phonebank: Phonebank, person: Person, actor_id: int, now: datetime
) -> None:
    """The same where a lead wants it so. Refuses who leads here: they could let themselves go."""
    if person.id in board.managers(db, phonebank):
        raise Refused(f"{person.name} leads this phonebank or runs its group.")
    pause(db, phonebank=phonebank, person_id=person.id, why="lead", now=now, actor_id=actor_id)


def let_go_on(
    db: Session, *, phonebank: Phonebank, person: Person, actor_id: int, now: datetime
) -> bool:
    """A lead has talked to them: they call on, and what was before is not held against them.

    Again is harmless. Refuses to let oneself go on.
    """
    if person.id == actor_id:
        raise Refused("Somebody else lets you go on: ask another lead.")
    profile = profile_for(db, person.id)
    if profile.paused_at is None:
        return False
    profile.paused_at, profile.paused_why, profile.paused_in = None, "", None
    profile.let_go_at = now
    db.execute(delete(CallerSignal).where(CallerSignal.caller_id == person.id))
    note_caller(db, phonebank, "caller goes on", person.id, actor_id)
    return True


def profile_for(db: Session, person_id: int) -> CallerProfile:
    """Somebody's row, made if there is none, and held until the transaction ends."""
    people.insert_or_leave(db, CallerProfile, person_id=person_id)
    asked = select(CallerProfile).where(CallerProfile.person_id == person_id).with_for_update()
    return db.scalars(asked.execution_options(populate_existing=True)).one()


def note_caller(
    db: Session,
    phonebank: Phonebank,
    action: str,
    person_id: int,
    actor_id: int | None,
    *more: str,
) -> None:
    """Put what becomes of a caller into the log."""
    db.flush()
    audit.append(
        db,
        action,
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"person:{person_id}", *more],
    )
