"""What an address follows, and whose calendar a secret address opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.models import (
    Follow,
    Follower,
    FollowKey,
)
from campaign.foundation.errors import NotFound
from campaign.people.models import Person


def person_of_calendar(db: Session, key: str) -> Person:
    """Whose calendar a secret address opens."""
    person = queries.person_by_calendar_key(db, key)
    if person is None:
        raise NotFound("There is no such calendar. Make a new address on your page.")
    return person


@dataclass(frozen=True)
class Followed:
    """What one address follows; ``key`` where a mailed link led here."""

    follower: Follower | None
    key: FollowKey | None = None

    @property
    def follows(self) -> list[Follow]:
        """What it hears of."""
        held = self.follower.follows if self.follower else []
        return [follow for follow in held if follow.confirmed_at is not None]

    @property
    def waiting(self) -> Follow | None:
        """What the link was mailed for, until somebody has pressed its button."""
        follow = self.key.follow if self.key else None
        return follow if follow is not None and follow.confirmed_at is None else None


def followed_by_key(db: Session, key: str, visitor: Any) -> Followed:
    """What the address of a mailed key follows; "mine" is that of who is signed in."""
    if key == "mine":
        if not visitor.is_authenticated:
            raise NotFound("Sign in first, or use the link in your latest mail from us.")
        return Followed(queries.follower_by_email(db, visitor.email))
    held = queries.follow_key(db, key)
    if held is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return Followed(held.follower, held)


def follow_of(held: Followed, public_id: str) -> Follow:
    """One of the things an address follows; NotFound for anybody else's."""
    for follow in held.follows:
        if follow.public_id == public_id:
            return follow
    raise NotFound("You do not follow that any more.")
