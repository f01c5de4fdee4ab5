"""Which council area a point lies in: rings of coordinates, nothing else."""

from collections.abc import Iterable, Sequence
from typing import Any

Ring = Sequence[Sequence[float]]
Area = Sequence[Sequence[Ring]]
"""Polygons of rings of (lng, lat), as in a GeoJSON MultiPolygon."""


def area_of(geometry: dict[str, Any]) -> Area:
    """The polygons of a GeoJSON Polygon or MultiPolygon."""
    coordinates = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def edges_of(area: Area) -> tuple[float, float, float, float]:
    """West, south, east and north of the area."""
    lngs, lats = zip(*_corners(area), strict=True)
    return min(lngs), min(lats), max(lngs), max(lats)


def holds(area: Area, lat: float, lng: float) -> bool:
    """Whether the point is inside: a line east of it crosses an odd number of edges.

    Holes need no care of their own: their edges are crossed as well.
    """
    return sum(_crossings(ring, lat, lng) for polygon in area for ring in polygon) % 2 == 1


def _corners(area: Area) -> Iterable[tuple[float, float]]:
    return ((corner[0], corner[1]) for polygon in area for ring in polygon for corner in ring)


def _crossings(ring: Ring, lat: float, lng: float) -> int:
    count = 0
    x1, y1 = ring[-1]
    for x2, y2 in ring:
        if (y1 > lat) != (y2 > lat) and lng < x1 + (lat - y1) / (y2 - y1) * (x2 - x1):
            count += 1
        x1, y1 = x2, y2
    return count
