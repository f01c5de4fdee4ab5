"""Taking a caller off a phonebank at once, and letting them back in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Phonebank, Removal
from campaign.phonebanks.operations.locking import end_claim, lock_contact, lock_number
from campaign.phonebanks.queries import board, holding


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
    _end_claim_of(db, phonebank, person.id, now)
    _note(db, phonebank, "caller removed", person, actor_id)


def let_back(db: Session, *, phonebank: Phonebank, person: Person, actor_id: int) -> None:
    """They may call again, if they may otherwise; again is harmless."""
    gone = delete(Removal).where(
        Removal.phonebank_id == phonebank.id, Removal.person_id == person.id
    )
    if db.execute(gone).rowcount:  # type: ignore[attr-defined]
        _note(db, phonebank, "caller let back in", person, actor_id)


def _end_claim_of(db: Session, phonebank: Phonebank, person_id: int, now: datetime) -> None:
    held = holding.held_by(db, person_id)
    if held is None or held.phonebank_id != phonebank.id:
        return
    lock_number(db, held.number_id)
    contact = lock_contact(db, held.id)
    if contact.state == "claimed" and contact.claimed_by == person_id:
        end_claim(db, contact=contact, phonebank=phonebank, now=now, status="revoked")


def _note(db: Session, phonebank: Phonebank, action: str, person: Person, actor_id: int) -> None:
    db.flush()
    audit.append(
        db,
        action,
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"person:{person.id}"],
    )
