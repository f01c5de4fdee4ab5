"""Who may see what became of a meetup."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events import access as events
from campaign.events import queries as event_queries
from campaign.events.models import Event
from campaign.foundation.errors import NotFound
from campaign.meetups.models import (
    HostAsked,
    SeedGroup,
    SeedInvite,
)
from campaign.meetups.queries import following, rooms
from campaign.meetups.queries.following import Hosted
from campaign.meetups.queries.recaps import Kept, recap_of_event
from campaign.meetups.queries.seeds import invite_by_key, seed_by_public_id
from campaign.people.rules import Action, Standing, may


def recap_to_see(db: Session, public_id: str, person_id: int | None) -> tuple[Event, Kept]:
    """What came of a meetup, for everybody who may see its event; once it has closed."""
    event = events.event_to_see(db, public_id, person_id)
    kept = recap_of_event(db, event.id)
    if kept is None:
        raise NotFound("This meetup has not closed yet. What it plans stands here when it has.")
    return event, kept


def recap_to_download(
    db: Session, public_id: str, person_id: int | None
) -> tuple[Event, Kept, bool]:
    """The same for who runs the meetup; and whether they may see who comes to what it planned."""
    event, kept = recap_to_see(db, public_id, person_id)
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    if not may(Action.RUN_MEETUP, standings):
        raise NotFound("There is nothing here, or not for you.")
    # The events belong to the meetup's group: who runs that sees their rosters, its host does not.
    in_group = standings & {Standing.ORGANISER, Standing.CONVENOR}
    return event, kept, may(Action.SEE_ROSTER, in_group)


def host_asked(db: Session, key: str, *, question: str) -> HostAsked:
    """What a host answers by the link of their letter."""
    found = following.asked_by_key(db, key, question=question)
    if found is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return found


def hosts_to_ring(db: Session, public_id: str, person_id: int | None) -> tuple[Event, bool]:
    """The hosts of what a meetup planned, for who runs it; and whether one may see how to reach
    them: only who runs the group."""
    event = events.event_to_see(db, public_id, person_id)
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    if not may(Action.RUN_MEETUP, standings) or rooms.meetup_of_event(db, event.id) is None:
        raise NotFound("There is nothing here, or not for you.")
    in_group = standings & {Standing.ORGANISER, Standing.CONVENOR}
    return event, may(Action.SEE_ROSTER_CONTACTS, in_group)


def host_to_ring(db: Session, public_id: str, planned: str, person_id: int | None) -> Hosted:
    """One of those hosts, to note what they said."""
    event, _ = hosts_to_ring(db, public_id, person_id)
    found = following.hosted_at(db, meeting_id=event.id, public_id=planned)
    if found is None:
        raise NotFound("This was not planned at the meetup, or is off.")
    return found


def seed_invite(db: Session, key: str) -> SeedInvite:
    """What somebody was asked about a table that goes on, by the link of their letter."""
    found = invite_by_key(db, key)
    if found is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return found


def seeds_to_look_at(db: Session, public_id: str, person_id: int | None) -> Event:
    """A meetup whose tables want groups, for who may let a group stand."""
    event = events.event_to_see(db, public_id, person_id)
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    if not may(Action.REVIEW_GROUP, standings) or rooms.meetup_of_event(db, event.id) is None:
        raise NotFound("There is nothing here, or not for you.")
    return event


def seed_to_decide(db: Session, event: Event, public_id: str) -> SeedGroup:
    """One of them."""
    found = seed_by_public_id(db, meeting_id=event.id, public_id=public_id)
    if found is None:
        raise NotFound("There is no such group to look at in this meetup.")
    return found
