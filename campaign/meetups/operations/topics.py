"""Setting topics, proposing one, and voting: before the strategy tables are dealt."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, NotFound, Refused
from campaign.meetups.models import Batch, Participant, Topic, TopicVote
from campaign.meetups.operations.locking import lock
from campaign.meetups.queries import rooms
from campaign.meetups.queries.topics import topics_of
from campaign.meetups.rules.phases import Phase, has_strategy
from campaign.meetups.rules.topics import MOST_PROPOSED, MOST_TOPICS, check_ballot, check_topic

KINDS = ("none", "set", "propose")


def choose_topics(db: Session, *, batch: Batch, kind: str, actor_id: int) -> None:
    """Whether tables talk about one question, about topics that are set, or also proposed ones."""
    batch = _open(db, batch)
    if kind not in KINDS or not has_strategy(batch.meetup.preset):
        raise Refused("Topics are for an evening with strategy tables.", field="kind")
    batch.meetup.topics = kind
    audit.append(db, "topics chosen", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.flush()


def set_topic(db: Session, *, batch: Batch, text: str, now: datetime) -> Topic:
    """The organiser sets a topic. Refuses a ninth."""
    batch = _open(db, batch)
    ours = [view for view in topics_of(db, batch.id) if view.topic.proposer_id is None]
    if len(ours) >= MOST_TOPICS:
        raise Refused("Eight topics are enough. Take one away first.", field="topic")
    if batch.meetup.topics == "none":
        batch.meetup.topics = "set"
    return _add(db, batch, text, now, None)


def take_away(db: Session, *, batch: Batch, public_id: str, actor_id: int) -> None:
    """The organiser takes a topic away, with its votes; the log keeps that it was."""
    batch = _open(db, batch)
    topic = db.scalar(select(Topic).where(Topic.batch_id == batch.id, Topic.public_id == public_id))
    if topic is None:
        raise NotFound("There is no such topic in this meetup.")
    audit.append(db, "topic taken away", subject=f"batch:{batch.id}", actor_id=actor_id)
    db.delete(topic)
    db.flush()


def propose(db: Session, *, batch: Batch, person: Participant, text: str, now: datetime) -> Topic:
    """Somebody proposes a topic, one each. Conflict for a second one."""
    batch = _open(db, batch, person)
    if batch.meetup.topics != "propose":
        raise Refused("Topics are set for this evening. You can vote for one of them.")
    if len(topics_of(db, batch.id)) >= MOST_PROPOSED:
        raise Refused("There are forty already. Vote for one of them.", field="topic")
    return _add(db, batch, text, now, person.id)


def vote(db: Session, *, batch: Batch, person: Participant, chosen: Sequence[str]) -> None:
    """Give one's votes to these, the best first, and to no others. The same again changes nothing.

    A topic that was taken away meanwhile is left out.
    """
    batch = _open(db, batch, person)
    if batch.meetup.topics == "none":
        raise Refused("This room talks about one question.")
    known = {view.topic.public_id: view.topic.id for view in topics_of(db, batch.id)}
    ballot = [public_id for public_id in check_ballot(chosen) if public_id in known]
    db.execute(delete(TopicVote).where(TopicVote.participant_id == person.id))
    for rank, public_id in enumerate(ballot, start=1):
        db.add(TopicVote(topic_id=known[public_id], participant_id=person.id, rank=rank))
    db.flush()


def _open(db: Session, batch: Batch, *people: Participant) -> Batch:
    batch = lock(db, batch.id, *people)
    early = batch.phase in (Phase.DOORS, Phase.PLENARY)
    if not early or rooms.tables(db, batch.id, "strategy"):
        raise Refused("The tables are dealt: their topics stand.")
    return batch


def _add(db: Session, batch: Batch, text: str, now: datetime, proposer_id: int | None) -> Topic:
    last = db.scalar(select(func.max(Topic.position)).where(Topic.batch_id == batch.id))
    topic = Topic(
        batch_id=batch.id,
        position=(last or 0) + 1,
        text=check_topic(text),
        proposer_id=proposer_id,
        made_at=now,
    )
    with refusing(db, {"uq_topic_batch_id_proposer_id": _proposed_already}):
        db.add(topic)
    return topic


def _proposed_already() -> Conflict:
    return Conflict("You have proposed a topic already. Vote for it, and for two others.")
