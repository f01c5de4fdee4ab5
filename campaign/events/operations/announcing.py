"""Announcing an event: a draft, or live at once; publishing a draft."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.conduct.queries.apart import is_barred
from campaign.conduct.queries.kept_out import is_person_kept_out
from campaign.events.models import Event
from campaign.events.operations.putting import check_capacity, note_access, put
from campaign.events.operations.repeating import follow
from campaign.events.operations.signing_up import lock
from campaign.events.operations.telling import refresh_feature
from campaign.events.queries.trust import is_trusted
from campaign.events.rules.kinds import Kind
from campaign.events.rules.states import Policy, State, first_state
from campaign.events.rules.times import ZONE, check_times
from campaign.events.rules.venues import PlaceChoice, check_home_text
from campaign.foundation import audit, clock
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused, SentTwice
from campaign.groups.models import Group
from campaign.people.models import Person


def announce(
    db: Session,
    *,
    group: Group,
    host: Person,
    kind: str,
    title: str,
    starts_at: datetime,
    ends_at: datetime,
    place: PlaceChoice,
    capacity: int | None = None,
    needed: int | None = None,
    about: str = "",
    zone: str = ZONE,
    listed: bool | None = None,
    policy: Policy = Policy.HYBRID,
    draft: bool = False,
    public_id: str | None = None,
    actor_id: int | None = None,
    host_name: str | None = None,
    check: bool = True,
    client_uuid: str | None = None,
    access: Mapping[str, bool | None] | None = None,
    access_contact: str | None = None,
) -> Event:
    """Announce an event of a group at a place that was resolved already.

    By the ``policy`` it is listed at once, live by its link until somebody lists it, or unseen
    until then (``listed`` decides otherwise); a ``draft`` only its team sees. Refuses times that
    cannot be (see ``rules.times``; a demo's past passes with ``check=False``) and a text that
    gives a hidden place away.
    ``access`` says what is known of its accessibility, by the keys of ``rules.accessibility``.
    The same ``client_uuid`` of the same host again gives the event that it made.
    """
    now = clock.now()
    before = _sent_before(db, host.id, client_uuid)
    if before is not None:
        return before
    if is_barred(db, host.id) or is_person_kept_out(db, host.id):
        raise Refused("You may not announce events for the time being. Answer our letter first.")
    if check:
        check_times(starts_at, ends_at, now=now)
    check_home_text(place, title=title, about=about, access_contact=access_contact or "")
    check_capacity(capacity, needed)
    state = _first_state(db, policy, host=host, group_id=group.id)
    if listed is not None:
        state = State.LISTED if listed else State.UNLISTED
    event = Event(
        kind=Kind(kind).value,
        title=title,
        about=about,
        group_id=group.id,
        host_id=host.id,
        host_name=host_name,
        starts_at=starts_at,
        ends_at=ends_at,
        zone=zone,
        capacity=capacity,
        taken=0,
        needed=needed,
        state=(State.DRAFT if draft else state).value,
        made_at=now,
        client_uuid=client_uuid,
        access_contact=access_contact,
    )
    if public_id is not None:
        event.public_id = public_id
    put(event, place)
    note_access(event, access)
    try:
        with refusing(db, {"uq_event_host_id_client_uuid": SentTwice}):
            db.add(event)
    except SentTwice:
        return _sent_before(db, host.id, client_uuid) or event
    refresh_feature(event, group=group, now=now)
    db.flush()
    audit.append(db, "event announced", subject=f"event:{event.id}", actor_id=actor_id or host.id)
    return event


def publish(db: Session, *, event: Event, policy: Policy, actor_id: int) -> Event:
    """Publish a draft: from now on it is what the policy makes of it.

    Refuses what is over or in the past; Conflict for what was published already.
    """
    event = lock(db, event.id)
    if event.state != State.DRAFT.value:
        raise Conflict("It is published already. Open the event to see it.")
    check_times(event.starts_at, event.ends_at, now=clock.now())
    host = db.get_one(Person, event.host_id)
    event.state = _first_state(db, policy, host=host, group_id=event.group_id).value
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    follow(db, event=event)
    audit.append(db, "event published", subject=f"event:{event.id}", actor_id=actor_id)
    return event


def _first_state(db: Session, policy: Policy, *, host: Person, group_id: int) -> State:
    return first_state(
        policy,
        confirmed=host.email_confirmed_at is not None,
        trusted=is_trusted(db, host.id, group_id),
    )


def _sent_before(db: Session, host_id: int, client_uuid: str | None) -> Event | None:
    if client_uuid is None:
        return None
    return db.scalar(
        select(Event).where(Event.host_id == host_id, Event.client_uuid == client_uuid)
    )


def attach_roster(db: Session, *, event: Event, path: str, label: str) -> None:
    """Say where people on the roster go when it starts: a path of this site and its words."""
    event.roster_path, event.roster_label = path, label
    db.flush()
