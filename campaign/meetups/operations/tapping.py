"""Doing what a phone asks for once, however often it sends it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation.database import is_postgresql
from campaign.meetups.models import Participant, SentTap


def note_tap(db: Session, *, person: Participant, mark: str, now: datetime) -> bool:
    """Keep the mark of a tap; False where it has arrived before.

    In the transaction of the write itself: what is refused or falls over leaves no mark and can
    be sent again. Of the same tap on two connections the second waits for the first.
    """
    dialect: Any = postgresql if is_postgresql(db) else sqlite
    statement = dialect.insert(SentTap).values(participant_id=person.id, mark=mark, made_at=now)
    first = db.execute(statement.on_conflict_do_nothing().returning(SentTap.mark)).first()
    return first is not None
