"""Somebody rings back: whom a caller may find, and what may be said of such a call."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import timedelta

from campaign.phonebanks.rules.outcomes import Outcome

# Among so many people whom the caller rang last, and rang so lately.
MOST, LATELY = 50, timedelta(days=14)
# After a phonebank has ended its callers may still note who rings back, so long.
AFTERWARDS = timedelta(hours=24)
# Nobody spoke with them, yet somebody did ring.
SPOKEN = frozenset({"other_person", "wrong_person"})


def folded(name: str) -> str:
    """A name as it is compared: "Zoë " and "ZOE" are one."""
    plain = unicodedata.normalize("NFKD", name.strip().casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def is_called(first_name: str, typed: str) -> bool:
    """Whether somebody may be meant by a name: one begins with the other, two letters at least."""
    one, other = folded(first_name), folded(typed)
    short, long = sorted((one, other), key=len)
    return len(short) >= 2 and long.startswith(short)


def fitting(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes that a call which came in can have: somebody was there."""
    return [row for row in outcomes if row.reached or row.code in SPOKEN]
