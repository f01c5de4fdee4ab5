"""What a caller does just now, and what a shift came to in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from campaign.foundation.errors import Refused
from campaign.foundation.words import clean_text, plural

# Nothing happened for so long: somebody may be stuck, or has gone home.
QUIET_AFTER = timedelta(minutes=5)
# Whoever did something within this is here; so long an ended call waits to be noted on the board.
HERE = timedelta(minutes=30)
# What the board counts of a caller: this shift, and the one before it on the same day.
SHIFT = timedelta(hours=12)
# "Jo is coming" stands so long on the caller's screen, if nobody says that it is settled.
COMING = timedelta(minutes=10)
# A request that nobody answered in a whole shift is over.
FORGOTTEN = timedelta(hours=4)
MOST_IN_LINE, MOST_HELP = 160, 120
NUMBER = re.compile(r"(?:\d[\s().+-]?){7,}")


class Doing(StrEnum):
    """What somebody does, as the board says it."""

    HELP = "asked for help"
    QUIET = "quiet"
    CALL = "in a call"
    ABOUT = "about to ring"
    WRITING = "call to note"
    BETWEEN = "between calls"


# Who may need something first: in this order on the board.
ORDER = tuple(Doing)


@dataclass(frozen=True, slots=True)
class Moments:
    """When things of a caller happened last; None where they did not.

    ``held_at`` and ``shown_at`` are of the person in their hands; ``unnoted_at`` is when a call
    ended whose outcome they have not said.
    """

    held_at: datetime | None = None
    shown_at: datetime | None = None
    unnoted_at: datetime | None = None
    reported_at: datetime | None = None
    arrived_at: datetime | None = None
    asked_at: datetime | None = None


def doing(of: Moments, *, now: datetime) -> tuple[Doing, datetime | None]:
    """What a caller does, and since when.

    In a call one may be silent for as long as one likes; who has a person on the screen and has
    not rung them for five minutes is quiet, and so is who has nobody.
    """
    if of.asked_at:
        return Doing.HELP, of.asked_at
    if of.shown_at:
        return Doing.CALL, of.shown_at
    if of.held_at:
        return (Doing.QUIET if now - of.held_at >= QUIET_AFTER else Doing.ABOUT), of.held_at
    if of.unnoted_at:
        return Doing.WRITING, of.unnoted_at
    last = max((at for at in (of.reported_at, of.arrived_at) if at), default=None)
    quiet = last is not None and now - last >= QUIET_AFTER
    return (Doing.QUIET if quiet else Doing.BETWEEN), last


def checked_line(words: str) -> str:
    """A line for everybody's screen. Refuses telephone numbers: it is seen by all callers."""
    words = clean_text(words, most=MOST_IN_LINE, least=3, field="words")
    if NUMBER.search(words):
        raise Refused("Leave telephone numbers out: everybody who calls sees this.", field="words")
    return words


def checked_help(words: str) -> str:
    """What somebody needs help with, in a few words or none. Telephone numbers are left out."""
    return NUMBER.sub("…", clean_text(words, most=MOST_HELP, field="words"))


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one person, or everybody together, has done in a shift."""

    calls: int = 0
    talks: int = 0
    callers: int = 0

    @property
    def own_words(self) -> str:
        """ "You rang 23 people. 7 talked with you." """
        talked = f"{self.talks} talked with you" if self.talks else "Every try counts"
        return f"You rang {plural(self.calls, 'person', 'people')}. {talked}."

    @property
    def team_words(self) -> str:
        """ "Together, 5 of you made 143 calls, and 41 people talked with us." """
        calls = plural(self.calls, "call")
        if self.callers < 2:
            return f"You made all {calls} of this shift."
        talks = plural(self.talks, "person", "people")
        return f"Together, {self.callers} of you made {calls}, and {talks} talked with us."


def best_partner(newcomer_id: int, lines: Sequence[PartnerLine]) -> int | None:
    """Who shall sit with a newcomer: of the experienced who have nobody yet the one with most
    calls, else the one with the fewest newcomers; None where everybody is new.
    """
    known = [one for one in lines if not one.is_new and one.person_id != newcomer_id]
    known.sort(key=lambda one: (one.newcomers, -one.calls, one.person_id))
    return known[0].person_id if known else None


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """Who may sit with whom."""

    person_id: int
    calls: int
    is_new: bool
    newcomers: int = 0
