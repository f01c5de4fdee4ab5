"""What an address follows, for the rights of the person whose address it is."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.models import Follower
from campaign.events.rules.following import in_words
from campaign.people.models import Person


def forget_follower(db: Session, *, person_id: int) -> None:
    """Somebody is erased: their address hears of nothing any more."""
    person = db.get(Person, person_id)
    if person is not None and person.email:
        db.execute(delete(Follower).where(Follower.email == person.email))
        db.expire_all()


def export_follower(db: Session, *, person_id: int, into: dict[str, list[dict[str, Any]]]) -> None:
    """What a person follows by mail, for their own eyes."""
    person = db.get(Person, person_id)
    held = queries.follower_by_email(db, person.email or "") if person else None
    into["What you follow"] = [
        {
            "what": in_words(follow, follow.group.name if follow.group else ""),
            "asked": follow.made_at.isoformat(timespec="minutes"),
            "confirmed": follow.confirmed_at and follow.confirmed_at.isoformat(timespec="minutes"),
            "wording": follow.wording,
        }
        for follow in (held.follows if held else [])
    ]
