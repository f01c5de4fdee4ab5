"""The line that waits, and who moves up."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations.signing_up.seats import has_room, let_in
from campaign.events.operations.telling import refresh_feature, tell_place
from campaign.events.queries import rosters
from campaign.foundation import clock


def promote(db: Session, *, event: Event, mail: Mail | None = None) -> list[Rsvp]:
    """Let in who waits, strictly in their order, as far as they fit; nobody after the start.

    At a home its host lets people in. The caller holds the event's lock.
    """
    moved: list[Rsvp] = []
    if event.place_kind != "home" and event.state != "cancelled" and event.starts_at > clock.now():
        blocked: set[int | None] = set()
        for rsvp in rosters.waiting(db, event.id):
            if rsvp.shift_id in blocked or not has_room(event, rsvp.shift, 1 + rsvp.guests):
                # A party of n is served whole: nobody overtakes it.
                blocked.add(rsvp.shift_id)
                continue
            let_in(event, rsvp.shift, rsvp)
            tell_place(db, mail, event=event, rsvp=rsvp)
            moved.append(rsvp)
    refresh_feature(event, group=event.group, now=clock.now())
    db.flush()
    return moved
