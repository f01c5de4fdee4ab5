"""What a sign-up may be, and the refusals around it."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from campaign.foundation.errors import Conflict, Refused

MOST_GUESTS = 9
# How long before the start people are asked whether they come, and how long after getting their
# place they are left in peace.
# What stays of the name of who is forgotten.
SOMEBODY = "Somebody"
ASK_BEFORE = timedelta(hours=24)
# Where the room above has a screen for the roster: its own letter follows two hours before.
ASK_CALLERS_BEFORE = timedelta(hours=48)
FRESH = timedelta(hours=6)


class Status(StrEnum):
    """Where a sign-up stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Attendance(StrEnum):
    """Whether somebody came; nobody knows until somebody says so."""

    UNKNOWN = "unknown"
    CAME = "came"
    DID_NOT_COME = "did_not_come"


# Who holds places, and who is still in it at all.
SEATED = (Status.ACCEPTED.value, Status.CONFIRMED.value)
LIVE = (*SEATED, Status.WAITING.value, Status.OFFERED.value)
# An offer holds its places: nobody else gets them, at no door.
HOLDING = (*SEATED, Status.OFFERED.value)


class Source(StrEnum):
    """Where a sign-up comes from."""

    PAGE = "page"
    DOOR = "door"
    MEETUP = "meetup"
    IMPORT = "import"


class EventOver(Conflict):
    """Too late to sign up."""

    def __init__(self) -> None:
        super().__init__("This event is over. Look for the next one near you.")


class EventCancelled(Conflict):
    """There is nothing to sign up to."""

    def __init__(self) -> None:
        super().__init__("This event was cancelled. Look for another one near you.")


class NoRoom(Conflict):
    """What was asked does not fit."""

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence, field=field)


def checked_guests(guests: int) -> int:
    """The number of guests, from 0 to 9."""
    if not 0 <= guests <= MOST_GUESTS:
        raise Refused(f"Bring at most {MOST_GUESTS} guests.", field="guests")
    return guests


def fits(*, capacity: int | None, taken: int, party: int) -> bool:
    """Whether a party still fits."""
    return capacity is None or taken + party <= capacity


def initials(name: str) -> str:
    """How others read a name: "Tom Adeyemi" → "Tom A."."""
    words = name.split()
    if len(words) < 2:
        return name
    return f"{words[0]} {words[-1][0].upper()}."
