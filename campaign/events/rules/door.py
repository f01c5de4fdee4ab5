"""The door: what a tap says, which of two taps stands, and when the room is full."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4, uuid5

from campaign.events.rules.signups import NoRoom
from campaign.foundation.errors import Conflict, Refused

# A phone without a connection keeps its taps; older ones than this are from another evening.
OLDEST_TAP = timedelta(hours=24)
# How long after its event a host page by link still opens.
HOST_LINK_LASTS = timedelta(days=7)
MOST_HOST_LINKS = 20


class Counted(StrEnum):
    """A key of the door's count; a mistake is taken back by naming the tap."""

    IN = "in"
    OUT = "out"


class TapKind(StrEnum):
    """What a tap at the door said."""

    CAME = "came"
    DID_NOT_COME = "did_not_come"
    UNKNOWN = "unknown"
    IN = "in"
    OUT = "out"
    BACK = "back"
    REST = "rest"


class TapResult(StrEnum):
    """What became of a tap: it holds, or a later one about the same person stands."""

    DONE = "done"
    LATER_STANDS = "later stands"


@dataclass(frozen=True)
class By:
    """Who taps: somebody who is signed in, or somebody with the event's host link."""

    person_id: int | None = None
    link_id: int | None = None

    @property
    def details(self) -> list[str]:
        """How the audit log names a link."""
        return [f"host-link:{self.link_id}"] if self.link_id else []


def fresh_nonce() -> str:
    """The name of a tap that came without one."""
    return str(uuid4())


@dataclass(frozen=True)
class Tap:
    """One touch of a button: ``nonce`` names it for ever, ``at`` is when the finger touched.

    ``after`` is the nonce of the tap before it that the same device made about the same person.
    """

    by: By
    at: datetime
    nonce: str = field(default_factory=fresh_nonce)
    after: str | None = None


def tapped_at(*, now: datetime, age_ms: int) -> datetime:
    """When a tap happened that says how old it is.

    The age and not the hour, because the clocks of phones are wrong.
    """
    return now - min(timedelta(milliseconds=max(0, age_ms)), OLDEST_TAP)


def not_before(at: datetime, earlier: datetime) -> datetime:
    """When a tap happened whose device made another one before, at ``earlier``.

    An age says nothing of the way to the server: where the first was slow to come, the second
    would seem to be older (L. Lamport, Time, Clocks, and the Ordering of Events in a Distributed
    System, 1978, rule IR2).
    """
    return max(at, earlier + timedelta(microseconds=1))


def among_the_rest(*, at: datetime, held: datetime | None) -> datetime:
    """When a tap about everybody else counts for one of them: right behind what was tapped about
    them last, at ``held``, or before all that may still come.

    It is about those of whom nobody knows. A device without a connection may know better, and what
    it says later was tapped earlier: that stands.
    """
    return not_before(at - OLDEST_TAP, held) if held is not None else at - OLDEST_TAP


def stands(*, at: datetime, nonce: str, before: tuple[datetime, str] | None) -> bool:
    """Whether a tap is later than the one that holds, whichever of them came here first.

    Of two in the same instant the nonce decides, so that every order of arrival ends alike.
    """
    return before is None or (at, nonce) >= before


def derived(nonce: str, what: str) -> str:
    """A second name out of a first: the same for the same, however often it is asked."""
    return str(uuid5(UUID(nonce), what))


class RoomFull(NoRoom):
    """The hard stop: as many are inside as may be."""

    def __init__(self, *, inside: int, party: int = 1) -> None:
        counted = "1 person is" if inside == 1 else f"{inside:,} people are"
        wait = "one has" if party == 1 else f"{party} have"
        super().__init__(f"Stop: the room is full, {counted} in. Wait until {wait} gone out.")
        self.inside = inside


class NobodyIn(Conflict):
    """Out, where nobody was counted in."""

    def __init__(self) -> None:
        super().__init__("Nobody is counted in. Press In for everybody who is inside already.")


class AlreadyBack(Conflict):
    """There is nothing to take back."""

    def __init__(self) -> None:
        super().__init__("There is no such count to take back. Open the page once more.")


@dataclass(frozen=True)
class Count:
    """How many came in and went out; the difference is in the room."""

    came_in: int
    went_out: int

    @property
    def inside(self) -> int:
        """People in the room now."""
        return self.came_in - self.went_out

    def let_in(self, people: int, *, most: int | None) -> Count:
        """So many come in; RoomFull where they do not fit."""
        if most is not None and self.inside + people > most:
            raise RoomFull(inside=self.inside, party=self.inside + people - most)
        return Count(self.came_in + people, self.went_out)

    def let_out(self) -> Count:
        """One goes out; NobodyIn where nobody is in."""
        if self.inside < 1:
            raise NobodyIn
        return Count(self.came_in, self.went_out + 1)

    def not_in(self, people: int) -> Count:
        """So many had not come in after all; never fewer than have gone out."""
        return Count(max(self.went_out, self.came_in - people), self.went_out)

    def not_out(self, *, most: int | None) -> Count:
        """One had not gone out after all; RoomFull where another has taken the place."""
        if most is not None and self.inside + 1 > most:
            raise RoomFull(inside=self.inside)
        return Count(self.came_in, max(0, self.went_out - 1))


def host_link_opens(
    *, ends_at: datetime, closed_at: datetime | None, last_day: datetime | None, now: datetime
) -> bool:
    """Whether a host link still opens: until 7 days after the event, or after it was called off.

    ``closed_at`` is when it was replaced; ``last_day`` is set where the event was called off.
    """
    latest = ends_at + HOST_LINK_LASTS
    return closed_at is None and now <= min(latest, last_day or latest)


class TooManyLinks(Refused):
    """More links than anybody can keep in mind."""

    def __init__(self) -> None:
        super().__init__(
            f"This event has {MOST_HOST_LINKS} host links. End them all, then make a new one."
        )


def by_first_name(name: str) -> tuple[str, str]:
    """How names stand in a list at the door: as people say them, accents and case apart."""
    return _plain(name), name


def by_surname(name: str) -> tuple[str, str]:
    """The same, by the last word of the name."""
    words = name.split()
    return _plain(" ".join([*words[-1:], *words[:-1]])), name


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def letter_of(name: str) -> str:
    """The letter under which a name stands; "#" for what begins with none."""
    first = _plain(name)[:1].upper()
    return first if first.isalpha() else "#"
