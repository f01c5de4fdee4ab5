"""Who still has access: how far back one looks, and the month whose letter it is."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

# So long after its end a phonebank holds people who were never reached; then they go.
KEPT = timedelta(days=30)
# Whoever was handed nobody for so long is counted among those who might call, not named.
LATELY = timedelta(days=30)
LONDON = ZoneInfo("Europe/London")


def month_of(now: datetime) -> str:
    """The month as the people here live it: ``2026-11``."""
    return f"{now.astimezone(LONDON):%Y-%m}"
