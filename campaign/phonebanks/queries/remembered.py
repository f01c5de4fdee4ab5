"""Why people of a long list cannot be rung, remembered for a moment by a web process.

A lead's board asks every few seconds. Of a list of hundreds of thousands that takes a good part of
a second each time, so what was counted is kept for twenty times as long as the counting took, half
a minute at most: counting then takes a twentieth of a core, however many leads look. Short lists
are counted each time.
"""

from __future__ import annotations

import time

from sqlalchemy.orm import Session

from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries.queue import Moment, reasons

SHORT = 20_000
TIMES, LONGEST = 20, 30.0
Key = tuple[str, int, tuple[str, ...], tuple[str, ...]]
_kept: dict[Key, tuple[float, dict[str, int]]] = {}


def reasons_lately(db: Session, phonebank: Phonebank, moment: Moment) -> dict[str, int]:
    """How many people stand for each reason (``queue.reasons``), of a long list a moment ago."""
    where = str(db.get_bind().engine.url)
    key = (where, phonebank.id, moment.open_zones, moment.shut_nations)
    until, found = _kept.get(key, (0.0, {}))
    if time.monotonic() < until:
        return dict(found)
    started = time.monotonic()
    found = reasons(db, phonebank, moment)
    took = time.monotonic() - started
    for old in [one for one, (end, _) in _kept.items() if end < started]:
        del _kept[old]
    if sum(found.values()) > SHORT:
        _kept[key] = (started + took + min(LONGEST, TIMES * took), found)
    return dict(found)
