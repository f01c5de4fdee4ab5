"""The sums of an evening, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.meetups.models import Batch, Breakout, Card, Commitment, Meetup, Participant, Recap
from campaign.meetups.queries.rooms import batch_of, meetup_of_event
from campaign.meetups.rules.phases import has_strategy
from campaign.meetups.rules.recaps import Tally

MEETINGS = ("meeting", "meetup", "agm")


@dataclass(frozen=True)
class Kept:
    """A closed evening: its meetup, its sitting and its sums."""

    meetup: Meetup
    batch: Batch
    recap: Recap


def recap_of_event(db: Session, event_id: int) -> Kept | None:
    """The closed evening of an event."""
    meetup = meetup_of_event(db, event_id)
    if meetup is None:
        return None
    batch = batch_of(db, meetup)
    recap = db.get(Recap, batch.id)
    return Kept(meetup, batch, recap) if recap else None


def tally_of(db: Session, *, preset: str, batch_id: int) -> Tally:
    """Add an evening up. Practice people are nobody; who has gone home was here."""
    real = (Participant.batch_id == batch_id, Participant.is_practice.is_(False))
    people, new = db.execute(
        select(
            func.count(Participant.id), func.count(Participant.id).filter(Participant.is_new)
        ).where(*real)
    ).one()
    stands = (
        select(Card.id, Card.host_id, Card.cohost_id)
        .join(Breakout, Breakout.id == Card.breakout_id)
        .join(Event, Event.id == Card.event_id)
        .where(
            Breakout.batch_id == batch_id,
            Card.published_at.is_not(None),
            Event.state != "cancelled",
        )
        .subquery()
    )
    cards, hosts, cohosted = db.execute(
        select(
            func.count(stands.c.id),
            func.count(func.distinct(stands.c.host_id)),
            func.count(stands.c.cohost_id),
        )
    ).one()
    yeses = (
        select(Commitment.participant_id)
        .join(Participant, Participant.id == Commitment.participant_id)
        .where(*real, Commitment.card_id.in_(select(stands.c.id)))
    )
    committed = select(func.count(Participant.id)).where(
        *real,
        or_(Participant.id.in_(yeses), Participant.id.in_(select(stands.c.host_id))),
    )
    seats = db.scalar(select(func.count()).select_from(yeses.subquery())) or 0
    return Tally(
        people=people,
        first_timers=new if has_strategy(preset) else None,
        hosts=hosts,
        cohosted=cohosted,
        committed=db.scalar(committed) or 0,
        seats=seats + cards,
    )


def next_meeting(db: Session, event: Event, *, now: datetime) -> Event | None:
    """When the group meets next, as everybody may see it."""
    return db.scalar(
        select(Event)
        .where(
            Event.group_id == event.group_id,
            Event.id != event.id,
            Event.kind.in_(MEETINGS),
            Event.state == "listed",
            Event.hidden_at.is_(None),
            Event.starts_at > max(now, event.starts_at),
        )
        .order_by(Event.starts_at, Event.id)
        .limit(1)
    )
