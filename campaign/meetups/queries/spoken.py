"""The organiser's own words for the parts of an evening."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.meetups.models import SpokenWords


def own_words(db: Session, meetup_id: int) -> dict[str, str]:
    """By phase; the others are as usual."""
    query = select(SpokenWords.phase, SpokenWords.words).where(SpokenWords.meetup_id == meetup_id)
    return {phase: words for phase, words in db.execute(query.order_by(SpokenWords.phase))}
