"""Choosing from the almanac: what filters let through, and in which order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.queries.almanac import KINDS, Almanac, Column, almanac
from campaign.events.rules.finding import Filters, fold
from campaign.events.rules.needs import MOST_URGENT
from campaign.events.rules.times import LONGEST
from campaign.groups.models import Group
from campaign.places.rules import bounding_box

Mask = NDArray[np.bool_]
KM_PER_DEGREE = 111.195
# Above every instant and every distance, so that a class and a number make one key.
STEP = 1e11


class Rows(Protocol):
    """Columns by their names: the whole almanac, or what was chosen of it."""

    def __getitem__(self, name: str, /) -> Column: ...


@dataclass(frozen=True)
class Choice:
    """The rows of the almanac that filters let through, by their numbers."""

    book: Almanac
    at: Column
    filters: Filters

    def __getitem__(self, name: str) -> Column:
        """A column of these rows alone."""
        column: Column = self.book[name][self.at]
        return column

    def __len__(self) -> int:
        return len(self.at)

    def only(self, mask: Mask) -> Choice:
        """Those of these rows that a mask lets through."""
        return replace(self, at=self.at[mask])


def chosen(db: Session, *, filters: Filters, now: datetime) -> Choice:
    """What is found: listed, not over, and as the filters say."""
    book = almanac(db, now=now)
    mask = _plain(book, filters, now) & _within(book, filters)
    for word in filters.words:
        mask &= _says(db, book, word)
    if filters.group is not None:
        group_id = db.scalar(select(Group.id).where(Group.slug == filters.group))
        mask &= book["group"] == (group_id or 0)
    return Choice(book, np.flatnonzero(mask), filters)


def _plain(book: Almanac, filters: Filters, now: datetime) -> Mask:
    stamp = now.timestamp()
    # What has run for longer than an event may is over, whatever its end says.
    mask: Mask = (book["ends"] > stamp) & (book["starts"] > stamp - LONGEST / timedelta(seconds=1))
    if filters.begins is not None and filters.begins > now:
        mask &= book["starts"] >= filters.begins.timestamp()
    if filters.until is not None:
        mask &= book["starts"] < filters.until.timestamp()
    if filters.kinds:
        mask &= np.isin(book["kind"], [KINDS[kind] for kind in filters.kinds])
    if filters.open_only:
        mask &= ~_full(book)
    if filters.step_free:
        mask &= book["step_free"]
    if filters.online:
        mask &= book["online"]
    return mask


def _within(book: Almanac, filters: Filters) -> Mask:
    """What lies in the box and in reach; what is online lies nowhere, and is near everybody."""
    mask = np.ones(len(book["id"]), dtype=np.bool_)
    if filters.online:
        return mask
    if filters.box is not None:
        mask &= _in_box(book, filters.box)
    if filters.lat is not None and filters.lng is not None and filters.radius_km is not None:
        mask &= _in_box(book, bounding_box(filters.lat, filters.lng, filters.radius_km))
        mask &= _square_km(book, filters) <= filters.radius_km**2
    return mask


def _in_box(rows: Rows, box: Any) -> Mask:
    mask: Mask = (rows["lat"] >= box.south) & (rows["lat"] <= box.north)
    mask &= (rows["lng"] >= box.west) & (rows["lng"] <= box.east)
    return mask


def _square_km(rows: Rows, filters: Filters) -> NDArray[np.float64]:
    """The squared distance to a point, flat: within 1 % up to 100 km, and needs no trigonometry."""
    lat, lng = filters.lat or 0.0, filters.lng or 0.0
    rise = (rows["lat"] - lat) * KM_PER_DEGREE
    turn = (rows["lng"] - lng) * (KM_PER_DEGREE * cos(radians(lat)))
    squares: NDArray[np.float64] = rise * rise + turn * turn
    return squares


def _full(rows: Rows) -> Mask:
    full: Mask = (rows["capacity"] >= 0) & (rows["taken"] >= rows["capacity"])
    return full


def _says(db: Session, book: Almanac, word: str) -> Mask:
    """The word stands in the title, in the place or in the name of the group."""
    said: Mask = np.any(book.wordbook.holding(word)[book["words"]], axis=1)
    names = db.execute(select(Group.id, Group.name).order_by(Group.id))
    groups = [key for key, name in names if word in fold(name)]
    return said | np.isin(book["group"], groups) if groups else said


def page_of(db: Session, choice: Choice) -> tuple[list[int], tuple[float, ...] | None]:
    """The keys of one page in the order that was asked for, and after what it goes on."""
    key, most, after = _order(db, choice), choice.filters.most, choice.filters.after
    if after is not None and len(after) == 3:
        starts, ids = choice["starts"], choice["id"]
        later = (starts > after[1]) | ((starts == after[1]) & (ids > after[2]))
        on = (key > after[0]) | ((key == after[0]) & later)
        choice, key = choice.only(on), key[on]
    if len(key) > most + 1:
        # Only what may stand on the page is put in order.
        near = key <= np.partition(key, most)[most]
        choice, key = choice.only(near), key[near]
    ids, starts = choice["id"], choice["starts"]
    order = np.lexsort((ids, starts, key))
    page: list[int] = ids[order[:most]].tolist()
    if len(order) <= most:
        return page, None
    end = order[most - 1]
    return page, (float(key[end]), float(starts[end]), float(ids[end]))


def _order(db: Session, choice: Choice) -> NDArray[np.float64]:
    """One number for each row, ascending; ties go by the start and the key."""
    starts: NDArray[np.float64] = choice["starts"]
    filters = choice.filters
    if filters.sort == "time":
        return starts
    full = _full(choice)
    if filters.sort == "distance" and filters.lat is not None:
        # Online is nowhere: behind all that has a distance.
        away = np.nan_to_num(_square_km(choice, filters), nan=STEP / 10)
        return away + full * STEP
    short = choice["needed"] > choice["taken"]
    urgency = np.where(short, MOST_URGENT - _priorities(db, choice), MOST_URGENT + 1)
    keys: NDArray[np.float64] = np.where(full, MOST_URGENT + 2, urgency) * STEP + starts
    return keys


def _priorities(db: Session, choice: Choice) -> NDArray[np.int64]:
    """How much the area of each row's group counts just now."""
    counted = db.execute(select(Group.id, Group.priority).where(Group.priority > 0))
    groups = choice["group"]
    table = np.zeros(int(groups.max(initial=0)) + 1, dtype=np.int64)
    for group_id, priority in counted:
        if group_id < len(table):
            table[group_id] = priority
    marks: NDArray[np.int64] = table[groups]
    return marks


def nearest_km(choice: Choice) -> float | None:
    """How far the nearest of them is from the point, in kilometres."""
    squares = _square_km(choice, choice.filters)
    squares = squares[~np.isnan(squares)]
    return float(np.sqrt(squares.min())) if len(squares) else None
