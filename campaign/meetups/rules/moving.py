"""Which table somebody can be moved to."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from campaign.foundation.errors import Refused
from campaign.meetups.rules.dealing import Standing, table_for_latecomer
from campaign.meetups.rules.needs import NEEDS, NOTHING, Needs
from campaign.meetups.rules.neighbours import MOST

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
    needs: Needs = NOTHING,
) -> list[int]:
    """Up to three tables with a chair, the smallest near one first, and before it those that are
    marked for what somebody needs; never one that is shunned.

    No more than three, so that what is missing from the list says nothing.
    """
    left = [
        table
        for table in tables
        if table.number != now_at and table.number not in shunned and table.people < MOST
    ]
    found: list[int] = []
    while left and len(found) < OFFERED:
        best = table_for_latecomer(left, lat=lat, lng=lng, needs=needs)
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


class NeedLost(Refused):
    """Somebody would leave a table that is what they need. Its sentence is for their own desk."""


def check_needs(number: int, needs: Needs, *, at: Needs, to: Needs, table: int) -> None:
    """Refuse, for the desk, to take somebody from a table that is marked for what they need."""
    lost = next((need for need in NEEDS if need.key in (needs & at) - to), None)
    if lost is not None:
        raise NeedLost(
            f"Number {number} needs {lost.table}, and table {table} is not marked so. Move them "
            "with the tick if they want that."
        )
