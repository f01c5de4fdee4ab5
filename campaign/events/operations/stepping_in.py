"""Co-hosts of what was planned at a meetup are asked to step in, and say yes or no themselves.

At a table one becomes a co-host with one tap, in a breath; so the yes to hosting is asked anew.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, EventTeam, PlannedEvent
from campaign.events.operations.hosting import tell_organisers
from campaign.events.operations.once import HANDFUL, Owed, keep, not_told
from campaign.events.operations.signing_up import lock
from campaign.events.operations.teaming import leave_team_as
from campaign.events.operations.telling import facts_for_letter
from campaign.events.queries import team as teams
from campaign.events.rules.signups import ASK_BEFORE
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.events.rules.team import TeamRole
from campaign.foundation import tokens
from campaign.foundation.database import Database
from campaign.people.models import Person

# So long they are asked alone; then everybody who comes is, too.
COHOST_FIRST = timedelta(hours=12)


def ask_cohosts(database: Database, *, mail: Mail, now: datetime) -> int:
    """Ask the co-hosts of what was planned at a meetup, and has no host, whether they step in."""
    query = (
        select(Event, Person)
        .join(PlannedEvent, PlannedEvent.event_id == Event.id)
        .join(EventTeam, and_(EventTeam.event_id == Event.id, _helps()))
        .join(Person, Person.id == EventTeam.person_id)
        .where(
            Event.state.in_(GOES_ON),
            Event.hidden_at.is_(None),
            Event.starts_at > now,
            Event.hostless_at.is_not(None),
            *_reachable(),
            not_told("ask-cohost", person=Person.id, since=Event.hostless_at),
        )
        .order_by(Event.id, Person.id)
        .limit(HANDFUL)
    )
    with database.reading() as db:
        owed = [_ask(event, person, mail, now) for event, person in db.execute(query)]
    if not owed:
        return 0
    with database.unit_of_work() as db:
        return keep(db, owed, still=Event.hostless_at.is_not(None))


def _ask(event: Event, person: Person, mail: Mail, now: datetime) -> Owed:
    assert event.hostless_at  # asked for so
    key = tokens.secret()
    letter = messages.cohost_asked(
        mail, to=person.email or "", event=facts_for_letter(event, now=now), key=key
    )
    return Owed(
        event_id=event.id,
        person_id=person.id,
        letter="ask-cohost",
        about=event.hostless_at.isoformat(),
        post=letter,
        event_key=(key, "offer"),
    )


def decline_hosting(db: Session, *, event: Event, person_id: int, mail: Mail | None) -> None:
    """A co-host who was asked cannot either: they are no co-host any more.

    Where that was the last one, the organisers hear that nobody is left. Again changes nothing.
    """
    event = lock(db, event.id)
    parts = teams.parts_of_person(db, event_id=event.id, person_id=person_id)
    if event.hostless_at is None or TeamRole.CO_HOST.value not in {one.role for one in parts}:
        return
    leave_team_as(db, event_id=event.id, person_id=person_id, role=TeamRole.CO_HOST)
    if teams.longest_cohost(db, event) is None:
        tell_organisers(db, event=event, mail=mail)


def cohosts_have_answered(now: datetime) -> ColumnElement[bool]:
    """Whether who comes may be asked: no co-host of a planned event is being asked alone."""
    asked_alone = exists().where(
        PlannedEvent.event_id == Event.id,
        EventTeam.event_id == Event.id,
        _helps(),
        EventTeam.person_id == Person.id,
        *_reachable(),
    )
    return or_(
        ~asked_alone.correlate(Event),
        Event.hostless_at <= now - COHOST_FIRST,
        Event.starts_at <= now + ASK_BEFORE,
    )


def _helps() -> ColumnElement[bool]:
    return and_(EventTeam.role == TeamRole.CO_HOST.value, EventTeam.person_id != Event.host_id)


def _reachable() -> list[ColumnElement[bool]]:
    return [Person.email.is_not(None), Person.disabled_at.is_(None)]
