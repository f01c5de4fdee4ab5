"""Tells places of one name apart by their council area."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.places.areas import Area, edges_of, holds
from campaign.places.rules import distance_km, fold_name
from campaign.places.sources import Centre, Council, NamedPlace


@dataclass(frozen=True)
class Entry:
    """A place, its council area's name, and the label that nobody else has."""

    place: NamedPlace
    council: str
    label: str


def entries(
    places: list[NamedPlace], councils: list[Council], sectors: list[Centre]
) -> Iterator[Entry]:
    """Each place, in the order given, under a label of its own.

    "Brighton" where there is one, "Newport, Isle of Wight" where a name repeats.
    """
    boxes = [(edges_of(one.area), one.area, one.name) for one in councils]
    names = {one.code: one.name for one in councils}
    bearers = Counter(fold_name(place.name) for place in places)
    for place in places:
        council = _inside(place, boxes) or names[_nearest(place, sectors).council]
        repeats = bearers[fold_name(place.name)] > 1
        yield Entry(place, council, f"{place.name}, {council}" if repeats else place.name)


def _inside(
    place: NamedPlace, boxes: list[tuple[tuple[float, float, float, float], Area, str]]
) -> str | None:
    for (west, south, east, north), area, name in boxes:
        boxed = south <= place.lat <= north and west <= place.lng <= east
        if boxed and holds(area, place.lat, place.lng):
            return name
    return None


def _nearest(place: NamedPlace, sectors: list[Centre]) -> Centre:
    """The sector whose middle is nearest; only those nearby are measured."""
    near = [one for one in sectors if abs(one.lat - place.lat) < 0.25] or sectors
    return min(near, key=lambda one: distance_km(place.lat, place.lng, one.lat, one.lng))
