"""The map's answer: features where they are few, clusters of a grid where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.queries.almanac import Rows
from campaign.events.queries.choosing import chosen
from campaign.events.rules.finding import (
    FLATTENED,
    MOST_CLUSTERS,
    MOST_FEATURES,
    Filters,
    cell_degrees,
)


@dataclass(frozen=True)
class Cluster:
    """So many events in one cell: their middle and their edges, in decimal degrees."""

    key: str
    count: int
    lat: float
    lng: float
    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True)
class Answer:
    """Feature texts and clusters, and how many events there are in all."""

    features: list[str]
    clusters: list[Cluster]
    total: int


def features_in(
    db: Session, *, filters: Filters, zoom: int, now: datetime, most: int = MOST_FEATURES
) -> Answer:
    """What the map shows in a box: at most 500 features, otherwise cells of 60 pixels.

    The cells grow until there are no more than 500 of them.
    """
    rows = chosen(db, filters=filters, now=now).rows
    rows = rows[~np.isnan(rows["lat"])]
    if len(rows) <= most:
        features = _texts(db, rows)
        return Answer(features, [], len(features))
    return _clustered(db, rows, zoom)


def _texts(db: Session, rows: Rows) -> list[str]:
    """The texts of these events as their rows have them now, soonest first."""
    query = select(Event.feature).where(
        Event.id.in_(rows["id"].tolist()),
        Event.state == "listed",
        Event.feature.is_not(None),
    )
    return [text for text in db.scalars(query.order_by(Event.starts_at, Event.id)) if text]


def _clustered(db: Session, rows: Rows, zoom: int) -> Answer:
    cells, which = _cells(rows, zoom)
    while len(cells) > MOST_CLUSTERS and zoom > 0:
        zoom -= 1
        cells, which = _cells(rows, zoom)
    counts = np.bincount(which)
    alone = counts[which] == 1
    clusters = _clusters(rows[~alone], which[~alone], cells, zoom)
    features = _texts(db, rows[alone])
    return Answer(features, clusters, int(sum(one.count for one in clusters)) + len(features))


def _cells(rows: Rows, zoom: int) -> tuple[np.ndarray, np.ndarray]:
    """The cells that hold something, and in which of them each row lies."""
    wide = cell_degrees(zoom)
    column = np.floor((rows["lng"] + 540.0) / wide).astype(np.int64)
    row = np.floor((rows["lat"] + 90.0) / (wide * FLATTENED)).astype(np.int64)
    cells, which = np.unique(column << 32 | row, return_inverse=True)
    return cells, which


def _clusters(rows: Rows, which: np.ndarray, cells: np.ndarray, zoom: int) -> list[Cluster]:
    order = np.argsort(which, kind="stable")
    rows, which = rows[order], which[order]
    firsts = np.flatnonzero(np.diff(which, prepend=-1))
    if not len(firsts):
        return []
    counts = np.diff(firsts, append=len(rows))
    lats, lngs = rows["lat"], rows["lng"]
    columns = zip(
        cells[which[firsts]].tolist(),
        counts.tolist(),
        (np.add.reduceat(lats, firsts) / counts).tolist(),
        (np.add.reduceat(lngs, firsts) / counts).tolist(),
        np.minimum.reduceat(lngs, firsts).tolist(),
        np.minimum.reduceat(lats, firsts).tolist(),
        np.maximum.reduceat(lngs, firsts).tolist(),
        np.maximum.reduceat(lats, firsts).tolist(),
        strict=True,
    )
    return [
        Cluster(
            f"{zoom}-{cell >> 32}-{cell & 0xFFFFFFFF}", count, *(round(one, 5) for one in edges)
        )
        for cell, count, *edges in columns
    ]
