"""What the strategy tables may talk about, and what each would like to talk about."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import tokens
from campaign.foundation.database import Base


class Topic(Base):
    """A topic: set by the organiser, or proposed by somebody in the room, one each."""

    __tablename__ = "topic"
    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), default=tokens.public_id)
    batch_id: Mapped[int] = mapped_column(ForeignKey("batch.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(80))
    proposer_id: Mapped[int | None] = mapped_column(
        ForeignKey("participant.id", ondelete="SET NULL")
    )
    made_at: Mapped[dt.datetime]

    __table_args__ = (
        UniqueConstraint("public_id"),
        UniqueConstraint("batch_id", "position"),
        UniqueConstraint("batch_id", "proposer_id"),
        Index("ix_topic_proposer_id", "proposer_id"),
    )


class TopicVote(Base):
    """One of somebody's three votes; ``rank`` 1 is what they would like best."""

    __tablename__ = "topic_vote"
    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    participant_id: Mapped[int] = mapped_column(ForeignKey("participant.id", ondelete="CASCADE"))
    rank: Mapped[int]

    __table_args__ = (
        UniqueConstraint("topic_id", "participant_id"),
        UniqueConstraint("participant_id", "rank"),
        CheckConstraint("rank BETWEEN 1 AND 3", name="rank"),
    )
