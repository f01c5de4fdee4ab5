"""What people look for: filters, boxes on the map, the order of a list and where it goes on."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import datetime
from math import isfinite, log2

from campaign.foundation.errors import Refused

SORTS = ("need", "time", "distance")
RADII = (2, 5, 10, 25, 50, 100)
RADIUS_KM = 10.0
PAGE = 20
MOST_FEATURES = 500
CELL_PIXELS = 60
FINEST_ZOOM = 18


@dataclass(frozen=True)
class Box:
    """A part of the map, in decimal degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to look for. ``begins``/``until`` are instants; with a point, ``radius_km`` counts."""

    kinds: tuple[str, ...] = ()
    begins: datetime | None = None
    until: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    radius_km: float = RADIUS_KM
    box: Box | None = None
    group: str | None = None
    open_only: bool = False
    step_free: bool = False
    sort: str = "need"
    after: tuple[float, ...] | None = None
    most: int = PAGE


def parse_box(text: str | None) -> Box:
    """The box of "west,south,east,north"; Refused with a sentence otherwise."""
    parts = (text or "").split(",")
    try:
        numbers = [float(part) for part in parts if part.strip().isascii()]
    except ValueError:
        numbers = []
    if len(parts) != 4 or len(numbers) != 4 or not all(map(isfinite, numbers)):
        raise Refused("Give bbox as four numbers in degrees: west,south,east,north.")
    box = Box(*numbers)
    if not (-90 <= box.south < box.north <= 90):
        raise Refused("In bbox the south must lie below the north, both from -90 to 90.")
    if not (-540 <= box.west < box.east <= 540):
        raise Refused("In bbox the west must lie before the east, both from -180 to 180.")
    return box


def parse_zoom(text: str | None, box: Box) -> int:
    """The zoom of the map; without one, what shows the box on about a thousand pixels."""
    if not text:
        return max(0, min(FINEST_ZOOM, round(log2(360 * 4 / (box.east - box.west)))))
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Refused("Give zoom as a whole number from 0 to 18.")
    return min(FINEST_ZOOM, int(text))


def cell_degrees(zoom: int) -> float:
    """How wide 60 pixels are at a zoom, in degrees of longitude (web mercator, 256 px tiles)."""
    degrees: float = CELL_PIXELS * 360 / (256 * 2**zoom)
    return degrees


def write_after(key: tuple[float, ...]) -> str:
    """Where a list goes on, as it stands in the address."""
    return base64.urlsafe_b64encode(json.dumps(list(key)).encode()).decode().rstrip("=")


def read_after(text: str | None) -> tuple[float, ...] | None:
    """Where to go on; None for the beginning, also when the address was spoilt."""
    if not text or len(text) > 200:
        return None
    try:
        given = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        key = tuple(float(number) for number in given)
    except (ValueError, TypeError, OverflowError, RecursionError, binascii.Error):
        return None
    return key if 2 <= len(key) <= 4 and all(map(isfinite, key)) else None
