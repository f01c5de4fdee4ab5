"""The map's answer: features where they are few, clusters of a grid where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.queries.almanac import Column
from campaign.events.queries.choosing import Choice, chosen
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
    choice = chosen(db, filters=filters, now=now)
    choice = choice.only(~np.isnan(choice["lat"]))
    if len(choice) <= most:
        features = _texts(db, choice["id"].tolist())
        return Answer(features, [], len(features))
    return _clustered(db, choice, zoom)


def _texts(db: Session, ids: list[int]) -> list[str]:
    """The texts of these events as their rows have them now, soonest first."""
    query = select(Event.feature).where(
        Event.id.in_(ids), Event.state == "listed", Event.feature.is_not(None)
    )
    return [text for text in db.scalars(query.order_by(Event.starts_at, Event.id)) if text]


def _clustered(db: Session, choice: Choice, zoom: int) -> Answer:
    lats, lngs = choice["lat"], choice["lng"]
    cells = _cells(lats, lngs, zoom)
    while zoom > 0 and np.count_nonzero(np.bincount(cells)) > MOST_CLUSTERS:
        zoom -= 1
        cells = _cells(lats, lngs, zoom)
    order = np.argsort(cells, kind="stable")
    cells, lats, lngs = cells[order], lats[order], lngs[order]
    firsts = np.flatnonzero(np.diff(cells, prepend=cells[0] + 1))
    counts = np.diff(firsts, append=len(cells))
    alone = choice["id"][order][firsts[counts == 1]].tolist()
    columns = zip(
        counts.tolist(),
        (np.add.reduceat(lats, firsts) / counts).tolist(),
        (np.add.reduceat(lngs, firsts) / counts).tolist(),
        np.minimum.reduceat(lngs, firsts).tolist(),
        np.minimum.reduceat(lats, firsts).tolist(),
        np.maximum.reduceat(lngs, firsts).tolist(),
        np.maximum.reduceat(lats, firsts).tolist(),
        strict=True,
    )
    clusters = [_cluster(zoom, count, degrees) for count, *degrees in columns if count > 1]
    features = _texts(db, alone)
    return Answer(features, clusters, sum(one.count for one in clusters) + len(features))


def _cells(lats: Column, lngs: Column, zoom: int) -> Column:
    """The number of the cell in which each point lies, counted from the corner of them all."""
    wide = cell_degrees(zoom)
    columns = np.floor((lngs + 540.0) / wide).astype(np.int64)
    rows = np.floor((lats + 90.0) / (wide * FLATTENED)).astype(np.int64)
    columns -= columns.min()
    cells = (rows - rows.min()) * (int(columns.max()) + 1) + columns
    # Small numbers are put in order by their digits, which is ten times as quick.
    few: Column = cells.astype(np.uint16) if int(cells.max()) < 2**16 else cells
    return few


def _cluster(zoom: int, count: int, degrees: list[float]) -> Cluster:
    lat, lng, west, south, east, north = (round(one, 5) for one in degrees)
    wide = cell_degrees(zoom)
    key = f"{zoom}-{int((lng + 540) / wide)}-{int((lat + 90) / (wide * FLATTENED))}"
    return Cluster(key, count, lat, lng, west, south, east, north)
