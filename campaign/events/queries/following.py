"""Who follows what, by key, by address; and what is new in the lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from campaign.events.models import Event, EventNews, Follow, Follower, FollowKey
from campaign.events.queries.finding import conditions
from campaign.events.rules.following import MAIL_EVERY, NEWS_FOR
from campaign.foundation import tokens

MOST_NEWS = 5000


def follow_key(db: Session, key: str) -> FollowKey | None:
    """What a mailed key opens: the address with what it follows, and what it was mailed for."""
    return db.scalar(
        select(FollowKey)
        .where(FollowKey.fingerprint == tokens.fingerprint(key))
        .options(
            joinedload(FollowKey.follower).selectinload(Follower.follows).joinedload(Follow.group),
            joinedload(FollowKey.follow).joinedload(Follow.group),
        )
    )


def follower_by_email(db: Session, email: str) -> Follower | None:
    """What an address follows, or None."""
    return db.scalar(
        select(Follower)
        .where(Follower.email == email.lower())
        .options(selectinload(Follower.follows).joinedload(Follow.group))
    )


def follows_group(db: Session, *, email: str, group_id: int) -> bool:
    """Whether an address hears of a group's events."""
    if not email:
        return False
    query = (
        select(Follow.id)
        .join(Follow.follower)
        .where(
            Follower.email == email.lower(),
            Follow.group_id == group_id,
            Follow.wants == "hear",
            Follow.confirmed_at.is_not(None),
        )
    )
    return db.scalar(query) is not None


def newest_news(db: Session) -> int:
    """The key of the last piece of news, 0 where there is none."""
    return db.scalar(select(func.max(EventNews.id))) or 0


def not_yet_news(db: Session, *, now: datetime, most: int) -> list[int]:
    """Events that stand in the lists and were not noted there before, by key."""
    noted = exists().where(EventNews.event_id == Event.id)
    query = select(Event.id).where(*conditions(now=now), ~noted).order_by(Event.id).limit(most)
    return list(db.scalars(query))


def news(db: Session, *, after: int, up_to: int, now: datetime) -> list[tuple[int, Event]]:
    """What came into the lists after one key and up to another and is still to come, with its
    group, soonest first. News older than 14 days is none."""
    query = (
        select(EventNews.id, Event)
        .join(Event, Event.id == EventNews.event_id)
        .join(Event.group)
        .where(
            EventNews.id > after,
            EventNews.id <= up_to,
            EventNews.seen_at > now - NEWS_FOR,
            *conditions(now=now),
        )
        .options(contains_eager(Event.group), defer(Event.feature), defer(Event.about))
        .order_by(Event.starts_at, Event.id)
        .limit(MOST_NEWS)
    )
    return [(key, event) for key, event in db.execute(query)]


def to_be_told(
    db: Session, *, up_to: int, after: int, now: datetime, most: int
) -> Sequence[Follower]:
    """Addresses for which there may be news, by key: confirmed, not paused, no mail today."""
    follows = exists().where(
        Follow.follower_id == Follower.id,
        Follow.wants == "hear",
        Follow.confirmed_at.is_not(None),
    )
    query = (
        select(Follower)
        .where(
            Follower.id > after,
            Follower.told_up_to < up_to,
            Follower.paused_at.is_(None),
            or_(Follower.mailed_at.is_(None), Follower.mailed_at <= now - MAIL_EVERY),
            follows,
        )
        .options(selectinload(Follower.follows).joinedload(Follow.group))
        .order_by(Follower.id)
        .limit(most)
    )
    return db.scalars(query).all()


def held_between(db: Session, *, group_id: int, begins: datetime, until: datetime) -> list[Event]:
    """A group's listed events that begin in a span of time, also those that are over."""
    query = (
        select(Event)
        .where(
            Event.group_id == group_id,
            Event.state == "listed",
            Event.starts_at >= begins,
            Event.starts_at < until,
        )
        .options(defer(Event.feature), defer(Event.about))
        .order_by(Event.starts_at, Event.id)
        .limit(500)
    )
    return list(db.scalars(query))
