"""Events without a host: who comes is asked to take over, and who runs the group is asked to act.

A job of the clock. Each letter is written once: see ``once``.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from campaign.events import messages
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations import hosting
from campaign.events.operations.once import HANDFUL, Owed, keep, keep_all, not_told
from campaign.events.operations.stepping_in import ask_cohosts, cohosts_have_answered
from campaign.events.operations.telling import facts_for_letter
from campaign.events.rules.signups import ASK_BEFORE, SEATED
from campaign.events.rules.states import LIVE as GOES_ON
from campaign.foundation import tokens
from campaign.foundation.database import Database
from campaign.groups.models import Membership
from campaign.groups.rules import RUNS_IT
from campaign.people.models import Person


def look_after_hostless(database: Database, *, mail: Mail, now: datetime) -> int:
    """Let events of closed accounts go, offer hosting to who comes, and a day before the start
    ask the organisers to decide; answers how many letters.

    The co-hosts of what was planned at a meetup are asked first.
    Offered to who signed up before the host went and nobody after: the public sign "needs a
    host" must not be a way to a roster full of addresses. Nothing is called off by itself.
    """
    _leave_closed_accounts(database, mail=mail, now=now)
    asked = ask_cohosts(database, mail=mail, now=now)
    return asked + _offer(database, mail=mail, now=now) + _last_call(database, mail=mail, now=now)


def _leave_closed_accounts(database: Database, *, mail: Mail, now: datetime) -> None:
    query = (
        select(Event.host_id)
        .join(Event.host)
        .where(Person.disabled_at.is_not(None), *_going_on(now), Event.hostless_at.is_(None))
        .distinct()
        .limit(HANDFUL)
    )
    with database.reading() as db:
        gone = list(db.scalars(query))
    for person_id in gone:
        with database.unit_of_work() as db:
            hosting.leave_everything(db, person_id=person_id, mail=mail)


def _going_on(now: datetime) -> list[ColumnElement[bool]]:
    return [Event.state.in_(GOES_ON), Event.hidden_at.is_(None), Event.starts_at > now]


def _offer(database: Database, *, mail: Mail, now: datetime) -> int:
    return keep_all(
        database,
        lambda db: [_offer_to(rsvp, mail, now) for rsvp in _to_be_offered(db, now)],
        still=Event.hostless_at.is_not(None),
    )


def _to_be_offered(db: Session, now: datetime) -> list[Rsvp]:
    query = (
        select(Rsvp)
        .join(Rsvp.event)
        .join(Rsvp.person)
        .where(
            *_going_on(now),
            Event.hostless_at.is_not(None),
            Rsvp.status.in_(SEATED),
            Rsvp.made_at < Event.hostless_at,
            Rsvp.person_id != Event.host_id,
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
            not_told("offer", since=Event.hostless_at),
            not_told("ask-cohost", since=Event.hostless_at),
            cohosts_have_answered(now),
        )
        .options(joinedload(Rsvp.event), joinedload(Rsvp.person))
        .order_by(Rsvp.id)
        .limit(HANDFUL)
    )
    return list(db.scalars(query))


def _offer_to(rsvp: Rsvp, mail: Mail, now: datetime) -> Owed:
    event, key = rsvp.event, tokens.secret()
    assert event.hostless_at  # asked for so
    letter = messages.host_offer(
        mail, to=rsvp.person.email or "", event=facts_for_letter(event, now=now), key=key
    )
    return Owed(
        event_id=event.id,
        person_id=rsvp.person_id,
        letter="offer",
        about=event.hostless_at.isoformat(),
        post=letter,
        event_key=(key, "offer"),
    )


def _last_call(database: Database, *, mail: Mail, now: datetime) -> int:
    """A day before the start: host it or call it off, says who runs the group."""
    query = (
        select(Event, Person)
        .join(Membership, Membership.group_id == Event.group_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            *_going_on(now),
            Event.hostless_at.is_not(None),
            Event.starts_at <= now + ASK_BEFORE,
            Membership.role.in_(sorted(RUNS_IT)),
            Person.email.is_not(None),
            Person.disabled_at.is_(None),
            not_told("last-call", person=Person.id, since=Event.hostless_at),
        )
        .order_by(Event.id, Person.id)
        .limit(HANDFUL * 4)
    )
    with database.reading() as db:
        owed = [_call(event, person, mail, now) for event, person in db.execute(query)]
    if not owed:
        return 0
    with database.unit_of_work() as db:
        return keep(db, owed, still=Event.hostless_at.is_not(None))


def _call(event: Event, person: Person, mail: Mail, now: datetime) -> Owed:
    assert event.hostless_at  # asked for so
    facts = facts_for_letter(event, now=now)
    letter = messages.hostless(mail, to=person.email or "", event=facts, last_call=True)
    return Owed(
        event_id=event.id,
        person_id=person.id,
        letter="last-call",
        about=event.hostless_at.isoformat(),
        post=letter,
    )
