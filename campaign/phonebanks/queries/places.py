"""Where the last person of each slot was found: an aid to speed, and never more.

While a long snapshot is open (a backup), the database cannot clear away the entries of those who
are no longer ready, and each look would step over all of them; the same with people whom the law
lets nobody ring just now. So a process begins where it found somebody last. What lies before is
looked at again after half a minute, and whenever nobody is found behind.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy.orm import Session
from sqlalchemy.pool import Pool

FRESH_SECONDS = 30.0
FRONT = (-32768, -1)  # before every priority and every shuffle


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a slot's order, and since when the slot was not looked at from its front."""

    priority: int
    shuffle: int
    since: float


_places: WeakKeyDictionary[Pool, dict[tuple[int, int], Place]] = WeakKeyDictionary()


def place_to_begin(db: Session, phonebank_id: int, slot: int) -> tuple[int, int]:
    """From which priority and shuffle on to look."""
    known = _of(db).get((phonebank_id, slot))
    if known is None or time.monotonic() - known.since > FRESH_SECONDS:
        return FRONT
    return known.priority, known.shuffle


def found_at(db: Session, phonebank_id: int, slot: int, *, begun: tuple[int, int],
             at: tuple[int, int] | None) -> None:  # fmt: skip
    """Remember where somebody was found; where nobody was, forget."""
    kept, key = _of(db), (phonebank_id, slot)
    known = kept.get(key)
    if at is None:
        kept.pop(key, None)
    elif begun == FRONT or known is None:
        kept[key] = Place(*at, since=time.monotonic())
    else:
        kept[key] = Place(*at, since=known.since)


def _of(db: Session) -> dict[tuple[int, int], Place]:
    return _places.setdefault(db.connection().engine.pool, {})
