"""What an event needs, in words and in a tone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from campaign.events.rules.kinds import facts_of
from campaign.foundation.words import plural

# A group's priority goes from 0 to this: how urgently its area wants people just now. In the order
# of need, events that are short come first, those of higher priority before the others; then all
# that have enough; full ones last. Within each, what is sooner.
MOST_URGENT = 9


class Seats(Protocol):
    """What counts of an event."""

    kind: str
    capacity: int | None
    needed: int | None
    taken: int


@dataclass(frozen=True)
class Need:
    """A chip: ``tone`` is "short", "one", "met" or "full"; ``code`` is what the map says."""

    tone: str
    words: str
    code: str
    icon: str | None = None


NEEDS_HOST = Need("short", "Needs a host", "short2", "user-plus")


def places_left(event: Seats) -> int | None:
    """How many more fit; None where there is no limit."""
    return None if event.capacity is None else max(0, event.capacity - event.taken)


def need_of(event: Seats) -> Need:
    """What the event needs most urgently to say."""
    left = places_left(event)
    if left == 0:
        return Need("full", "Full: join the waiting list", "full")
    short = (event.needed or 0) - event.taken
    if short > 0:
        facts = facts_of(event.kind)
        words = f"Needs {plural(short, f'more {facts.person}', f'more {facts.people}')}"
        if event.taken == 0:
            words = f"Needs {plural(short, facts.person, facts.people)}"
        return Need("one" if short == 1 else "short", words, "short1" if short == 1 else "short2")
    if left is not None and left <= 12:
        return Need("met", f"{plural(left, 'place')} left", "ok")
    return Need("met", "Has enough, room for you" if event.needed else "Room for you", "ok")
