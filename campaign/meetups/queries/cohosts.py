"""Who offers to co-host what has its host already."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.meetups.models import Breakout, Card, CohostOffer, Participant


def offers_in(db: Session, batch_id: int) -> dict[int, list[Participant]]:
    """Who offers it, by the key of the card, the first first; nobody who has left."""
    rows = db.execute(
        select(CohostOffer.card_id, Participant)
        .join(Participant, Participant.id == CohostOffer.participant_id)
        .join(Card, Card.id == CohostOffer.card_id)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .where(
            Breakout.batch_id == batch_id,
            Card.cohost_id.is_(None),
            Participant.left_at.is_(None),
        )
        .order_by(CohostOffer.made_at, Participant.number)
    )
    found: dict[int, list[Participant]] = defaultdict(list)
    for card_id, person in rows:
        found[card_id].append(person)
    return found
