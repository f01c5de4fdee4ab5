"""Who asks to sit elsewhere."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from campaign.meetups.models import MoveRequest, Participant


def waiting(db: Session, batch_id: int) -> list[MoveRequest]:
    """The open requests of a batch, the oldest first, with who asks and where they sit."""
    asks = joinedload(MoveRequest.participant, innerjoin=True)
    return list(
        db.scalars(
            select(MoveRequest)
            .join(Participant, Participant.id == MoveRequest.participant_id)
            .where(
                Participant.batch_id == batch_id,
                Participant.left_at.is_(None),
                MoveRequest.settled_at.is_(None),
            )
            .options(asks.joinedload(Participant.breakout), asks.joinedload(Participant.strategy))
            .order_by(MoveRequest.asked_at, MoveRequest.id)
        )
    )


def many_waiting(db: Session, batch_id: int) -> int:
    """How many wait."""
    asked = (
        select(func.count(MoveRequest.id))
        .join(Participant, Participant.id == MoveRequest.participant_id)
        .where(
            Participant.batch_id == batch_id,
            Participant.left_at.is_(None),
            MoveRequest.settled_at.is_(None),
        )
    )
    return db.scalar(asked) or 0


def own(db: Session, participant_id: int) -> MoveRequest | None:
    """Somebody's own open request."""
    return db.scalar(
        select(MoveRequest).where(
            MoveRequest.participant_id == participant_id, MoveRequest.settled_at.is_(None)
        )
    )
