"""Taking a caller off a phonebank at once, and letting them back in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Phonebank, Removal
from campaign.phonebanks.operations.locking import free_hands
from campaign.phonebanks.operations.pausing import note_caller
from campaign.phonebanks.queries import board


def remove(
    db: Session, *, phonebank: Phonebank, person: Person, actor_id: int, now: datetime
) -> None:
    """Nobody is handed out or shown to this person here any more, and the one they have is gone.

    What they were told in a call can still be reported. Again is harmless. Refuses who leads the
    phonebank or runs its group: they could let themselves back in.
    """
    if person.id in board.managers(db, phonebank):
        raise Refused(f"{person.name} leads this phonebank or runs its group.")
    people.insert_or_leave(
        db,
        Removal,
        phonebank_id=phonebank.id,
        person_id=person.id,
        removed_at=now,
        removed_by=actor_id,
    )
    free_hands(db, person.id, now=now, phonebank=phonebank)
    note_caller(db, phonebank, "caller removed", person.id, actor_id)


def let_back(db: Session, *, phonebank: Phonebank, person: Person, actor_id: int) -> None:
    """They may call again, if they may otherwise; again is harmless."""
    gone = delete(Removal).where(
        Removal.phonebank_id == phonebank.id, Removal.person_id == person.id
    )
    if db.execute(gone).rowcount:  # type: ignore[attr-defined]
        note_caller(db, phonebank, "caller let back in", person.id, actor_id)
