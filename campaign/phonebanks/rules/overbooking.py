"""How many places more than seats: a rule that is explained, and a lead's own choice.

Places are exact. Nobody gets one behind the lead's back; the rule only says how many usually stay
away, and the lead raises the number of places or leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

# Fewer known answers than this say nothing; and never more than a fifth above what was meant.
ENOUGH, MOST_MORE = 20, 5


@dataclass(frozen=True, slots=True)
class Shown:
    """Of how many sign-ups of the group's past sessions we know whether they came."""

    had_places: int
    came: int

    @property
    def stayed_away(self) -> int:
        """Of a hundred, how many did not come."""
        return round(100 * (self.had_places - self.came) / self.had_places)


def more_places(capacity: int | None, shown: Shown) -> int:
    """How many places more than ``capacity`` would fill it; 0 where too little is known.

    As many as on average stay away of the larger number, rounded down, a fifth at most.
    """
    if capacity is None or shown.had_places < ENOUGH or shown.came >= shown.had_places:
        return 0
    if shown.came == 0:
        return 0
    wanted = capacity * shown.had_places // shown.came - capacity
    return min(wanted, capacity // MOST_MORE)


class Seats(Protocol):
    """An event with its places."""

    capacity: int | None
    starts_at: datetime
    place_kind: str


def more_for(event: Seats, shown: Shown, *, now: datetime) -> int:
    """The same for an event: not for a home, whose host says who comes, nor once it has begun."""
    if event.place_kind == "home" or event.starts_at <= now:
        return 0
    return more_places(event.capacity, shown)
