"""An event by its public id: to see it, to manage it, its roster."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.queries.decisions import latest_about
from campaign.conduct.rules.reasons import Verdict
from campaign.events import queries
from campaign.events.models import Event
from campaign.events.rules.moderation import TakenDown
from campaign.events.rules.states import UNSEEN, State
from campaign.foundation.errors import NotFound
from campaign.people.rules import Action, Standing, may, require

_INSIDE = frozenset(
    {
        Standing.ATTENDEE,
        Standing.MEMBER,
        Standing.HOST,
        Standing.CO_HOST,
        Standing.STEWARD,
        Standing.EVENT_DATA,
        Standing.SAFEGUARDING_CONTACT,
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
    What was taken down only its team and the moderators see; others hear why (TakenDown).
    """
    event = queries.event_by_public_id(db, public_id)
    if event is None or (event.state in UNSEEN and not _in_team(db, event, person_id)):
        raise NotFound("There is no such event. It may have been taken down: look at the list.")
    _check_not_taken_down(db, event, person_id)
    return event


def _in_team(db: Session, event: Event, person_id: int | None) -> bool:
    standings = queries.standings_for(db, event=event, person_id=person_id)
    waits = event.state == State.WAITING.value and may(Action.LIST_EVENT, standings)
    return waits or any(may(action, standings) for action in _TEAM)


def is_others_draft(event: Event, standings: set[Standing]) -> bool:
    """Whether it is a draft of a team to which these standings do not belong."""
    team = any(may(action, standings) for action in _TEAM)
    return event.state == State.DRAFT.value and not team


def _check_not_taken_down(db: Session, event: Event, person_id: int | None) -> None:
    if event.hidden_at is None:
        return
    standings = queries.standings_for(db, event=event, person_id=person_id)
    if not any(may(action, standings) for action in (Action.MANAGE_EVENT, Action.HIDE_EVENT)):
        hiding = hiding_of(db, event)
        raise TakenDown(
            category=hiding.category if hiding else "", public=hiding.public if hiding else ""
        )


def hiding_of(db: Session, event: Event) -> Decision | None:
    """The decision that took the event down, where it is down."""
    if event.hidden_at is None:
        return None
    return latest_about(db, kind="event", public_id=event.public_id, verdict=Verdict.HIDDEN)


def event_to_manage(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host and for who runs its group."""
    return event_for(db, public_id, person_id, Action.MANAGE_EVENT)


def event_to_list(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for who may put it on the map."""
    return event_for(db, public_id, person_id, Action.LIST_EVENT)


def door_to_see(
    db: Session, public_id: str, person_id: int | None, *, to_tick: bool = False
) -> tuple[Event, set[Standing]]:
    """An event whose roster one may see, or also tick, and what one is to it."""
    action = Action.CHECK_IN if to_tick else Action.SEE_ROSTER
    return _event_and_standings(db, public_id, person_id, action)


def contacts_to_see(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event whose roster one may see with how to reach people."""
    return event_for(db, public_id, person_id, Action.SEE_ROSTER_CONTACTS)


def event_for(db: Session, public_id: str, person_id: int | None, action: Action) -> Event:
    return _event_and_standings(db, public_id, person_id, action)[0]


def _event_and_standings(
    db: Session, public_id: str, person_id: int | None, action: Action
) -> tuple[Event, set[Standing]]:
    event = queries.event_by_public_id(db, public_id)
    standings = (
        set() if event is None else queries.standings_for(db, event=event, person_id=person_id)
    )
    if event is not None and may(action, standings) and not is_others_draft(event, standings):
        return event, standings
    event = event_to_see(db, public_id, person_id)
    if _INSIDE.isdisjoint(standings):
        raise NotFound("There is nothing here, or not for you.")
    require(action, standings)
    return event, standings
