"""The mail of the day for those who follow: what is new in the lists since their last one.

What is new is noted first, in the order in which it was seen. Then the letters of one handful of
addresses are made while only reading, and put into the outbox in a short transaction together
with the mark of how far each has been told: a worker that stops in between writes none twice and
leaves none out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, exists, insert, or_, update
from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import addresses_kept_out
from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventNews, Follow, Follower, FollowKey
from campaign.events.queries.following import newest_news, news, not_yet_news, to_be_told
from campaign.events.rules.features import when_of
from campaign.events.rules.following import (
    KEYS_FOR,
    MAIL_EVERY,
    MOST_IN_A_MAIL,
    UNCONFIRMED_FOR,
    in_words,
    is_theirs,
)
from campaign.foundation import tokens
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database, lock_alone
from campaign.foundation.outbox import post
from campaign.people.operations import insert_or_leave

HANDFUL = 50
NOTED_AT_ONCE = 500
DEGREES_PER_KM = 1 / 111.0


@dataclass(frozen=True)
class _Told:
    """An address that was weighed: its letter, if there is news for it, and the letter's key."""

    follower_id: int
    before: int
    post_key: str = ""
    letter: Letter | None = None
    key: str = ""


def note_news(database: Database, *, now: datetime) -> int:
    """Note what stands in the lists and did not before; answers how many events."""
    noted = 0
    while True:
        with database.reading() as db:
            fresh = not_yet_news(db, now=now, most=NOTED_AT_ONCE)
        if not fresh:
            return noted
        with database.unit_of_work() as db:
            # One at a time, so that keys come in the order in which they can be seen.
            if not lock_alone(db, "event news"):
                return noted
            for event_id in fresh:
                insert_or_leave(db, EventNews, event_id=event_id, seen_at=now)
        noted += len(fresh)


def send_digests(database: Database, *, mail: Mail, now: datetime, most: int = 100_000) -> int:
    """Mail everybody who follows what is new for them, at most once a day; answers how many.

    There is no empty mail. May be run as often as one likes and stopped at any moment.
    """
    note_news(database, now=now)
    with database.reading() as db:
        up_to = newest_news(db)
    weighed = sent = after = 0
    while weighed < most:
        with database.reading() as db:
            told = _handful(db, mail, now=now, up_to=up_to, after=after)
        if not told:
            break
        weighed, after = weighed + len(told), told[-1].follower_id
        with database.unit_of_work() as db:
            sent += _keep(db, told, now=now, up_to=up_to)
    return sent


class _Shelf:
    """The news, arranged by group and by latitude: most of it is far from any one person."""

    def __init__(self, fresh: list[tuple[int, Event]]) -> None:
        self._groups: dict[int, list[tuple[int, Event]]] = {}
        for key, event in fresh:
            self._groups.setdefault(event.group_id, []).append((key, event))
        placed = [(event.shown_lat, key, event) for key, event in fresh if event.shown_lat]
        self._placed = sorted(placed, key=lambda one: one[:2])
        self._lats = [lat for lat, _, _ in self._placed]

    def near(self, follow: Follow) -> Iterable[tuple[int, Event]]:
        """What may be theirs."""
        if follow.group_id is not None:
            return self._groups.get(follow.group_id, [])
        lat, reach = follow.lat or 0.0, (follow.radius_km or 0.0) * DEGREES_PER_KM * 1.02
        first, last = bisect_left(self._lats, lat - reach), bisect_right(self._lats, lat + reach)
        return [(key, event) for _, key, event in self._placed[first:last]]


def _handful(db: Session, mail: Mail, *, now: datetime, up_to: int, after: int) -> list[_Told]:
    followers = to_be_told(db, up_to=up_to, after=after, now=now, most=HANDFUL)
    if not followers:
        return []
    oldest = min(follower.told_up_to for follower in followers)
    shelf = _Shelf(news(db, after=oldest, up_to=up_to, now=now))
    kept = addresses_kept_out(db, [follower.email for follower in followers])
    return [
        _Told(follower.id, follower.told_up_to)  # nobody is asked to come who may not
        if follower.email in kept
        else _weigh(follower, shelf, mail, now)
        for follower in followers
    ]


def _weigh(follower: Follower, shelf: _Shelf, mail: Mail, now: datetime) -> _Told:
    """The letter of one address: each event once, with the first reason why it is theirs."""
    found: dict[int, tuple[Event, str]] = {}
    for follow in follower.follows:
        if follow.confirmed_at is None or follow.wants != "hear":
            continue
        why = in_words(follow, follow.group.name if follow.group else "")
        for number, event in shelf.near(follow):
            if number > follower.told_up_to and event.id not in found and is_theirs(follow, event):
                found[event.id] = (event, why)
    if not found:
        return _Told(follower.id, follower.told_up_to)
    key = tokens.secret()
    soonest = sorted(found.values(), key=lambda one: (one[0].starts_at, one[0].id))
    letter = messages.digest(
        mail,
        to=follower.email,
        events=[_line(event, why, now) for event, why in soonest[:MOST_IN_A_MAIL]],
        total=len(soonest),
        key=key,
    )
    name = f"digest:{follower.public_id}:{follower.told_up_to}"
    return _Told(follower.id, follower.told_up_to, name, letter, key)


def _line(event: Event, why: str, now: datetime) -> dict[str, str]:
    """An event as a mail shows it: what everybody may see, so of a home only its town."""
    return {
        "title": event.title,
        "when": when_of(event, now=now),
        "where": event.shown_place,
        "group": event.group.name,
        "path": f"/events/{event.public_id}",
        "why": why,
    }


def _keep(db: Session, told: list[_Told], *, now: datetime, up_to: int) -> int:
    """Keep the letters of who still follows, and was not told by another worker, meanwhile."""
    sent = 0
    for one in told:
        if not _mark(db, one, now=now, up_to=up_to) or one.letter is None:
            continue
        values = {
            "fingerprint": tokens.fingerprint(one.key),
            "follower_id": one.follower_id,
            "made_at": now,
        }
        db.execute(insert(FollowKey).values(**values))
        post(db, one.letter, key=one.post_key)
        sent += 1
    return sent


def _mark(db: Session, one: _Told, *, now: datetime, up_to: int) -> bool:
    values = {"told_up_to": up_to} | ({"mailed_at": now} if one.letter else {})
    still = exists().where(Follow.follower_id == Follower.id, Follow.confirmed_at.is_not(None))
    marked = db.execute(
        update(Follower)
        .where(
            Follower.id == one.follower_id,
            Follower.told_up_to == one.before,
            Follower.paused_at.is_(None),
            or_(Follower.mailed_at.is_(None), Follower.mailed_at <= now - MAIL_EVERY),
            still,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    return marked.rowcount == 1  # type: ignore[attr-defined, no-any-return]


def forget_unconfirmed(database: Database, *, now: datetime) -> int:
    """Remove what nobody confirmed within 14 days, addresses that follow nothing, and old keys;
    answers how many follows."""
    with database.unit_of_work() as db:
        gone = db.execute(
            delete(Follow).where(
                Follow.confirmed_at.is_(None), Follow.made_at < now - UNCONFIRMED_FOR
            )
        )
        nothing = ~exists().where(Follow.follower_id == Follower.id)
        db.execute(delete(Follower).where(nothing).execution_options(synchronize_session=False))
        db.execute(delete(FollowKey).where(FollowKey.made_at < now - KEYS_FOR))
        return int(gone.rowcount)  # type: ignore[attr-defined]
