"""What is counted over a whole long list, remembered for a moment by a web process.

A lead's board asks every few seconds. Of a list of hundreds of thousands that takes a good part of
a second each time, so what was counted is kept for twenty times as long as the counting took, half
a minute at most: counting then takes a twentieth of a core, however many leads look. Short lists
are counted each time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.board import Progress
from campaign.phonebanks.queries.queue import Moment, reasons

SHORT = 20_000
TIMES, LONGEST = 20, 30.0
Found = TypeVar("Found")
_kept: dict[Hashable, tuple[float, Any]] = {}


def reasons_lately(db: Session, phonebank: Phonebank, moment: Moment) -> dict[str, int]:
    """How many people stand for each reason (``queue.reasons``), of a long list a moment ago."""
    key = (phonebank.id, moment.open_zones, moment.shut_nations)
    found = _lately(
        db,
        ("reasons", *key),
        lambda: reasons(db, phonebank, moment),
        lambda found: sum(found.values()),
    )
    return dict(found)


def progress_lately(db: Session, phonebank_id: int) -> Progress:
    """What calling has come to (``board.progress``), of many calls a moment ago."""
    return _lately(
        db,
        ("progress", phonebank_id),
        lambda: board.progress(db, phonebank_id),
        lambda found: max(found.people, found.calls),
    )


def outcomes_lately(db: Session, phonebank_id: int) -> list[tuple[str, int]]:
    """How calls ended (``board.outcomes_of``), of many calls a moment ago."""
    found = _lately(
        db,
        ("outcomes", phonebank_id),
        lambda: board.outcomes_of(db, phonebank_id),
        lambda found: sum(number for _, number in found),
    )
    return list(found)


def _lately(
    db: Session,
    what: tuple[Hashable, ...],
    count: Callable[[], Found],
    size: Callable[[Found], int],
) -> Found:
    key = (str(db.get_bind().engine.url), *what)
    until, kept = _kept.get(key, (0.0, None))
    started = time.monotonic()
    if started < until:
        found: Found = kept
        return found
    found = count()
    now = time.monotonic()
    for old in [one for one, (end, _) in list(_kept.items()) if end < now]:
        _kept.pop(old, None)
    if size(found) > SHORT:
        _kept[key] = (now + min(LONGEST, TIMES * (now - started)), found)
    return found
