"""Choosing from the almanac: what filters let through, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.queries.almanac import KINDS, Almanac, Rows, almanac
from campaign.events.rules.finding import Box, Filters, fold
from campaign.events.rules.needs import MOST_URGENT
from campaign.events.rules.times import LONGEST
from campaign.groups.models import Group
from campaign.places.rules import bounding_box

Mask = NDArray[np.bool_]
KM_PER_DEGREE = 111.195
# Above every instant and every distance, so that a class and a number make one key.
STEP = 1e11


@dataclass(frozen=True)
class Choice:
    """The rows of the almanac that filters let through."""

    rows: Rows
    filters: Filters


def chosen(db: Session, *, filters: Filters, now: datetime) -> Choice:
    """What is found: listed, not over, and as the filters say."""
    book = almanac(db, now=now)
    rows = book.rows[_plain(book.rows, filters, now)]
    if filters.group is not None:
        group_id = db.scalar(select(Group.id).where(Group.slug == filters.group))
        rows = rows[rows["group"] == (group_id or 0)]
    if filters.words:
        rows = rows[_worded(db, book, rows, filters.words)]
    return Choice(_within(rows, filters), filters)


def _plain(rows: Rows, filters: Filters, now: datetime) -> Mask:
    stamp = now.timestamp()
    # What has run for longer than an event may is over, whatever its end says.
    mask: Mask = (rows["ends"] > stamp) & (rows["starts"] > stamp - LONGEST / timedelta(seconds=1))
    if filters.begins is not None and filters.begins > now:
        mask &= rows["starts"] >= filters.begins.timestamp()
    if filters.until is not None:
        mask &= rows["starts"] < filters.until.timestamp()
    if filters.kinds:
        mask &= np.isin(rows["kind"], [KINDS[kind] for kind in filters.kinds])
    if filters.open_only:
        mask &= ~_full(rows)
    if filters.step_free:
        mask &= rows["step_free"]
    if filters.online:
        mask &= rows["online"]
    return mask


def _within(rows: Rows, filters: Filters) -> Rows:
    """What lies in the box and in reach; what is online lies nowhere, and is near everybody."""
    if filters.online:
        return rows
    if filters.box is not None:
        rows = rows[_in_box(rows, filters.box)]
    if filters.lat is not None and filters.lng is not None and filters.radius_km is not None:
        rows = rows[_in_box(rows, bounding_box(filters.lat, filters.lng, filters.radius_km))]
        rows = rows[_square_km(rows, filters) <= filters.radius_km**2]
    return rows


def _in_box(rows: Rows, box: Box | Any) -> Mask:
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


def _worded(db: Session, book: Almanac, rows: Rows, words: tuple[str, ...]) -> Mask:
    """Each word stands in the title, in the place or in the name of the group."""
    names = {key: fold(name) for key, name in db.execute(select(Group.id, Group.name))}
    texts = [
        f"{book.texts.get(key, '')} {names.get(group, '')}"
        for key, group in zip(rows["id"].tolist(), rows["group"].tolist(), strict=True)
    ]
    return np.array([all(word in text for word in words) for text in texts], dtype=bool)


def page_of(db: Session, choice: Choice) -> tuple[list[int], tuple[float, ...] | None]:
    """The keys of one page in the order that was asked for, and after what it goes on."""
    rows, filters = choice.rows, choice.filters
    key = _order(db, rows, filters)
    if filters.after is not None and len(filters.after) == 3:
        first, starts, last = filters.after
        later = (rows["starts"] > starts) | ((rows["starts"] == starts) & (rows["id"] > last))
        on = (key > first) | ((key == first) & later)
        rows, key = rows[on], key[on]
    most = filters.most
    if len(key) > most + 1:
        # Only what may stand on the page is put in order.
        near = key <= np.partition(key, most)[most]
        rows, key = rows[near], key[near]
    order = np.lexsort((rows["id"], rows["starts"], key))[: most + 1]
    ids = rows["id"][order].tolist()
    if len(ids) <= most:
        return ids, None
    end = order[most - 1]
    return ids[:most], (float(key[end]), float(rows["starts"][end]), float(rows["id"][end]))


def _order(db: Session, rows: Rows, filters: Filters) -> NDArray[np.float64]:
    """One number for each row, ascending; ties go by the start and the key."""
    starts: NDArray[np.float64] = rows["starts"]
    if filters.sort == "time":
        return starts
    full = _full(rows)
    if filters.sort == "distance" and filters.lat is not None:
        # Online is nowhere: behind all that has a distance.
        away = np.nan_to_num(_square_km(rows, filters), nan=STEP / 10)
        return away + full * STEP
    short = rows["needed"] > rows["taken"]
    urgency = np.where(short, MOST_URGENT - _priorities(db, rows), MOST_URGENT + 1)
    keys: NDArray[np.float64] = np.where(full, MOST_URGENT + 2, urgency) * STEP + starts
    return keys


def _priorities(db: Session, rows: Rows) -> NDArray[np.int64]:
    """How much the area of each row's group counts just now."""
    marks = np.zeros(len(rows), dtype=np.int64)
    counted = select(Group.id, Group.priority).where(Group.priority > 0).order_by(Group.id)
    for group_id, priority in db.execute(counted):
        marks[rows["group"] == group_id] = priority
    return marks


def nearest_km(choice: Choice) -> float | None:
    """How far the nearest of them is from the point, in kilometres."""
    squares = _square_km(choice.rows, choice.filters)
    squares = squares[~np.isnan(squares)]
    return float(np.sqrt(squares.min())) if len(squares) else None
