"""Changing an event, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations.host_links import let_host_links_run_out
from campaign.events.operations.putting import check_capacity, note_access, place_of, put
from campaign.events.operations.shifts import has_shifts, move_with_event
from campaign.events.operations.signing_up import lock, promote
from campaign.events.operations.telling import give_notice, refresh_feature, send_addresses
from campaign.events.operations.weighing import weigh
from campaign.events.rules.signups import NoRoom
from campaign.events.rules.states import UNSEEN
from campaign.events.rules.times import check_times
from campaign.events.rules.venues import PlaceChoice, PlaceKind, check_home_text
from campaign.foundation import audit, clock, signals
from campaign.foundation.errors import Refused


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
    access_contact: str | None = None,
    mail: Mail | None = None,
    note: str = "",
    quiet: bool = False,
) -> Event:
    """Change an event; who comes or waits hears of it, who waits moves up into new room.

    ``note`` is what people should know. A new time or place is always told: somebody would stand
    before a closed door. A change of the words alone is not where the host wants it ``quiet``,
    and that they did is in the audit log. Refuses fewer places than are taken, and everything
    that ``announce`` refuses. Without a ``place`` it stays where it is, without ``access`` what
    is known of it stays as it was; an empty ``access_contact`` takes the name away.
    """
    now = clock.now()
    event = lock(db, event.id)
    if event.state == "cancelled":
        raise Refused("This event was cancelled. Announce a new one.")
    reworded = (title, about) != (event.title, event.about)
    moved = (starts_at, ends_at) != (event.starts_at, event.ends_at) or place is not None
    if (starts_at, ends_at) != (event.starts_at, event.ends_at):
        check_times(starts_at, ends_at, now=now)
    texts = {"title": title, "about": about, "access_contact": access_contact or ""}
    # What people should know goes to who waits, too: nobody has said yes to them.
    check_home_text(place or place_of(event), **texts, change_note=note)
    check_capacity(capacity, needed)
    if has_shifts(db, event):
        capacity, needed = event.capacity, event.needed  # they say how many fit
    if capacity is not None and capacity < event.taken:
        raise NoRoom(
            f"{event.taken} places are taken already. Give at least as many.", field="capacity"
        )
    move_with_event(db, event=event, starts_at=starts_at, ends_at=ends_at)
    event.title, event.about, event.needed = title, about, needed
    event.starts_at, event.ends_at, event.capacity = starts_at, ends_at, capacity
    weigh(event)
    note_access(event, access, contact=access_contact)
    if place is not None:
        put(event, place)
        # The old address may be in their mailbox: the new one goes out as if it were the first.
        db.execute(update(Rsvp).where(Rsvp.event_id == event.id).values(address_sent_at=None))
    elif event.place_kind == PlaceKind.ONLINE:
        event.shown_place = place_of(event).shown_place  # our wording may have changed
    event.sequence += 1
    event.changed_at = now
    event.kept_off_at = event.asked_at = None  # who said no, or asked, shall look again
    promote(db, event=event, mail=mail)
    refresh_feature(event, group=event.group, now=now)
    db.flush()
    _tell(db, event, mail, moved=moved, note=note, quiet=quiet, reworded=reworded)
    audit.append(
        db,
        "event changed",
        subject=f"event:{event.id}",
        actor_id=actor_id,
        details=["told nobody"] if quiet and not (moved or note) else [],
    )
    return event


def _tell(
    db: Session,
    event: Event,
    mail: Mail | None,
    *,
    moved: bool,
    note: str,
    quiet: bool,
    reworded: bool,
) -> None:
    if moved or note or (reworded and not quiet):
        give_notice(db, event=event, kind="changed", note=note)
    if moved and mail is not None:  # the day before may have begun already
        send_addresses(db, mail=mail, now=clock.now(), event_id=event.id)


def cancel(db: Session, *, event: Event, actor_id: int, note: str = "") -> None:
    """Call an event off: it leaves the map at once, and everybody who would have come hears of it.

    What nobody has seen yet, a draft or what waits for a yes, is taken away. Cancelling again
    changes nothing.
    """
    event = lock(db, event.id)
    if event.state in UNSEEN:
        audit.append(db, "draft deleted", subject=f"event:{event.id}", actor_id=actor_id)
        db.execute(delete(Event).where(Event.id == event.id))
        return
    if event.state == "cancelled":
        return
    check_home_text(place_of(event), note=note)
    event.changed_at = clock.now()
    event.left_at = event.changed_at if event.state == "listed" else None
    event.state = "cancelled"
    event.sequence += 1
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    let_host_links_run_out(db, event=event)
    give_notice(db, event=event, kind="cancelled", note=note)
    signals.event_cancelled.send(db, event_id=event.id)
    audit.append(db, "event cancelled", subject=f"event:{event.id}", actor_id=actor_id)
