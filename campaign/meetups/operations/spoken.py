"""Writing what is said in each part of the evening."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.meetups.models import Batch, SpokenWords
from campaign.meetups.operations.locking import lock
from campaign.meetups.rules.spoken import USUAL


def write_words(db: Session, *, batch: Batch, words: Mapping[str, str], actor_id: int) -> None:
    """Keep the organiser's own words; a part that is empty, or as usual, goes back to the usual."""
    lock(db, batch.id)
    db.execute(delete(SpokenWords).where(SpokenWords.meetup_id == batch.meetup_id))
    for phase, usual in USUAL.items():
        own = words.get(phase.value, "").strip()
        if own and own != usual:
            db.add(SpokenWords(meetup_id=batch.meetup_id, phase=phase.value, words=own))
    db.flush()
    audit.append(db, "script written", subject=f"meetup:{batch.meetup_id}", actor_id=actor_id)
