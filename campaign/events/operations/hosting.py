"""When the host goes: who steps in, and what happens where nobody does.

The event's row is the lock of it all, so that of two people who say yes at once one is the host
and the other hears it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from campaign.conduct.queries.kept_out import is_person_kept_out
from campaign.events import messages
from campaign.events.adapters import default_templates
from campaign.events.messages import Mail
from campaign.events.models import Event, EventKey, EventTeam, Rsvp
from campaign.events.operations.signing_up import cancel_rsvp, check_open, lock, refuse_kept_out
from campaign.events.operations.teaming import join_team
from campaign.events.operations.telling import facts_for_letter, give_notice, refresh_feature
from campaign.events.queries import team as teams
from campaign.events.queries.planned import is_planned
from campaign.events.queries.templates import template_for
from campaign.events.rules.signups import initials
from campaign.events.rules.team import AlreadyHosted, TeamRole
from campaign.foundation import audit, clock, signals, tokens
from campaign.foundation.errors import Refused
from campaign.foundation.outbox import post
from campaign.groups.queries import runners
from campaign.people.models import Person


def hand_over(
    db: Session, *, event: Event, held: EventTeam, actor_id: int, mail: Mail | None
) -> None:
    """Make a co-host the host; who hosted until now stays on as co-host.

    Refuses who is not a co-host, and what is over or cancelled.
    """
    event = lock(db, event.id)
    check_open(event)
    if held.role != TeamRole.CO_HOST.value:
        raise Refused("Only a co-host can become the host. Ask them to co-host first.")
    refuse_kept_out(db, people=[held.person_id])
    before = None if event.hostless_at else db.get_one(Person, event.host_id)
    _become_host(db, event=event, person=held.person, actor_id=actor_id, mail=mail)
    if before is not None and before.id != held.person_id:
        join_team(db, event=event, person=before, role=TeamRole.CO_HOST)


def leave_hosting(
    db: Session, *, event: Event, actor_id: int | None, mail: Mail | None, host_id: int
) -> Event:
    """The host cannot: the co-host of longest standing steps in, otherwise the event has none.

    Without one it says so in public, the organisers hear of it now, and who comes is asked to
    take over by ``look_after_hostless``. What was planned at a meetup goes without a host until a
    co-host says yes themselves: they became it with one tap in a hall, and are asked first.
    A home's address is taken out: it was the host's to give.
    Saying it again changes nothing. Refuses what is over or cancelled.
    """
    event = lock(db, event.id)
    check_open(event)
    if event.host_id != host_id or event.hostless_at is not None:
        return event
    _withdraw_home(event)
    event.host_name = None
    next_one, asks = teams.longest_cohost(db, event), is_planned(db, event.id)
    if next_one is not None and is_person_kept_out(db, next_one.person_id):
        next_one = None
    if next_one is not None and not asks:
        _become_host(db, event=event, person=next_one.person, actor_id=actor_id, mail=mail)
    else:
        event.hostless_at = clock.now()
        refresh_feature(event, group=event.group, now=clock.now())
        _note(db, "event has no host", event, actor_id)
        tell_organisers(db, event=event, mail=mail, asks_cohost=next_one is not None)
    db.flush()
    signals.standing_changed.send(db, person_id=host_id)
    return event


def drop_out(db: Session, *, rsvp: Rsvp, mail: Mail | None) -> None:
    """Give one's place back; a host who does not come does not host either."""
    event_id, person_id = rsvp.event_id, rsvp.person_id
    cancel_rsvp(db, rsvp=rsvp, mail=mail)
    event = lock(db, event_id)
    hosts = event.host_id == person_id and event.hostless_at is None
    if hosts and event.state != "cancelled" and event.ends_at > clock.now():
        leave_hosting(db, event=event, actor_id=person_id, mail=mail, host_id=person_id)


def take_over(
    db: Session, *, event: Event, person: Person, mail: Mail | None, by_mail: bool = False
) -> Event:
    """Somebody who comes hosts it from now on: the first yes wins.

    AlreadyHosted for every later one; refuses what is over or cancelled, an account that is
    closed or whose address nobody has confirmed; KeptOut who comes to nothing. A yes ``by_mail``
    confirms the address.
    """
    event = lock(db, event.id)
    check_open(event)
    if event.hostless_at is None:
        if event.host_id == person.id:
            return event  # the same yes, sent twice
        raise AlreadyHosted
    refuse_kept_out(db, people=[person.id])
    if by_mail and person.email_confirmed_at is None:
        person.email_confirmed_at = clock.now()
    if person.disabled_at is not None or person.email_confirmed_at is None or not person.email:
        raise Refused("A host needs an address that is confirmed. Sign in once with your email.")
    _become_host(db, event=event, person=person, actor_id=person.id, mail=mail)
    if is_planned(db, event.id):
        give_notice(db, event=event, kind="changed", note=f"{initials(person.name)} hosts it now.")
    return event


def write_event_key(db: Session, *, event_id: int, person_id: int, purpose: str) -> str:
    """A new mailed key for one thing about an event; only its fingerprint is kept."""
    key = tokens.secret()
    db.add(
        EventKey(
            fingerprint=tokens.fingerprint(key),
            event_id=event_id,
            person_id=person_id,
            purpose=purpose,
            made_at=clock.now(),
        )
    )
    db.flush()
    return key


def leave_everything(db: Session, *, person_id: int, mail: Mail | None = None, **_: object) -> int:
    """Somebody's account is closed or erased: their coming events go on without them.

    Answers how many they hosted.
    """
    for held in db.scalars(select(EventTeam).where(EventTeam.person_id == person_id)):
        db.delete(held)
    db.flush()
    hosted = _hosted(db, person_id, clock.now())
    for event in hosted:
        leave_hosting(db, event=event, actor_id=None, mail=mail, host_id=person_id)
    return len(hosted)


def _hosted(db: Session, person_id: int, now: datetime) -> list[Event]:
    query = (
        select(Event)
        .where(
            Event.host_id == person_id,
            Event.hostless_at.is_(None),
            Event.state != "cancelled",
            Event.ends_at > now,
        )
        .options(joinedload(Event.group))
        .order_by(Event.id)
    )
    return list(db.scalars(query))


def _become_host(
    db: Session, *, event: Event, person: Person, actor_id: int | None, mail: Mail | None
) -> None:
    event.host_id, event.host_name, event.hostless_at = person.id, None, None
    event.client_uuid = None  # it was the mark of the form of who announced it
    for held in teams.parts_of_person(db, event_id=event.id, person_id=person.id):
        if held.role == TeamRole.CO_HOST.value:
            db.delete(held)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    _note(db, "host changed", event, actor_id, f"person:{person.id}")
    signals.standing_changed.send(db, person_id=person.id)
    tell_host(db, event=event, person=person, mail=mail)


def tell_host(db: Session, *, event: Event, person: Person, mail: Mail | None) -> None:
    """The new host's letter: what there is to do, and the way out."""
    if mail is None or not person.email:
        return
    letter = messages.now_hosting(
        mail,
        to=person.email,
        event=facts_for_letter(event, now=clock.now()),
        wants_place=event.place_kind == "home" and not event.venue,
        key=write_event_key(db, event_id=event.id, person_id=person.id, purpose="host"),
        kit=template_for(db, event.kind, default_templates()).kit,
    )
    post(db, letter, key=f"now-hosting:{event.public_id}:{tokens.public_id()}")


def tell_organisers(
    db: Session, *, event: Event, mail: Mail | None, asks_cohost: bool = False
) -> None:
    """Who runs the group hears that an event has no host, and whether its co-host is asked."""
    if mail is None:
        return
    facts = facts_for_letter(event, now=clock.now())
    for held in runners(db, event.group_id):
        if held.person.email and held.person_id != event.host_id:
            letter = messages.hostless(
                mail,
                to=held.person.email,
                event=facts,
                last_call=False,
                asks_cohost=asks_cohost,
            )
            post(db, letter, key=f"hostless:{event.public_id}:{tokens.public_id()}")


def _withdraw_home(event: Event) -> None:
    """The address of a home leaves with its host: nobody else may give it away."""
    if event.place_kind == "home":
        event.venue, event.postcode = "", None


def _note(db: Session, action: str, event: Event, actor_id: int | None, *details: str) -> None:
    audit.append(db, action, subject=f"event:{event.id}", actor_id=actor_id, details=details)
