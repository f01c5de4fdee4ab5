"""Keeping two people apart, and no longer."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.conduct.models import NoContact
from campaign.foundation import audit, clock, tokens
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.people.operations import insert_or_leave


def keep_apart(db: Session, *, one: Person | None, other: Person | None, actor_id: int) -> None:
    """Never put these two together, whoever of them asked. Doing it again changes nothing."""
    if one is None or other is None:
        raise Refused("Nobody here has this address. Look at both once more.", field="other")
    if one.id == other.id:
        raise Refused("These are the same person. Give two addresses.", field="other")
    first, second = sorted((one.id, other.id))
    insert_or_leave(
        db,
        NoContact,
        public_id=tokens.public_id(),
        first_id=first,
        second_id=second,
        made_at=clock.now(),
        made_by=actor_id,
    )
    audit.append(
        db, "kept apart", subject=f"person:{first}", actor_id=actor_id, details=[f"person:{second}"]
    )


def let_meet(db: Session, *, public_id: str, actor_id: int) -> None:
    """These two may meet again."""
    db.execute(delete(NoContact).where(NoContact.public_id == public_id))
    audit.append(db, "kept apart no longer", subject=f"pair:{public_id}", actor_id=actor_id)
