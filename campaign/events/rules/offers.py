"""How a place that became free is handed on: at once, as an offer with an end, or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campaign.foundation.errors import Conflict

# Until then whoever is next simply has the place: there is time to cancel.
AT_ONCE_BEFORE = timedelta(hours=48)
LATE = timedelta(hours=24)
LASTS = timedelta(hours=12)
LASTS_LATE = timedelta(hours=2)
# From then on a free place is for who stands at the door.
DOORS = timedelta(minutes=30)


class OfferOver(Conflict):
    """Somebody says yes to a place that is no longer theirs."""

    def __init__(self) -> None:
        super().__init__(
            "This offer is over, and the place went to the next in line. "
            "You can join the list again on the event’s page."
        )


@dataclass(frozen=True)
class HandOver:
    """``until`` is the end of an offer; without one the place is theirs at once."""

    until: datetime | None = None


def doors_open(starts_at: datetime) -> datetime:
    """When the doors open: nobody is promoted from then on."""
    return starts_at - DOORS


def hand_over(*, starts_at: datetime, now: datetime) -> HandOver | None:
    """How a free place goes to the next in line; None once the doors are open.

    At once until 48 h before the start. Then as an offer of 12 h, in the last 24 h of 2 h, and
    never beyond the opening of the doors.
    """
    if now >= doors_open(starts_at):
        return None
    if now < starts_at - AT_ONCE_BEFORE:
        return HandOver()
    lasts = LASTS if now < starts_at - LATE else LASTS_LATE
    return HandOver(min(now + lasts, doors_open(starts_at)))


def offer_end(until: datetime, *, starts_at: datetime) -> datetime:
    """When an offer ends, also where the start was moved to an earlier hour since."""
    return min(until, doors_open(starts_at))


def offer_until(rsvp: Any, event: Any) -> datetime | None:
    """When the offer of a sign-up ends or ended; None where nothing was ever on offer."""
    if rsvp.offered_until is None:
        return None
    begins = rsvp.shift.starts_at if rsvp.shift else event.starts_at
    return offer_end(rsvp.offered_until, starts_at=begins)
