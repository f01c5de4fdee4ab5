"""Who may host an event, leave it or take it over, and the links about it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.conduct.queries.kept_out import is_person_kept_out
from campaign.events import queries
from campaign.events.access.events import event_for, event_to_see
from campaign.events.models import (
    Event,
    EventKey,
    HostLink,
)
from campaign.events.queries import door as doors
from campaign.foundation.errors import NotAllowed, NotFound
from campaign.people.rules import Action, Standing, may


def event_to_hand_over(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host, and for who runs its group, to give to somebody else."""
    return event_for(db, public_id, person_id, Action.HAND_OVER_EVENT)


def event_to_take_over(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event that one may host when nobody does: who signed up before its host went, and who
    runs its group."""
    event = event_for(db, public_id, person_id, Action.TAKE_OVER_EVENT)
    if not may_take_over(db, event=event, person_id=person_id):
        raise NotAllowed("Who signed up before the host went may take it over. Ask an organiser.")
    return event


def check_offer(db: Session, held: EventKey) -> None:
    """Refuse an offer to host whose reader has left the roster meanwhile."""
    hosts = held.event.host_id == held.person_id
    if not hosts and not may_take_over(db, event=held.event, person_id=held.person_id):
        raise NotAllowed("You are not on the list any more, so you cannot host it.")


def may_take_over(db: Session, *, event: Event, person_id: int | None) -> bool:
    """Whether this person may become the host.

    Not who signed up after the sign "needs a host" stood on the map: a roster is no prize.
    """
    standings = queries.standings_for(db, event=event, person_id=person_id)
    if not may(Action.TAKE_OVER_EVENT, standings):
        return False
    in_charge = {Standing.CO_HOST, Standing.ORGANISER, Standing.CONVENOR}
    if standings & in_charge or event.hostless_at is None:
        return True
    held = queries.rsvp_of(db, event_id=event.id, person_id=person_id)
    return held is not None and held.made_at < event.hostless_at


def event_to_leave(db: Session, public_id: str, person_id: int | None) -> Event:
    """An event for its host alone, to say that they cannot; also to who hosted it last."""
    event = event_to_see(db, public_id)
    if person_id is None or event.host_id != person_id:
        raise NotFound("There is nothing here, or not for you.")
    return event


def event_key(db: Session, key: str, *, purpose: str) -> EventKey:
    """What a mailed key for one thing about an event opens."""
    held = queries.event_key(db, key, purpose=purpose)
    if held is None:
        raise NotFound("This link does not open anything. Use the one in your latest mail from us.")
    return held


def host_page_to_see(db: Session, key: str, *, now: datetime) -> tuple[HostLink, Event]:
    """The event whose host's page a secret link opens, until a week after it.

    Not while its host is kept out of everything: the link was theirs to give.
    """
    found = doors.host_link_by_key(db, key, now=now)
    if found is None or _is_kept_out_host(db, found[1]):
        raise NotFound(
            "This host link opens nothing any more. Ask who organises the event for a new one."
        )
    return found


def _is_kept_out_host(db: Session, event: Event) -> bool:
    return event.hostless_at is None and is_person_kept_out(db, event.host_id)
