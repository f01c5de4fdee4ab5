"""Which table somebody can be moved to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from campaign.foundation.errors import Refused
from campaign.meetups.rules.dealing import MOST, Standing, table_for_latecomer

OFFERED = 3
# One sentence for every reason, a full table too: it must not say who sits where, or why not.
NOT_POSSIBLE = "Not possible. Choose another table, or ask the safeguarding officer."


def offers(
    tables: Sequence[Standing],
    *,
    now_at: int | None,
    shunned: Collection[int],
    lat: float | None = None,
    lng: float | None = None,
) -> list[int]:
    """Up to three tables with a chair, the smallest near one first; never one that is shunned.

    No more than three, so that what is missing from the list says nothing.
    """
    left = [
        table
        for table in tables
        if table.number != now_at and table.number not in shunned and table.people < MOST
    ]
    found: list[int] = []
    while left and len(found) < OFFERED:
        best = table_for_latecomer(left, lat=lat, lng=lng)
        if best is None:
            break
        found.append(best)
        left = [table for table in left if table.number != best]
    return found


def check_move(
    tables: Sequence[Standing], *, to: int, now_at: int | None, shunned: Collection[int]
) -> None:
    """Refuse, with one sentence for every reason, a table that cannot take them."""
    fits = any(table.number == to and table.people < MOST for table in tables)
    if not fits or to == now_at or to in shunned:
        raise Refused(NOT_POSSIBLE)
