"""The almanac: what lists and maps choose by, of every listed event, kept in this process.

A hundred thousand events are twelve megabytes of numbers, and one pass over them takes a
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
from campaign.events.queries.wordbook import WIDTH, Wordbook
from campaign.events.rules.finding import fold
from campaign.events.rules.kinds import Kind
from campaign.foundation.database import epoch_seconds, is_postgresql, is_writing

# Written anew so often, whatever it believes of itself; then what is over leaves it, too.
LASTS = timedelta(hours=1)
# With so many changes, reading everything is quicker than putting them in one by one.
MANY = 5000
KINDS = {kind.value: number for number, kind in enumerate(Kind)}
COLUMNS = {
    "id": np.int64,
    "group": np.int64,
    "starts": np.float64,  # seconds since 1970
    "ends": np.float64,
    "lat": np.float64,  # not-a-number for what has no point: that lies in no box
    "lng": np.float64,
    "capacity": np.int32,  # -1 for no limit
    "taken": np.int32,
    "needed": np.int32,
    "kind": np.int8,
    "step_free": np.bool_,
    "online": np.bool_,
    "words": np.int32,  # of folded title and place, by the numbers of the wordbook
}
Column = NDArray[Any]


@dataclass(frozen=True)
class Almanac:
    """Columns of numbers in the order of the key, never changed once made.

    What was listed and is no more keeps its row until the almanac is written anew, and has ended.
    """

    turn: int
    columns: dict[str, Column]
    wordbook: Wordbook
    made_at: datetime

    def __getitem__(self, name: str) -> Column:
        return self.columns[name]


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
    wordbook = Wordbook()
    return Almanac(turn, _columns(_listed(db, now), wordbook), wordbook, now)


def _caught_up(db: Session, kept: Almanac, now: datetime) -> Almanac:
    turn, following = _turns(db)
    changed = _changed(db, kept.turn, following)
    if len(changed) > MANY:
        return _read(db, now)
    if changed:
        fresh = _columns(_listed(db, now, Event.id.in_(changed)), kept.wordbook)
        gone = np.setdiff1d(changed, fresh["id"])
        kept = replace(kept, columns=_with(_without(kept.columns, gone), fresh))
    return replace(kept, turn=max(turn, kept.turn))


def _without(columns: dict[str, Column], gone: Column) -> dict[str, Column]:
    """The same with these at an end."""
    at = np.flatnonzero(np.isin(columns["id"], gone)) if len(gone) else gone
    if not len(at):
        return columns
    ends = columns["ends"].copy()
    ends[at] = 0
    return columns | {"ends": ends}


def _with(columns: dict[str, Column], fresh: dict[str, Column]) -> dict[str, Column]:
    """The same with these rows put in; only columns in which something differs are copied."""
    places = np.searchsorted(columns["id"], fresh["id"])
    within = np.minimum(places, len(columns["id"]) - 1)
    known = columns["id"][within] == fresh["id"] if len(columns["id"]) else np.zeros(0, np.bool_)
    new = ~known if len(columns["id"]) else np.ones(len(fresh["id"]), np.bool_)
    merged = dict(columns)
    for name, values in fresh.items():
        held = columns[name]
        if known.any() and not _same(held[within[known]], values[known]):
            held = held.copy()
            held[within[known]] = values[known]
        merged[name] = np.insert(held, places[new], values[new], axis=0) if new.any() else held
    return merged


def _same(one: Column, other: Column) -> bool:
    return np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


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
    return db.execute(
        query.where(Event.state == "listed", Event.ends_at > now, *only).order_by(Event.id)
    ).all()


def _columns(found: Sequence[Any], wordbook: Wordbook) -> dict[str, Column]:
    rows = (
        (
            *row[:9],
            KINDS[row[9]],
            row[10] is True,
            row[11] == "online",
            wordbook.row(fold(f"{row[12]} {row[13]}")),
        )
        for row in found
    )
    columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
    named = zip(COLUMNS.items(), columns, strict=True)
    made: dict[str, Column] = {name: np.array(values, dtype=kind) for (name, kind), values in named}
    return made | {"words": made["words"].reshape(len(found), WIDTH)}
