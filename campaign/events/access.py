"""Getting an event by its public id: the only way a route gets one."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events import queries
from campaign.events.models import Event, Rsvp
from campaign.events.rules.states import UNSEEN, State
from campaign.foundation.errors import NotFound
from campaign.people.models import Person
from campaign.people.rules import Action, Standing, may, require

_INSIDE = frozenset(
    {
        Standing.ATTENDEE,
        Standing.MEMBER,
        Standing.HOST,
        Standing.ORGANISER,
        Standing.CONVENOR,
        Standing.MODERATOR,
    }
)


# Who sees a draft; what waits for a yes is seen by who may say it, too.
_TEAM = (Action.MANAGE_EVENT, Action.SEE_ROSTER)


def event_to_see(db: Session, public_id: str, person_id: int | None = None) -> Event:
    """An event: listed or live by its link, its page is open to everybody.

    A draft, and what waits for somebody's yes, only its team can see.
    """
    event = queries.event_by_public_id(db, public_id)
    if event is None or (event.state in UNSEEN and not _in_team(db, event, person_id)):
        raise NotFound("There is no such event. It may have been taken down: look at the list.")
    return event


def _in_team(db: Session, event: Event, person_id: int | None) -> bool:
    standings = queries.standings_for(db, event=event, person_id=person_id)
    waits = event.state == State.WAITING.value and may(Action.LIST_EVENT, standings)
    return waits or any(may(action, standings) for action in _TEAM)


def event_to_manage(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host and for who runs its group."""
    return _event_for(db, public_id, person_id, Action.MANAGE_EVENT)


def event_to_list(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for who may put it on the map."""
    return _event_for(db, public_id, person_id, Action.LIST_EVENT)


def roster_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose roster one may see; to a stranger there is no such page."""
    return _event_for(db, public_id, person_id, Action.SEE_ROSTER)


def rsvp_to_change(db: Session, key: str) -> Rsvp:
    """The sign-up that a mailed key opens."""
    rsvp = queries.rsvp_by_key(db, key)
    if rsvp is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return rsvp


def own_rsvp(db: Session, public_id: str, person_id: int | None) -> Rsvp:
    """The sign-up of who is signed in to this event."""
    event = event_to_see(db, public_id)
    rsvp = queries.own_rsvp(db, event_id=event.id, person_id=person_id)
    if rsvp is None:
        raise NotFound("You have not signed up to this event with this account.")
    return rsvp


def person_of_calendar(db: Session, key: str) -> Person:
    """Whose calendar a secret address opens."""
    person = queries.person_by_calendar_key(db, key)
    if person is None:
        raise NotFound("There is no such calendar. Make a new address on your page.")
    return person


def _event_for(db: Session, public_id: str, person_id: int | None, action: Action) -> Event:
    event = event_to_see(db, public_id, person_id)
    standings = queries.standings_for(db, event=event, person_id=person_id)
    if not may(action, standings) and _INSIDE.isdisjoint(standings):
        raise NotFound("There is nothing here, or not for you.")
    require(action, standings)
    return event
