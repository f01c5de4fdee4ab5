"""Announcing an event, changing it, listing it, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.signing_up import lock, promote
from campaign.events.operations.telling import give_notice, refresh_feature, send_addresses
from campaign.events.rules.accessibility import KEYS
from campaign.events.rules.kinds import Kind
from campaign.events.rules.signups import NoRoom
from campaign.events.rules.times import ZONE, check_times
from campaign.events.rules.venues import PlaceChoice, PlaceKind, check_home_text
from campaign.foundation import audit, clock, signals
from campaign.foundation.database import refusing
from campaign.foundation.errors import Refused, SentTwice
from campaign.groups.models import Group
from campaign.groups.queries import standings_in
from campaign.people.models import Person
from campaign.people.rules import Standing

MOST_PLACES = 5000


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
    public_id: str | None = None,
    actor_id: int | None = None,
    host_name: str | None = None,
    check: bool = True,
    client_uuid: str | None = None,
    access: Mapping[str, bool | None] | None = None,
) -> Event:
    """Announce an event of a group at a place that was resolved already.

    It is listed at once where its host runs the group (or ``listed`` says so), otherwise live by
    its link until a convenor lists it. Refuses times that cannot be (see ``rules.times``; a
    demo's past passes with ``check=False``) and a home event whose text gives the home away.
    ``access`` says what is known of its accessibility, by the keys of ``rules.accessibility``.
    The same ``client_uuid`` of the same host again gives the event that it made.
    """
    now = clock.now()
    before = _sent_before(db, host.id, client_uuid)
    if before is not None:
        return before
    if check:
        check_times(starts_at, ends_at, now=now)
    check_home_text(place, title=title, about=about)
    _check_capacity(capacity, needed)
    if listed is None:
        listed = _runs_it(db, group_id=group.id, person_id=host.id)
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
        state="listed" if listed else "unlisted",
        made_at=now,
        client_uuid=client_uuid,
    )
    if public_id is not None:
        event.public_id = public_id
    _put(event, place)
    _note_access(event, access)
    try:
        with refusing(db, {"uq_event_host_id_client_uuid": SentTwice}):
            db.add(event)
    except SentTwice:
        return _sent_before(db, host.id, client_uuid) or event
    refresh_feature(event, group=group, now=now)
    db.flush()
    audit.append(db, "event announced", subject=f"event:{event.id}", actor_id=actor_id or host.id)
    return event


def _sent_before(db: Session, host_id: int, client_uuid: str | None) -> Event | None:
    if client_uuid is None:
        return None
    return db.scalar(
        select(Event).where(Event.host_id == host_id, Event.client_uuid == client_uuid)
    )


def add_shift(
    db: Session, *, event: Event, starts_at: datetime, ends_at: datetime, capacity: int | None
) -> Shift:
    """Add a dated slot with its own capacity; refuses one outside the event."""
    if not event.starts_at <= starts_at < ends_at <= event.ends_at:
        raise Refused("A shift lies within its event. Choose other times.", field="starts_at")
    shift = Shift(
        event_id=event.id, starts_at=starts_at, ends_at=ends_at, capacity=capacity, taken=0
    )
    db.add(shift)
    db.flush()
    return shift


def edit(
    db: Session,
    *,
    event: Event,
    actor_id: int,
    title: str,
    about: str,
    starts_at: datetime,
    ends_at: datetime,
    capacity: int | None,
    needed: int | None = None,
    place: PlaceChoice | None = None,
    access: Mapping[str, bool | None] | None = None,
    mail: Mail | None = None,
) -> Event:
    """Change an event; who comes hears of a new time or place, who waits moves up into new room.

    Refuses fewer places than are taken, and everything that ``announce`` refuses. Without a
    ``place`` it stays where it is, without ``access`` what is known of it stays as it was.
    """
    now = clock.now()
    event = lock(db, event.id)
    if event.state == "cancelled":
        raise Refused("This event was cancelled. Announce a new one.")
    moved = (starts_at, ends_at) != (event.starts_at, event.ends_at) or place is not None
    if (starts_at, ends_at) != (event.starts_at, event.ends_at):
        check_times(starts_at, ends_at, now=now)
    check_home_text(place or _place_of(event), title=title, about=about)
    _check_capacity(capacity, needed)
    if capacity is not None and capacity < event.taken:
        raise NoRoom(
            f"{event.taken} places are taken already. Give at least as many.", field="capacity"
        )
    event.title, event.about, event.needed = title, about, needed
    event.starts_at, event.ends_at, event.capacity = starts_at, ends_at, capacity
    _note_access(event, access)
    if place is not None:
        _put(event, place)
        # The old address may be in their mailbox: the new one goes out as if it were the first.
        db.execute(update(Rsvp).where(Rsvp.event_id == event.id).values(address_sent_at=None))
    elif event.place_kind == PlaceKind.ONLINE:
        event.shown_place = _place_of(event).shown_place  # our wording may have changed
    event.sequence += 1
    event.kept_off_at = None  # who said no shall look again
    promote(db, event=event, mail=mail)
    refresh_feature(event, group=event.group, now=now)
    db.flush()
    if moved:
        give_notice(db, event=event, kind="changed")
        if mail is not None:  # the day before may have begun already
            send_addresses(db, mail=mail, now=now, event_id=event.id)
    audit.append(db, "event changed", subject=f"event:{event.id}", actor_id=actor_id)
    return event


def cancel(db: Session, *, event: Event, actor_id: int, note: str = "") -> None:
    """Call an event off: it leaves the map at once, and everybody who would have come hears of it.

    Cancelling again changes nothing.
    """
    event = lock(db, event.id)
    if event.state == "cancelled":
        return
    event.state = "cancelled"
    event.sequence += 1
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    give_notice(db, event=event, kind="cancelled", note=note)
    signals.event_cancelled.send(db, event_id=event.id)
    audit.append(db, "event cancelled", subject=f"event:{event.id}", actor_id=actor_id)


def attach_roster(db: Session, *, event: Event, path: str, label: str) -> None:
    """Say where people on the roster go when it starts: a path of this site and its words."""
    event.roster_path, event.roster_label = path, label
    db.flush()


def _put(event: Event, place: PlaceChoice) -> None:
    event.place_kind = place.kind.value
    event.venue = place.venue[:160]
    event.postcode = place.postcode
    event.online_link = place.online_link
    event.shown_place = place.shown_place
    event.area = place.town[:120] or None
    point = place.shown_point
    event.shown_lat, event.shown_lng = point if point else (None, None)


def _note_access(event: Event, access: Mapping[str, bool | None] | None) -> None:
    for key in KEYS:
        if access is not None and key in access:
            setattr(event, key, access[key])


def _place_of(event: Event) -> PlaceChoice:
    """The place again, as far as the text's check needs it."""
    return PlaceChoice(kind=PlaceKind(event.place_kind), venue=event.venue, postcode=event.postcode)


def _runs_it(db: Session, *, group_id: int, person_id: int) -> bool:
    trusted = {Standing.ORGANISER, Standing.CONVENOR}
    return bool(trusted & standings_in(db, group_id, person_id))


def _check_capacity(capacity: int | None, needed: int | None) -> None:
    if capacity is not None and not 1 <= capacity <= MOST_PLACES:
        raise Refused(f"Give a number of places from 1 to {MOST_PLACES:,}.", field="capacity")
    if needed is not None and not 0 <= needed <= MOST_PLACES:
        raise Refused(f"Give a number of people from 0 to {MOST_PLACES:,}.", field="needed")
