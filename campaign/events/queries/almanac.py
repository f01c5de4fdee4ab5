"""The almanac: what lists and maps choose by, of every listed event, kept in this process.

A hundred thousand events are six megabytes of numbers, and one pass over them takes a
millisecond; the database takes a hundred for the same. So each process keeps them, and before
every answer asks the database which events were written since (``models.turns``): a read by an
index that mostly finds nothing. What is shown of an event still comes from its row, which says
again that it is listed.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.orm import Session

from campaign.events.models import Event, EventTurn
from campaign.events.rules.finding import fold
from campaign.events.rules.kinds import Kind
from campaign.foundation.database import epoch_seconds, is_postgresql, is_writing

# Written anew so often, whatever it believes of itself; then what is over leaves it, too.
LASTS = timedelta(minutes=10)
# With so many changes, reading everything is quicker than putting them in one by one.
MANY = 5000
KINDS = {kind.value: number for number, kind in enumerate(Kind)}
ROW = np.dtype(
    [
        ("id", "i8"),
        ("group", "i8"),
        ("starts", "f8"),
        ("ends", "f8"),
        ("lat", "f8"),
        ("lng", "f8"),
        ("capacity", "i4"),
        ("taken", "i4"),
        ("needed", "i4"),
        ("kind", "i1"),
        ("step_free", "?"),
        ("online", "?"),
    ]
)
Rows = NDArray[Any]


@dataclass(frozen=True)
class Almanac:
    """Rows in the order of their key, never changed once made; ``texts`` are folded words."""

    turn: int
    rows: Rows
    texts: dict[int, str]
    made_at: datetime


@dataclass
class _Shelf:
    """Where the almanac of one database lies in this process."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    kept: Almanac | None = None


# By the engine's dialect: it is one for reading and writing, and goes with the engine.
_shelves: WeakKeyDictionary[Any, _Shelf] = WeakKeyDictionary()
_making = threading.Lock()


def almanac(db: Session, *, now: datetime) -> Almanac:
    """Every listed event that is not over, as the database has it now.

    A session that writes may see what will never be: for it the almanac is read and not kept.
    """
    if is_writing(db):
        return _read(db, now)
    with _making:
        shelf = _shelves.setdefault(db.get_bind().dialect, _Shelf())
    with shelf.lock:
        kept = shelf.kept
        if kept is None or not kept.made_at <= now <= kept.made_at + LASTS:
            shelf.kept = _read(db, now)
        else:
            shelf.kept = _caught_up(db, kept, now)
        return shelf.kept


def _read(db: Session, now: datetime) -> Almanac:
    # The turn first: what is written between the two reads is then read once more.
    turn, _ = _turns(db)
    found = _listed(db, now)
    texts = {row.id: fold(f"{row.title} {row.shown_place}") for row in found}
    return Almanac(turn, _in_order(_rows(found)), texts, now)


def _caught_up(db: Session, kept: Almanac, now: datetime) -> Almanac:
    turn, following = _turns(db)
    changed = _changed(db, kept.turn, following)
    if len(changed) > MANY:
        return _read(db, now)
    if not changed:
        return replace(kept, turn=max(turn, kept.turn))
    found = _listed(db, now, Event.id.in_(changed))
    kept.texts.update((row.id, fold(f"{row.title} {row.shown_place}")) for row in found)
    others = kept.rows[~np.isin(kept.rows["id"], changed)]
    rows = _in_order(np.concatenate([others, _rows(found)]))
    return replace(kept, turn=max(turn, kept.turn), rows=rows)


def _turns(db: Session) -> tuple[int, int]:
    """From which turn on a later look finds what this one cannot see, and which comes next.

    PostgreSQL numbers transactions and ends them in any order: what is older than the oldest
    still under way is all there. SQLite has one writer, so its count will do.
    """
    if is_postgresql(db):
        snapshot = (
            "SELECT pg_snapshot_xmin(now)::text::bigint, pg_snapshot_xmax(now)::text::bigint "
            "FROM (SELECT pg_current_snapshot() AS now) AS one"
        )
        oldest, following = db.execute(text(snapshot)).one()
        return int(oldest), int(following)
    last = db.scalar(select(func.max(EventTurn.turn))) or 0
    return last + 1, last + 1


def _changed(db: Session, since: int, following: int) -> list[int]:
    """The events written in these turns; a restored database may hold turns of another life."""
    written = select(EventTurn.event_id).where(EventTurn.turn.between(since, following - 1))
    return list(db.scalars(written.order_by(EventTurn.event_id).limit(MANY + 1)))


def _listed(db: Session, now: datetime, *only: ColumnElement[bool]) -> Sequence[Any]:
    query = select(
        Event.id,
        Event.group_id,
        epoch_seconds(db, Event.starts_at),
        epoch_seconds(db, Event.ends_at),
        Event.shown_lat,
        Event.shown_lng,
        func.coalesce(Event.capacity, -1),
        Event.taken,
        func.coalesce(Event.needed, 0),
        Event.kind,
        Event.step_free,
        Event.place_kind,
        Event.title,
        Event.shown_place,
    )
    return db.execute(query.where(Event.state == "listed", Event.ends_at > now, *only)).all()


def _rows(found: Sequence[Any]) -> Rows:
    # What has no point has not-a-number for its degrees, which lies in no box.
    return np.array(
        [(*row[:9], KINDS[row[9]], row[10] is True, row[11] == "online") for row in found],
        dtype=ROW,
    )


def _in_order(rows: Rows) -> Rows:
    ordered: Rows = rows[np.argsort(rows["id"], kind="stable")]
    ordered.flags.writeable = False
    return ordered
