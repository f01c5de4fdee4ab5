"""Writing what is said in each part of the evening."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict
from campaign.meetups.models import Batch, SpokenWords
from campaign.meetups.operations.locking import lock
from campaign.meetups.queries.spoken import own_words
from campaign.meetups.rules.phases import Phase
from campaign.meetups.rules.spoken import USUAL, was_touched


def write_words(
    db: Session,
    *,
    batch: Batch,
    words: Mapping[str, str],
    actor_id: int,
    seen: Mapping[str, str] | None = None,
) -> None:
    """Keep the organiser's own words; a part that is empty, or as usual, goes back to the usual.

    ``seen`` are the marks of what stood on their page: a part they did not touch stays as it is
    now. Conflict, at its field, where somebody else has changed the same part meanwhile.
    """
    lock(db, batch.id)
    kept = own_words(db, batch.meetup_id)
    for phase, usual in USUAL.items():
        typed = words.get(phase.value, "").strip()
        stands = kept.get(phase.value, usual)
        try:
            touched = was_touched(typed, stands=stands, seen=(seen or {}).get(phase.value, ""))
        except Conflict as conflict:
            conflict.field = phase.value
            raise
        if touched:
            _write(db, batch.meetup_id, phase, "" if typed == usual else typed)
    db.flush()
    audit.append(db, "script written", subject=f"meetup:{batch.meetup_id}", actor_id=actor_id)


def _write(db: Session, meetup_id: int, phase: Phase, own: str) -> None:
    db.execute(
        delete(SpokenWords).where(
            SpokenWords.meetup_id == meetup_id, SpokenWords.phase == phase.value
        )
    )
    if own:
        db.add(SpokenWords(meetup_id=meetup_id, phase=phase.value, words=own))
