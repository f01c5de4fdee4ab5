"""Who offers to co-host what has its host already."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import and_, select
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


class Hosted(NamedTuple):
    """What has its host, with one who offers to co-host it: a row for each of them."""

    host_id: int | None
    card_id: int
    cohost_id: int | None
    offered_by: int | None


def hosted_in(db: Session, batch_id: int) -> list[Hosted]:
    """All that a host said yes to, and who is or offers to be the co-host; by keys alone."""
    here = and_(Participant.id == CohostOffer.participant_id, Participant.left_at.is_(None))
    rows = db.execute(
        select(Card.host_id, Card.id, Card.cohost_id, Participant.id)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .outerjoin(CohostOffer, CohostOffer.card_id == Card.id)
        .outerjoin(Participant, here)
        .where(Breakout.batch_id == batch_id, Card.host_accepted_at.is_not(None))
        .order_by(Card.id, CohostOffer.made_at, Participant.number)
    )
    return [Hosted(*row) for row in rows]
