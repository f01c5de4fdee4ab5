"""Who of the line gets the places that are free: one pure decision, the same on every page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Policy(StrEnum):
    """How a host lets the line move; the event's page says which in words."""

    STRICT = "strict"
    BEST_FIT = "best-fit"


POLICY_WORDS = {
    Policy.STRICT: "Places go strictly in order. Nobody is passed over, so a larger group in "
    "front may hold up the line until all of it fits.",
    Policy.BEST_FIT: "Places go in order, and no place stays empty: where a larger group does "
    "not fit yet, the next who fits may go before it.",
}


class Why(StrEnum):
    """What a party in line gets, or why it waits on."""

    PLACE = "place"
    # Nothing is free of what they can use.
    FULL = "full"
    # Places are free, and fewer than the party needs: a party is never split.
    TOO_MANY = "too many"
    # Places are free and kept for a larger party in front.
    BEHIND = "behind"


@dataclass(frozen=True)
class Party:
    """Somebody in line with their guests: the shifts they could use, the one they like best first.

    Without ``shifts`` any shift will do.
    """

    key: int
    size: int
    shifts: tuple[int, ...] = ()


@dataclass(frozen=True)
class Room:
    """The free places of an event, and of each shift that still takes people, in their order.

    None is no limit. An event without shifts has ``shifts`` None; one whose shifts are all over
    has none that takes people.
    """

    places: int | None
    shifts: Mapping[int, int | None] | None = None

    @property
    def is_full(self) -> bool:
        """Whether nobody can get anything: no need to look at the line then."""
        slots = [None] if self.shifts is None else self.shifts.values()
        return self.places == 0 or all(free == 0 for free in slots)


@dataclass(frozen=True)
class Turn:
    """What a party gets now: a place (in a shift, where there are any) or a reason to wait."""

    key: int
    why: Why
    shift: int | None = None


@dataclass
class _Left:
    """What is still free while the line is walked. An event without shifts is one slot, None."""

    places: int | None
    slots: dict[int | None, int | None]
    # Slots whose free places are kept for somebody in front.
    kept: set[int | None] = field(default_factory=set)

    def holds(self, slot: int | None, size: int) -> bool:
        return all(free is None or free >= size for free in (self.places, self.slots[slot]))

    def take(self, slot: int | None, size: int) -> None:
        self.places = None if self.places is None else self.places - size
        own = self.slots[slot]
        self.slots[slot] = None if own is None else own - size

    def wanted(self, party: Party) -> list[int | None]:
        if not party.shifts:
            return list(self.slots)
        return [slot for slot in party.shifts if slot in self.slots]

    def keep_for(self, wanted: list[int | None], size: int) -> None:
        """Nobody behind may use what this party waits for; all share the event's own places."""
        short = self.places is not None and self.places < size
        self.kept.update(self.slots if short and wanted else wanted)


def allocate(line: Sequence[Party], room: Room, *, policy: Policy) -> list[Turn]:
    """The turn of each party of the line, first come first.

    A party is served whole, in the first shift it can use that has room, or waits. Under
    ``strict`` nobody behind takes a place that somebody in front could use; under ``best-fit``
    whoever fits may pass a party that does not.
    """
    slots: dict[int | None, int | None] = {None: None}
    if room.shifts is not None:
        slots = dict(room.shifts.items())
    left = _Left(room.places, slots)
    return [_turn(party, left, policy) for party in line]


def _turn(party: Party, left: _Left, policy: Policy) -> Turn:
    wanted = left.wanted(party)
    fitting = [slot for slot in wanted if left.holds(slot, party.size)]
    allowed = [slot for slot in fitting if slot not in left.kept]
    if allowed:
        left.take(allowed[0], party.size)
        return Turn(party.key, Why.PLACE, allowed[0])
    if policy is Policy.STRICT:
        left.keep_for(wanted, party.size)
    if fitting:
        return Turn(party.key, Why.BEHIND)
    some = any(left.holds(slot, 1) for slot in wanted)
    return Turn(party.key, Why.TOO_MANY if some else Why.FULL)
