"""The sums of an evening, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.meetups.models import Batch, Card, Commitment, Meetup, Participant, Recap
from campaign.meetups.queries.rooms import batch_of, meetup_of_event, of_the_evening
from campaign.meetups.queries.wall import on_the_map
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


def tally_of(db: Session, *, preset: str, batch_id: int, with_practice: bool = False) -> Tally:
    """Add an evening up. Who has gone home was here. Practice people are nobody but on the wall
    of a room that still practises (``with_practice``): nothing that is kept counts them."""
    who = of_the_evening(batch_id, with_practice=with_practice)
    people, new = db.execute(
        select(
            func.count(Participant.id), func.count(Participant.id).filter(Participant.is_new)
        ).where(who)
    ).one()
    columns = (Card.id, Card.host_id, Card.cohost_id)
    stands = on_the_map(batch_id).with_only_columns(*columns).subquery()
    cards, hosts, cohosted = db.execute(
        select(
            func.count(stands.c.id),
            func.count(func.distinct(stands.c.host_id)),
            func.count(Participant.id),
        )
        .select_from(stands)
        .outerjoin(Participant, and_(Participant.id == stands.c.cohost_id, who))
    ).one()
    yeses = (
        select(Commitment.participant_id)
        .join(Participant, Participant.id == Commitment.participant_id)
        .where(who, Commitment.card_id.in_(select(stands.c.id)))
    )
    committed = select(func.count(Participant.id)).where(
        who,
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
