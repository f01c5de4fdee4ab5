"""A list that comes in: how long it still takes, and what became of its rows, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

# Before so many thousandths it is a guess, not an estimate.
SOONEST = 80
# What becomes of a row, as a letter says it, and whether its people came in.
KINDS = (
    ("new", "New people", True),
    ("updated", "Known, brought up to date", True),
    ("fixed", "New, number mended", True),
    ("shared", "Shared household number", True),
    ("duplicate", "Twice in the file", False),
    ("held", "Held", False),
    ("refused", "Refused", False),
)
OF_FILE = re.compile(r" \(“[^”]*”\)")


def seconds_left(done: int, *, since: datetime, now: datetime) -> int | None:
    """About how many seconds, rounded up to five; None where it is too early to say."""
    if not SOONEST <= done < 1000:
        return None
    left = (now - since).total_seconds() * (1000 - done) / done
    return max(5, -(-int(left) // 5) * 5)


def lines_of(counts: Mapping[str, int]) -> list[tuple[str, str]]:
    """What became of the rows of a file, without what there was none of."""
    return [(words, f"{counts[kind]:,}") for kind, words, _ in KINDS if counts.get(kind)]


def came_in(counts: Mapping[str, int]) -> int:
    """Of how many rows the people came in."""
    return sum(counts.get(kind, 0) for kind, _, comes in KINDS if comes)


def without_words_of_file(why: str) -> str:
    """A reason without the heading that it quotes: in a file without headings it is a person."""
    return OF_FILE.sub("", why)
