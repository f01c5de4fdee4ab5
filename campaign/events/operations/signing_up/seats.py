"""Places: giving them, holding them, taking them back, and whether there are any."""

from __future__ import annotations

from datetime import datetime

from campaign.events.models import Event, Rsvp, Shift
from campaign.events.operations.telling import refresh_feature
from campaign.events.operations.weighing import weigh
from campaign.events.rules.signups import HOLDING, LIVE, Status, fits
from campaign.foundation import clock


def let_in(event: Event, slot: Shift | None, rsvp: Rsvp) -> None:
    """Give the party of a sign-up its places; the day before it is asked whether it comes.

    Whoever has them on offer keeps those.
    """
    if rsvp.status != Status.OFFERED:
        _hold(event, slot, rsvp)
    rsvp.status, rsvp.accepted_at, rsvp.reminded_at = "accepted", clock.now(), None
    rsvp.offered_until = None


def offer(event: Event, slot: Shift | None, rsvp: Rsvp, *, until: datetime) -> None:
    """Hold the places of a party until it says yes or no, or the time is over."""
    _hold(event, slot, rsvp)
    rsvp.status, rsvp.offered_until = Status.OFFERED.value, until


def release(event: Event, rsvp: Rsvp, *, status: str) -> None:
    """Take a sign-up off the roster and out of the line; its places are free."""
    if rsvp.status in HOLDING:
        seat(event, rsvp.shift, -1 - rsvp.guests)
    if rsvp.status in LIVE:
        rsvp.status, rsvp.offered_until = status, None


def _hold(event: Event, slot: Shift | None, rsvp: Rsvp) -> None:
    # Both: a letter written before the next flush asks for the key.
    rsvp.shift, rsvp.shift_id = slot, slot.id if slot else None
    seat(event, slot, 1 + rsvp.guests)


def seat(event: Event, slot: Shift | None, people: int) -> None:
    """The one place that changes how many places are taken."""
    event.taken += people
    if slot is not None:
        slot.taken += people
        weigh(event)
    refresh_feature(event, group=event.group, now=clock.now())


def has_room(event: Event, slot: Shift | None, party: int) -> bool:
    """Whether a party fits into what nobody has and nobody was offered."""
    return fits(capacity=event.capacity, taken=event.taken, party=party) and (
        slot is None or fits(capacity=slot.capacity, taken=slot.taken, party=party)
    )
