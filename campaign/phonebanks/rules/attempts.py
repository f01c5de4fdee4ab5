"""How often a person and a number may be rung."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Caps:
    """How often: to one person in a phonebank; on one number over all phonebanks.

    ``voicemails`` is how many messages are left for one person in a phonebank; ``household`` how
    long nobody rings the others of a household once one of them was spoken to.
    """

    per_phonebank: int = 4
    between: timedelta = timedelta(hours=20)
    per_week: int = 3
    voicemails: int = 1
    household: timedelta = timedelta(hours=20)


def earliest_attempt(
    past: Sequence[datetime], caps: Caps, *, excepted: bool = False
) -> datetime | None:
    """Say from when a number may be rung again, given its attempts; None: it never was.

    Twenty hours lie between two attempts unless the next is ``excepted`` (a promised callback, or
    somebody else answered); at most three lie in any seven days, and nothing is excepted there.
    """
    if not past:
        return None
    latest = sorted(past, reverse=True)
    earliest = latest[0] if excepted else latest[0] + caps.between
    if len(latest) >= caps.per_week:
        earliest = max(earliest, latest[caps.per_week - 1] + WEEK)
    return earliest


def may_leave_message(left: int, caps: Caps) -> bool:
    """Whether another message may be left for somebody for whom so many were left before."""
    return left < caps.voicemails


def may_attempt(
    past: Sequence[datetime], caps: Caps, *, now: datetime, excepted: bool = False
) -> bool:
    """Whether a number may be rung now, as far as its attempts go."""
    earliest = earliest_attempt(past, caps, excepted=excepted)
    return earliest is None or now >= earliest
