"""The map's answer: features where they are few, clusters of a grid where they are many."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from campaign.events.models import Event
from campaign.events.queries.finding import conditions
from campaign.events.rules.finding import MOST_FEATURES, Filters, cell_degrees
from campaign.foundation.database import is_postgresql

# A cell is as wide as it is high on the screen in the middle of Britain (cos 54°).
FLATTENED = 0.59


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


def features_in(db: Session, *, filters: Filters, zoom: int, now: datetime) -> Answer:
    """What the map shows in a box: at most 500 features, otherwise cells of 60 pixels."""
    wanted = [*conditions(filters, now=now), Event.shown_lat.is_not(None)]
    features = _texts(db, wanted, MOST_FEATURES + 1)
    if len(features) <= MOST_FEATURES:
        return Answer(features, [], len(features))
    return _clustered(db, wanted, zoom)


def _texts(db: Session, wanted: list[ColumnElement[bool]], most: int) -> list[str]:
    # The keys first, from the index alone: the texts are long, and most are not wanted.
    ids = select(Event.id).where(*wanted).order_by(Event.starts_at, Event.id).limit(most)
    query = select(Event.feature).where(Event.id.in_(list(db.scalars(ids))))
    return [text for text in db.scalars(query.order_by(Event.starts_at, Event.id)) if text]


def _clustered(db: Session, wanted: list[ColumnElement[bool]], zoom: int) -> Answer:
    wide = cell_degrees(zoom)
    column = _whole(db, (Event.shown_lng + 540.0) / wide)
    row = _whole(db, (Event.shown_lat + 90.0) / (wide * FLATTENED))
    query = (
        select(
            column,
            row,
            func.count(),
            func.avg(Event.shown_lat),
            func.avg(Event.shown_lng),
            func.min(Event.shown_lng),
            func.min(Event.shown_lat),
            func.max(Event.shown_lng),
            func.max(Event.shown_lat),
            func.min(Event.id),
        )
        .where(*wanted)
        .group_by(column, row)
        .order_by(column, row)
    )
    cells = db.execute(query).all()
    alone = [cell[9] for cell in cells if cell[2] == 1][:MOST_FEATURES]
    features = _texts(db, [Event.id.in_(alone)], MOST_FEATURES) if alone else []
    clusters = [_cluster(zoom, cell) for cell in cells if cell[2] > 1 or cell[9] not in set(alone)]
    return Answer(features, clusters, sum(cell[2] for cell in cells))


def _whole(db: Session, number: ColumnElement[Any]) -> ColumnElement[Any]:
    """A positive number without its fraction: PostgreSQL's cast rounds, SQLite has no floor."""
    return func.floor(number) if is_postgresql(db) else cast(number, Integer)


def _cluster(zoom: int, cell: Any) -> Cluster:
    west, south, east, north = (round(float(edge), 5) for edge in cell[5:9])
    return Cluster(
        key=f"{zoom}-{int(cell[0])}-{int(cell[1])}",
        count=int(cell[2]),
        lat=round(float(cell[3]), 5),
        lng=round(float(cell[4]), 5),
        west=west,
        south=south,
        east=east,
        north=north,
    )
