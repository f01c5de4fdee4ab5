"""Places: giving them, taking them back, and whether there are any."""

from __future__ import annotations

from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.telling import refresh_feature
from campaign.events.rules.signups import LIVE, SEATED, fits
from campaign.foundation import clock


def let_in(event: Event, slot: Shift | None, rsvp: Rsvp) -> None:
    """Give the party of a sign-up its places; the day before it is asked whether it comes."""
    rsvp.status, rsvp.accepted_at, rsvp.reminded_at = "accepted", clock.now(), None
    seat(event, slot, 1 + rsvp.guests)


def release(event: Event, rsvp: Rsvp, *, status: str) -> None:
    if rsvp.status in SEATED:
        seat(event, rsvp.shift, -1 - rsvp.guests)
    if rsvp.status in LIVE:
        rsvp.status = status


def seat(event: Event, slot: Shift | None, people: int) -> None:
    """The one place that changes how many places are taken."""
    event.taken += people
    if slot is not None:
        slot.taken += people
    refresh_feature(event, group=event.group, now=clock.now())


def has_room(event: Event, slot: Shift | None, party: int) -> bool:
    return fits(capacity=event.capacity, taken=event.taken, party=party) and (
        slot is None or fits(capacity=slot.capacity, taken=slot.taken, party=party)
    )
