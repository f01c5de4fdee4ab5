"""Getting a shift, a request for help or somebody on the board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.events import queries as events
from campaign.events.models import Event, Rsvp
from campaign.events.rules.signups import LIVE
from campaign.foundation.errors import NotFound
from campaign.people.models import Person
from campaign.people.queries import roles_of
from campaign.phonebanks.access import (
    NO_CALLERS,
    call_in_hand,
    may_manage,
    phonebank_to_call,
    phonebank_to_manage,
    phonebank_to_see,
)
from campaign.phonebanks.models import CallingSession, HelpRequest, Phonebank
from campaign.phonebanks.queries import board, helping, shifts
from campaign.phonebanks.rules.claims import EARLY


@dataclass(frozen=True, slots=True)
class Shift:
    """A session for one of its people: their sign-up if they have one, and what they are to it.

    Who has neither may knock while it runs (``knocks``).
    """

    phonebank: Phonebank
    session: CallingSession
    event: Event
    rsvp: Rsvp | None
    hosts: bool
    leads: bool
    knocks: bool


def shift_to_see(
    db: Session, public_id: str, event_id: str, person_id: int, *, now: datetime
) -> Shift:
    """A session for whoever signed up to it, hosts or leads it; and, while it runs, for who
    stands at its door. To everybody else there is none.
    """
    phonebank = phonebank_to_see(db, public_id, person_id)
    session = shifts.session_by_event(db, phonebank.id, event_id)
    if session is None:
        raise NotFound("There is no such shift. Look at the phonebank’s page.")
    event = session.event
    rsvp = events.rsvp_of(db, event_id=event.id, person_id=person_id)
    rsvp = rsvp if rsvp is not None and rsvp.status in LIVE else None
    hosts = event.host_id == person_id and event.hostless_at is None
    leads = may_manage(db, phonebank, person_id)
    knocks = rsvp is None and not hosts and event.state != "cancelled"
    knocks = knocks and event.starts_at - EARLY <= now < event.ends_at and _may_call(db, person_id)
    if not (rsvp or hosts or leads or knocks) or board.is_removed(db, phonebank.id, person_id):
        raise NotFound("There is no such shift of yours. Look at the phonebank’s page.")
    return Shift(phonebank, session, event, rsvp, hosts, leads, knocks)


def session_to_manage(
    db: Session, public_id: str, event_id: str, person_id: int
) -> tuple[Phonebank, CallingSession]:
    """A session of a phonebank, for its leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    session = shifts.session_by_event(db, phonebank.id, event_id)
    if session is None:
        raise NotFound("There is no such session here.")
    return phonebank, session


def help_to_manage(
    db: Session, public_id: str, help_id: str, person_id: int
) -> tuple[Phonebank, HelpRequest]:
    """Somebody's request for help, for the leads of that phonebank."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    request = helping.request_by_public_id(db, phonebank.id, help_id)
    if request is None:
        raise NotFound("There is no such request here. Look at the board.")
    return phonebank, request


def caller_present(
    db: Session, public_id: str, caller_id: str, person_id: int, *, now: datetime
) -> tuple[Phonebank, Person]:
    """Somebody who is on the board of a phonebank just now, for its leads."""
    phonebank = phonebank_to_manage(db, public_id, person_id)
    for line in board.present(db, phonebank.id, now=now):
        if line.public_id == caller_id:
            return phonebank, db.get_one(Person, line.person_id)
    raise NotFound("They are not on the board any more.")


def phonebank_called(db: Session, public_id: str, person_id: int, *, now: datetime) -> Phonebank:
    """A phonebank for who is calling there: admitted, or with a number on their screen still."""
    held = call_in_hand(db, public_id, person_id, now=now)
    if held is not None:
        return held.phonebank
    return phonebank_to_call(db, public_id, person_id, now=now).phonebank


def _may_call(db: Session, person_id: int) -> bool:
    return NO_CALLERS.isdisjoint(roles_of(db, person_id))
