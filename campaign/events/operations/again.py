"""Doing once more, in an older copy, what people had deleted or ended since."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from campaign.events.models import Follow, Follower, Rsvp
from campaign.events.operations.following import stop_follow
from campaign.events.operations.forgetting import forget_rsvp
from campaign.foundation.journal import Entry, Journal
from campaign.people.operations import meant


def forget_rsvps_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Delete what these sign-ups hold of somebody; answers how many were here."""
    ids = select(Rsvp.id, Rsvp.public_id).order_by(Rsvp.id)
    named = {public_id: rsvp_id for rsvp_id, public_id in db.execute(ids)}
    found = meant(entries, journal, "rsvp", named)
    for public_id in found:
        query = select(Rsvp).where(Rsvp.id == named[public_id]).options(joinedload(Rsvp.event))
        forget_rsvp(db, rsvp=db.scalars(query).one())
    return len(found)


def unsubscribe_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Write no more mails to these addresses; answers how many would have had some."""
    followers = select(Follower.id, Follower.email).order_by(Follower.id)
    named = {email: follower_id for follower_id, email in db.execute(followers)}
    found = meant(entries, journal, "unsubscribed", named)
    for email in found:
        db.execute(delete(Follower).where(Follower.id == named[email]))
    db.expire_all()
    return len(found)


def stop_follows_again(db: Session, entries: Sequence[Entry], journal: Journal) -> int:
    """Follow these things no more; answers how many were followed."""
    query = select(Follower.public_id, Follow.id).join(Follow.follower).order_by(Follow.id)
    named = {f"{public_id}:{follow_id}": follow_id for public_id, follow_id in db.execute(query)}
    found = meant(entries, journal, "follow", named)
    for name in found:
        stop_follow(db, follow=db.get_one(Follow, named[name]))
    return len(found)
