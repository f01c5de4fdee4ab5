"""How often somebody may do something: counts in a window, in the database or in Redis.

A count writes in a short transaction of its own, before the request's begins, so that a refused
request is counted too. Whom a count is about is kept as a keyed hash.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from sqlalchemy import BigInteger, String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from campaign.foundation import clock
from campaign.foundation.database import Base, Database
from campaign.foundation.errors import TooOften
from campaign.foundation.words import plural

# Forty callers share a hall's connection.
PER_ADDRESS = 40
# Who looks after the whole country sets up many groups in a day.
WIDER = 20


@dataclass(frozen=True)
class Limit:
    """At most so many in so many seconds."""

    name: str
    most: int
    seconds: int

    def for_wide_standing(self) -> Limit:
        """The same limit for somebody with a role for the whole installation."""
        return Limit(f"{self.name}@wide", self.most * WIDER, self.seconds)

    def for_address(self) -> Limit:
        """The same limit for a network address, which many people may share."""
        return Limit(f"{self.name}@address", self.most * PER_ADDRESS, self.seconds)


SIGN_IN_LINKS = Limit("sign-in link", 3, 3600)
SIGN_UPS = Limit("sign-up", 5, 3600)
# What a person who is signed in may do: somebody who brings a whole meeting along is no machine.
SIGN_UPS_SIGNED_IN = Limit("sign-up signed in", 60, 3600)
FOLLOWS = Limit("follow", 5, 3600)
GROUPS_FOUNDED = Limit("group founded", 5, 86400)
TEAM_INVITES = Limit("team invitation", 30, 86400)
# Links that open nothing, tried from one network address.
HOST_LINKS_TRIED = Limit("host link tried", 5, 3600)
# Reports are counted by network address alone, and generously: none may be lost.
REPORTS = Limit("report", 3, 3600)
REPORTS_FOLLOWED = Limit("report followed", 5, 3600)
# Each writes a letter to an address that somebody typed.
EVENTS_WITHOUT_ACCOUNT = Limit("event announced without account", 3, 3600)
GROUP_LETTERS = Limit("letter to a group", 5, 3600)
EVENTS_ANNOUNCED = Limit("event announced", 30, 86400)


class LimitCount(Base):
    """How often a key was counted in the window that began then."""

    __tablename__ = "limit_count"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    window: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime]


class Counter(Protocol):
    """Counts one more for a key in its window and answers the count."""

    def count(self, key: str, *, window: int, seconds: int) -> int:
        """One more."""


@dataclass(frozen=True)
class DatabaseCounter:
    """Counts in the application's database."""

    database: Database

    def count(self, key: str, *, window: int, seconds: int) -> int:
        """One more, in a transaction of its own."""
        dialect = sqlite if self.database.is_sqlite else postgresql
        ends_at = datetime.fromtimestamp((window + 1) * seconds, UTC)
        statement: Any = dialect.insert(LimitCount).values(
            key=key, window=window, count=1, ends_at=ends_at
        )
        statement = statement.on_conflict_do_update(
            index_elements=["key", "window"], set_={"count": LimitCount.count + 1}
        ).returning(LimitCount.count)
        with self.database.unit_of_work() as db:
            return int(db.scalar(statement))


@dataclass(frozen=True)
class RedisCounter:
    """Counts in Redis, where one is configured."""

    url: str

    def count(self, key: str, *, window: int, seconds: int) -> int:
        """One more; Redis forgets the key when its window is over."""
        import redis

        client = redis.Redis.from_url(self.url)
        with client.pipeline() as pipe:
            pipe.incr(f"campaign:limit:{key}:{window}")
            pipe.expire(f"campaign:limit:{key}:{window}", seconds * 2)
            return int(pipe.execute()[0])


class Limits:
    """The limits of this installation."""

    def __init__(self, counter: Counter, *, key: str) -> None:
        self._counter = counter
        self._key = key.encode()

    def hit(self, limit: Limit, who: str) -> None:
        """Count once for somebody; TooOften, with the seconds to wait, when over the limit."""
        moment = int(clock.now().timestamp())
        window = moment // limit.seconds
        digest = hmac.new(self._key, f"{limit.name}:{who}".encode(), hashlib.sha256).hexdigest()
        if self._counter.count(digest, window=window, seconds=limit.seconds) > limit.most:
            wait = (window + 1) * limit.seconds - moment
            raise TooOften(
                f"That is too often for now. Try again in {_wait_in_words(wait)}.", retry_after=wait
            )


def _wait_in_words(seconds: int) -> str:
    if seconds > 90 * 60:
        return plural(round(seconds / 3600), "hour")
    return plural(max(1, round(seconds / 60)), "minute")


def forget_old_counts(database: Database) -> None:
    """Delete the counts of windows that are over."""
    with database.unit_of_work() as db:
        db.execute(delete(LimitCount).where(LimitCount.ends_at < clock.now()))
