"""When a count that stands on every phone has moved so far that all should show it."""

from __future__ import annotations

# Up to so many, in steps of so many; above, in fifties.
STEPS = ((20, 1), (100, 5), (500, 10))
COARSEST = 50


def coarsely(count: int) -> int:
    """A count in steps that grow with it: a few pages for a phone, and never far behind."""
    step = next((step for most, step in STEPS if count <= most), COARSEST)
    return count - count % step
