"""What a postcode looks like, how far apart two points are, and the cell that stands for a home."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, degrees, floor, radians, sin, sqrt
from typing import ClassVar, NamedTuple

from campaign.foundation.errors import DomainError, Refused
from campaign.places.grid import Point, british_to_wgs84, irish_to_wgs84, wgs84_to_british

EARTH_RADIUS_KM = 6371.0088  # the mean radius of the IUGG
CELL_METRES = 1000
LONGEST_SEARCH = 100

# Shapes and the letters never used after the space: Royal Mail, "Programmers' guide" to the PAF.
_OUTCODE = r"[A-Z]{1,2}[0-9][0-9A-Z]?"
_UNIT = re.compile(rf"({_OUTCODE})([0-9][ABD-HJLNP-UW-Z]{{2}})")
_SECTOR = re.compile(rf"({_OUTCODE})\s+([0-9])")


class Precision(StrEnum):
    """How finely a spot is known."""

    POSTCODE = "postcode"
    SECTOR = "sector"
    OUTCODE = "outcode"
    PLACE = "place"


@dataclass(frozen=True)
class Spot:
    """What a search resolves to. `note` is a sentence for the page when it is not quite
    what was asked for, else empty; `council` is the council area's name."""

    name: str
    lat: float
    lng: float
    precision: Precision
    council: str | None = None
    note: str = ""


class Box(NamedTuple):
    """Edges in decimal degrees."""

    west: float
    south: float
    east: float
    north: float


class PlaceUnknown(Refused):
    """No spot answers to the text."""


class PlacesNotLoaded(DomainError):
    """The postcodes have not been unpacked on this machine yet: the operator's to mend."""

    status: ClassVar[int] = 503


def clean_search(text: str) -> str:
    """The text as it will be looked up: one kind of letter, single spaces.

    Refuses what nobody types into a place box: nothing at all, control characters, over
    100 characters.
    """
    if len(text) > LONGEST_SEARCH:
        raise PlaceUnknown("That is too long. Enter a postcode, such as BN1 1AA, or a town.")
    folded = unicodedata.normalize("NFKC", text).strip()
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn") for letter in folded):
        raise PlaceUnknown(
            "That holds characters that do not belong in a place name. "
            "Type the postcode or the town again by hand."
        )
    if not folded:
        raise PlaceUnknown("Enter a postcode, such as BN1 1AA, or the name of a town.")
    return " ".join(folded.split())


def normalise_postcode(text: str) -> str | None:
    """The postcode as Royal Mail writes it ("bn11aa" → "BN1 1AA"), or None if it is not one.

    Only the shape is judged; whether such a postcode exists is for the look-up.
    """
    parts = _UNIT.fullmatch(_compact(text))
    return f"{parts[1]} {parts[2]}" if parts else None


def normalise_outcode(text: str) -> str | None:
    """The part before the space ("bn1" → "BN1"), or None if the text is not one."""
    compact = _compact(text)
    return compact if re.fullmatch(_OUTCODE, compact) else None


def normalise_sector(text: str) -> str | None:
    """A postcode without its last two letters ("bn1 1" → "BN1 1"), or None.

    The space is needed: "BN11" is an outcode of its own, twelve miles along the coast.
    """
    parts = _SECTOR.fullmatch(text.strip().upper()) if text.isascii() else None
    return f"{parts[1]} {parts[2]}" if parts else None


def sector_of(postcode: str) -> str:
    """The sector of a normalised postcode: "BN1 1AA" → "BN1 1"."""
    return postcode[:-2]


def outcode_of(postcode: str) -> str:
    """The outcode of a normalised postcode or sector: "BN1 1AA" → "BN1"."""
    return postcode.partition(" ")[0]


def postcode_point(postcode: str, easting: float, northing: float) -> Point:
    """Where a postcode's grid reference lies: Irish grid for BT, British for all others."""
    if postcode.startswith("BT"):
        return irish_to_wgs84(easting, northing)
    return british_to_wgs84(easting, northing)


def fold_name(name: str) -> str:
    """A place name as it is compared: no case, accents, dots or hyphens; St for Saint."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", name.casefold())
        if not unicodedata.combining(letter)
    )
    words = re.sub(r"[^\w,]+", " ", re.sub(r"[.'’]", "", plain)).replace(",", " ").split()
    return " ".join("st" if word == "saint" else word for word in words)


def distance_km(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Great-circle distance in kilometres, by the haversine formula; within 0.6 % of the truth."""
    phi1, phi2 = radians(lat1), radians(lat2)
    rise, turn = sin((phi2 - phi1) / 2), sin(radians(lng2 - lng1) / 2)
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(rise**2 + cos(phi1) * cos(phi2) * turn**2)))


def bounding_box(lat: float, lng: float, km: float) -> Box:
    """The smallest box of latitudes and longitudes that holds every point within `km`.

    Its east and west edges are where the circle's tangent meridians are, a little wider than
    straight across, so that nothing at the circle's poleward side is lost.
    """
    reach = km / EARTH_RADIUS_KM
    high = degrees(reach)
    ratio = sin(reach) / max(cos(radians(lat)), 1e-12)
    wide = degrees(asin(ratio)) if ratio < 1 else 180.0
    return Box(lng - wide, max(lat - high, -90.0), lng + wide, min(lat + high, 90.0))


def cell_centre(lat: float, lng: float) -> Point:
    """The middle of the fixed 1 km square of the British national grid that holds the point.

    What a home shows instead of itself. It is the same for every home in the square and on
    every day: a random offset would average out over a few events and give the address away.
    The British grid is continued over Northern Ireland, so that there is no seam at sea where
    two grids meet. At most 0.71 km from the point.
    """
    easting, northing = wgs84_to_british(lat, lng)
    centre = british_to_wgs84(_middle(easting), _middle(northing))
    return Point(round(centre.lat, 5), round(centre.lng, 5))


def _middle(metres: float) -> float:
    return (floor(metres / CELL_METRES) + 0.5) * CELL_METRES


def _compact(text: str) -> str:
    squeezed = "".join(unicodedata.normalize("NFKC", text).split()).upper()
    return squeezed if squeezed.isascii() else ""
