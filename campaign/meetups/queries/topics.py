"""The topics of a room, their votes, and what each would like to talk about."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.meetups.models import Topic, TopicVote


@dataclass(frozen=True)
class TopicView:
    """A topic with its votes."""

    topic: Topic
    votes: int


def topics_of(db: Session, batch_id: int) -> list[TopicView]:
    """The topics of a batch in the order in which they came."""
    rows = db.execute(
        select(Topic, func.count(TopicVote.id))
        .outerjoin(TopicVote, TopicVote.topic_id == Topic.id)
        .where(Topic.batch_id == batch_id)
        .group_by(Topic.id)
        .order_by(Topic.position)
    )
    return [TopicView(topic, votes) for topic, votes in rows]


def ballot_of(db: Session, participant_id: int) -> list[str]:
    """What somebody voted for, the best first, by public id."""
    return list(
        db.scalars(
            select(Topic.public_id)
            .join(TopicVote, TopicVote.topic_id == Topic.id)
            .where(TopicVote.participant_id == participant_id)
            .order_by(TopicVote.rank)
        )
    )


def choices(db: Session, batch_id: int) -> dict[int, list[int]]:
    """What each voted for, the best first: the keys of topics by the keys of people."""
    rows = db.execute(
        select(TopicVote.participant_id, TopicVote.topic_id)
        .join(Topic, Topic.id == TopicVote.topic_id)
        .where(Topic.batch_id == batch_id)
        .order_by(TopicVote.participant_id, TopicVote.rank)
    )
    found: dict[int, list[int]] = {}
    for participant_id, topic_id in rows:
        found.setdefault(participant_id, []).append(topic_id)
    return found
