"""Getting a meetup by its code, and who one is in it: the only ways a route gets them."""

from __future__ import annotations

import re

from sqlalchemy.orm import Session

from campaign.events import access as events
from campaign.events import queries as event_queries
from campaign.events.models import Event
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.meetups.models import (
    Batch,
    HostAsked,
    Incident,
    Meetup,
    PaperSheet,
    Participant,
    SeedGroup,
    SeedInvite,
    SentOut,
)
from campaign.meetups.queries import following, incidents, paper, people, rooms, tables
from campaign.meetups.queries.following import Hosted
from campaign.meetups.queries.recaps import Kept, recap_of_event
from campaign.meetups.queries.seeds import invite_by_key, seed_by_public_id
from campaign.meetups.queries.tables import CardView
from campaign.meetups.rules.paper import typed_code
from campaign.people.queries import roles_of
from campaign.people.rules import Action, Role, Standing, may, require

CODE = re.compile(r"[A-Z]{6}")
JOIN_FIRST = "Join the meetup first: this phone has no number yet."
NO_SHEET = "No sheet of this meetup has this id. Look at it again: it stands on every page."
NO_MEETUP = "There is no meetup with this code. Look at the screen again: it has six letters."


def meetup_by_code(db: Session, code: str) -> tuple[Meetup, Batch]:
    """The meetup that a code opens: to know the code is to be in the hall."""
    meetup = rooms.meetup_by_code(db, code) if CODE.fullmatch(code.upper()) else None
    if meetup is None:
        raise no_meetup()
    return meetup, rooms.batch_of(db, meetup)


def no_meetup() -> NotFound:
    """What is said where six letters open nothing."""
    refusal = NotFound(NO_MEETUP)
    refusal.steps = (("/m", "Type the letters again"),)
    return refusal


def meetup_to_run(db: Session, code: str, person_id: int | None) -> tuple[Meetup, Batch]:
    """The meetup for who runs its event; to anybody else there is no desk."""
    meetup, batch = meetup_by_code(db, code)
    standings = event_queries.standings_for(db, event=meetup.event, person_id=person_id)
    if not may(Action.RUN_MEETUP, standings):
        raise NotFound("There is nothing here, or not for you.")
    return meetup, batch


def meetup_at_door(db: Session, code: str, person_id: int | None) -> tuple[Meetup, Batch]:
    """The meetup for who lets people in: its stewards, and who runs it."""
    meetup, batch = meetup_by_code(db, code)
    standings = event_queries.standings_for(db, event=meetup.event, person_id=person_id)
    if not may(Action.CHECK_IN, standings):
        raise NotFound("There is nothing here, or not for you.")
    return meetup, batch


def person_in_room(db: Session, batch: Batch, public_id: str) -> Participant:
    """Somebody who is in this room."""
    found = people.by_public_id(db, batch_id=batch.id, public_id=public_id)
    if found is None:
        raise NotFound("They are not in the room, or not any more.")
    return found


def person_without_phone(db: Session, batch: Batch, public_id: str) -> Participant:
    """Somebody in this room who has no phone of their own."""
    found = person_in_room(db, batch, public_id)
    if not found.is_without_phone or found.is_practice:
        raise NotFound("They say so on their own phone.")
    return found


def person_to_tap_for(db: Session, batch: Batch, me: Participant, public_id: str) -> Participant:
    """Somebody without a phone who sits at one's own table."""
    for found in people.without_phone_beside(db, batch, me):
        if found.public_id == public_id:
            return found
    raise NotFound("They do not sit at your table, or have a phone of their own.")


def event_to_meet_at(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose room one may open: a meetup or an AGM that one runs."""
    event = events.event_to_manage(db, public_id, person_id)
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    require(Action.RUN_MEETUP, standings)
    if event.kind not in ("meetup", "agm"):
        raise NotFound("Only a campaign meetup or an AGM has a room to run.")
    return event


def participant_here(db: Session, batch: Batch, key: str | None) -> Participant:
    """Whose phone this is. NotAllowed where it has not joined."""
    found = rooms.participant_by_key(db, batch_id=batch.id, key=key) if key else None
    if found is None:
        raise NotAllowed(JOIN_FIRST)
    return found


def sheet_to_read_in(db: Session, batch: Batch, code: str) -> PaperSheet:
    """A printed sheet of this meetup, for its desk, by the id on its pages."""
    found = paper.sheet_by_code(db, batch_id=batch.id, code=typed_code(code))
    if found is None:
        raise NotFound(NO_SHEET)
    return found


def card_to_fill(db: Session, batch: Batch, person: Participant, public_id: str) -> CardView:
    """A card of the person's own table; the cards of other tables are not theirs to touch."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None or view.card.breakout_id != person.breakout_id:
        raise NotFound("This card is not on your table.")
    return view


def card_to_take(db: Session, batch: Batch, public_id: str) -> CardView:
    """A card that is on the wall, for everybody in the room."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None or view.card.event is None or view.card.published_at is None:
        raise NotFound("This is not on the wall, or no longer.")
    return view


def card_to_publish(db: Session, batch: Batch, public_id: str) -> CardView:
    """A card of this meetup, for its desk."""
    view = tables.card_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if view is None:
        raise NotFound("There is no such card in this meetup.")
    return view


def runs(db: Session, event: Event, person_id: int | None) -> bool:
    """Whether somebody runs the meetup of this event."""
    standings = event_queries.standings_for(db, event=event, person_id=person_id)
    return may(Action.RUN_MEETUP, standings)


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


def incident_here(db: Session, batch: Batch, public_id: str) -> Incident:
    """A line of this hall's log, for who runs the meetup."""
    found = incidents.incident_by_public_id(db, batch_id=batch.id, public_id=public_id)
    if found is None:
        raise NotFound("There is no such line in the log of this hall.")
    return found


def sent_out_of_here(db: Session, batch: Batch, public_id: str) -> SentOut:
    """Somebody who was sent out of this room and is not in again, for who runs the meetup."""
    found = incidents.sent_out_by_public_id(db, public_id)
    if found is None or found.batch_id != batch.id or found.lifted_at is not None:
        raise NotFound("Nobody who was sent out of this room, or they may come in again.")
    return found


def sent_out_with(db: Session, batch: Batch, fingerprint: str) -> SentOut:
    """The own case of whoever holds the phone that was sent out."""
    found = incidents.sent_out_by_phone(db, batch_id=batch.id, fingerprint=fingerprint)
    if found is None:
        raise NotFound("There is nothing here, or not for you.")
    return found


def sent_out_to_see(db: Session, person_id: int | None) -> int:
    """Who looks at those who were sent out; to everybody else there is no such page."""
    roles = roles_of(db, person_id) if person_id is not None else frozenset()
    held = {Role.MODERATOR: Standing.MODERATOR, Role.SAFEGUARDING: Standing.SAFEGUARDING}
    standings = {held[role] for role in held if role in roles}
    if person_id is None or not may(Action.SHUT_OUT, standings):
        raise NotFound("There is nothing here, or not for you.")
    return person_id


def sent_out_to_decide(db: Session, public_id: str, person_id: int | None) -> SentOut:
    """One of them, who is not in again."""
    sent_out_to_see(db, person_id)
    found = incidents.sent_out_by_public_id(db, public_id)
    if found is None or found.lifted_at is not None:
        raise NotFound("There is nobody to decide about here, or it is decided.")
    return found
