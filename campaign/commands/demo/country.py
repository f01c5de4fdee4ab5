"""Where the demo's groups are: a dozen towns by hand, then the biggest of the country."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.commands.demo.words import TOWNS, Town
from campaign.groups.rules import slug_of
from campaign.places import lookup

OUTCODES_EACH = 4


def towns(data_dir: Path, number: int) -> list[Town]:
    """So many towns, no two with one address, biggest first after those of the small demo."""
    found = {town.slug: town for town in TOWNS[:number]}
    for town in _biggest(data_dir, 2 * number):
        if len(found) == number:
            break
        found.setdefault(town.slug, town)
    return list(found.values())


def _biggest(data_dir: Path, most: int) -> Iterator[Town]:
    for spot in lookup.biggest_places(data_dir, most=most):
        near = lookup.outcodes_near(data_dir, spot.lat, spot.lng, most=OUTCODES_EACH)
        units = lookup.units_of(data_dir, near[0]) if near else []
        if units:
            yield Town(spot.name, slug_of(spot.name), units[0], tuple(near))
