"""How long a list still takes, as far as one can tell."""

from __future__ import annotations

from datetime import datetime

# Before so many thousandths it is a guess, not an estimate.
SOONEST = 80


def seconds_left(done: int, *, since: datetime, now: datetime) -> int | None:
    """About how many seconds, rounded up to five; None where it is too early to say."""
    if not SOONEST <= done < 1000:
        return None
    left = (now - since).total_seconds() * (1000 - done) / done
    return max(5, -(-int(left) // 5) * 5)
