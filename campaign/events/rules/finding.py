"""What people look for: filters, boxes on the map, the order of a list and where it goes on."""

from __future__ import annotations

import base64
import binascii
import json
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from math import ceil, floor, isfinite, log2

from campaign.foundation.errors import Refused

SORTS = ("need", "time", "distance")
RADII = (2, 5, 10, 25, 50, 100)
RADIUS_KM = 10.0
PAGE = 20
MOST_FEATURES = 500
# No screen is wider than four thousand pixels, so no honest view has more cells than these.
MOST_PIXELS = 4096
MOST_CLUSTERS = 500
CELL_PIXELS = 60
# A cell is as wide as it is high on the screen in the middle of Britain (cos 54°).
FLATTENED = 0.59
FINEST_ZOOM = 18
# Degrees; a box may be as narrow as two numbers can be apart.
SMALLEST = 1e-6
# Half a tile. An address says five decimals, so an edge on the grid may seem a little beside it.
GRID_PIXELS = 128
SLACK = 6e-6
MOST_WORDS = 8


@dataclass(frozen=True)
class Box:
    """A part of the map, in decimal degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What to look for. ``begins``/``until`` are instants.

    With a point, ``radius_km`` counts; without a radius the point is only measured from.
    ``words`` are folded, and each must be found.
    """

    kinds: tuple[str, ...] = ()
    begins: datetime | None = None
    until: datetime | None = None
    lat: float | None = None
    lng: float | None = None
    radius_km: float | None = RADIUS_KM
    box: Box | None = None
    group: str | None = None
    words: tuple[str, ...] = ()
    open_only: bool = False
    step_free: bool = False
    online: bool = False
    sort: str = "need"
    after: tuple[float, ...] | None = None
    most: int = PAGE


def fold(text: str) -> str:
    """A text as words are compared: no case, no accents."""
    lower = text.casefold()
    if lower.isascii():
        return lower
    plain = unicodedata.normalize("NFKD", lower)
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def words_of(text: str | None) -> tuple[str, ...]:
    """The words somebody searches for, at most eight."""
    return tuple(dict.fromkeys(fold((text or "")[:100]).split()))[:MOST_WORDS]


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
        return max(0, min(FINEST_ZOOM, round(log2(360 * 4 / max(box.east - box.west, SMALLEST)))))
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        raise Refused("Give zoom as a whole number from 0 to 18.")
    return min(FINEST_ZOOM, int(text))


def honest_zoom(zoom: int, box: Box) -> int:
    """The zoom, no finer than a screen of four thousand pixels shows the whole box."""
    wide = max(box.east - box.west, (box.north - box.south) / FLATTENED, SMALLEST)
    return max(0, min(zoom, floor(log2(MOST_PIXELS * 360 / (256 * wide)))))


def snapped(box: Box, zoom: int) -> Box:
    """The box, outwards to a grid of half tiles, so that neighbouring views ask the same.

    The script of the map goes outwards in the same way; what is on the grid stays as it is.
    """
    step: float = GRID_PIXELS * 360 / (256 * 2**zoom)

    def low(number: float) -> float:
        return floor((number + SLACK) / step) * step

    def high(number: float) -> float:
        return ceil((number - SLACK) / step) * step

    return Box(
        west=round(low(box.west), 5),
        south=max(-90.0, round(low(box.south), 5)),
        east=round(high(box.east), 5),
        north=min(90.0, round(high(box.north), 5)),
    )


def cell_degrees(zoom: int) -> float:
    """How wide 60 pixels are at a zoom, in degrees of longitude (web mercator, 256 px tiles)."""
    degrees: float = CELL_PIXELS * 360 / (256 * 2**zoom)
    return degrees


def radius_for(km: float) -> int | None:
    """The smallest radius on offer that reaches so far; None where none does."""
    return next((radius for radius in RADII if radius >= km), None)


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
