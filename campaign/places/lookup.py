"""Where a postcode or a place name is, and what lies at a point: reads of places.sqlite."""

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice, takewhile
from pathlib import Path

from campaign.places.areas import holds
from campaign.places.grid import Point
from campaign.places.loading import FILE
from campaign.places.rules import (
    PlacesNotLoaded,
    PlaceUnknown,
    Precision,
    Spot,
    bounding_box,
    cell_centre,
    clean_search,
    distance_km,
    fold_name,
    normalise_outcode,
    normalise_postcode,
    normalise_sector,
    outcode_of,
    postcode_point,
    sector_of,
)
from campaign.places.sqlite_files import reader

MOST_CHOICES = 8
TOWN_PEOPLE = 2000
FARTHEST_KM = 30.0
MOST_MEANT = 3
MOST_OUTCODE = 4
_BY_PEOPLE = "SELECT name_key, label FROM places ORDER BY population, id"


def find(data_dir: Path, text: str) -> list[Spot]:
    """The spots that answer to a postcode, an outcode or a place name; never an empty list.

    Case and spacing do not matter. More than one spot means that the name repeats and the
    person must choose: biggest first, each named with its council area, and each of those names
    finds that spot alone. A postcode that is not known gives the middle of its sector, failing
    that of its outcode, and the spot's `note` says so.

    Refuses (PlaceUnknown) what answers to nothing, and text that is empty, over 100 characters
    or holds control characters.
    """
    asked = clean_search(text)
    db = _open(data_dir)
    if postcode := normalise_postcode(asked):
        return [_postcode_spot(db, postcode)]
    if sector := normalise_sector(asked):
        return [_sector_spot(db, sector, asked_for=sector)]
    if outcode := normalise_outcode(asked):
        return [_outcode_spot(db, outcode, asked_for=outcode)]
    return _named(db, asked)


def meant(data_dir: Path, text: str) -> list[str]:
    """What somebody may have meant who typed what `find` does not know; the likeliest first.

    For a postcode the outcodes that are spelt most like it, for a name the places that are.
    """
    db = _open(data_dir)
    squeezed = "".join(text.upper().split())[:8]
    area = re.match(r"[A-Z]{1,2}(?=\d)", squeezed) if squeezed.isascii() else None
    if area:
        rows = db.execute(
            "SELECT name FROM outcodes WHERE name >= ? AND name < ?", (area[0], f"{area[0]}:")
        )
        asked = squeezed if len(squeezed) <= MOST_OUTCODE else squeezed[:-3]
        names = [str(row["name"]) for row in rows]
        return sorted(names, key=lambda name: (-_alike(asked, name), len(name), name))[:MOST_MEANT]
    labels = {row["name_key"]: str(row["label"]) for row in db.execute(_BY_PEOPLE)}
    return [labels[key] for key in get_close_matches(fold_name(text[:60]), labels, MOST_MEANT)]


def _alike(one: str, other: str) -> int:
    """How many letters two words begin with in common."""
    pairs = zip(one, other, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def points_of(data_dir: Path, postcodes: Iterable[str]) -> dict[str, Point]:
    """Where these normalised postcodes lie, for thousands at once.

    Those that are not known are left out: ask `find` for each of them.
    """
    db = _open(data_dir)
    found = {}
    for batch in _batches(sorted(set(postcodes)), 500):
        spelt = {postcode.replace(" ", ""): postcode for postcode in batch}
        marks = ", ".join("?" * len(spelt))
        for row in db.execute(
            f"SELECT postcode, easting, northing FROM units WHERE postcode IN ({marks})",  # noqa: S608
            list(spelt),
        ):
            postcode = spelt[row["postcode"]]
            found[postcode] = _rounded(postcode_point(postcode, row["easting"], row["northing"]))
    return found


def units_of(data_dir: Path, outcode: str) -> list[str]:
    """The postcodes of an outcode, spelt with their space, in order."""
    db = _open(data_dir)
    rows = db.execute(
        "SELECT postcode FROM units WHERE postcode >= ? AND postcode < ? AND length(postcode) = ?"
        " ORDER BY postcode",
        (outcode, f"{outcode}:", len(outcode) + 3),  # the colon follows the nines
    )
    return [f"{row['postcode'][:-3]} {row['postcode'][-3:]}" for row in rows]


def biggest_places(data_dir: Path, *, most: int) -> list[Spot]:
    """The places with the most people, biggest first."""
    rows = _open(data_dir).execute(
        "SELECT * FROM places ORDER BY population DESC, id LIMIT ?", (most,)
    )
    return [_place_spot(row) for row in rows]


def outcodes_near(data_dir: Path, lat: float, lng: float, *, most: int) -> list[str]:
    """The outcodes whose middle is nearest to a point and within 30 km, nearest first."""
    box = bounding_box(lat, lng, FARTHEST_KM)
    rows = _open(data_dir).execute(
        "SELECT name, lat, lng FROM outcodes WHERE lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?",
        (box.south, box.north, box.west, box.east),
    )
    away = sorted((distance_km(lat, lng, row["lat"], row["lng"]), row["name"]) for row in rows)
    return [name for km, name in away if km <= FARTHEST_KM][:most]


def nearest_council(data_dir: Path, lat: float, lng: float) -> str | None:
    """The name of the council area at a point; None over 30 km from any postcode sector.

    The outlines are approximate (99 in 100 postcodes fall in their own area) and run on across
    the Channel and the Irish border. Just off the coast the nearest postcode sector decides.
    """
    db = _open(data_dir)
    near = _nearest(db, "sectors", lat, lng)
    if near is None:
        return None
    for row in db.execute(
        "SELECT name, area FROM councils"
        " WHERE ? BETWEEN west AND east AND ? BETWEEN south AND north ORDER BY id",
        (lng, lat),
    ):
        if holds(json.loads(row["area"]), lat, lng):
            return str(row["name"])
    return _council_name(db, near["council"])


def nearest_town(data_dir: Path, lat: float, lng: float) -> Spot | None:
    """The nearest place of 2,000 people or more within 30 km: how a home's whereabouts are told.

    Nearest to the middle of its square: where two towns meet in one, the name would otherwise
    say on which side of the line the home is.
    """
    near = _nearest(_open(data_dir), "places", *cell_centre(lat, lng))
    return _place_spot(near) if near else None


def _open(data_dir: Path) -> sqlite3.Connection:
    try:
        return reader(data_dir / FILE)
    except FileNotFoundError:
        raise PlacesNotLoaded(
            "The postcodes are not unpacked on this machine yet. Run `campaign init` first."
        ) from None


def _postcode_spot(db: sqlite3.Connection, postcode: str) -> Spot:
    row = db.execute(
        "SELECT easting, northing, council FROM units WHERE postcode = ?",
        (postcode.replace(" ", ""),),
    ).fetchone()
    if row is None:
        return _sector_spot(db, sector_of(postcode), asked_for=postcode)
    point = _rounded(postcode_point(postcode, row["easting"], row["northing"]))
    council = _council_name(db, row["council"])
    return Spot(postcode, point.lat, point.lng, Precision.POSTCODE, council)


def _sector_spot(db: sqlite3.Connection, sector: str, *, asked_for: str) -> Spot:
    row = db.execute("SELECT * FROM sectors WHERE name = ?", (sector,)).fetchone()
    if row is None:
        return _outcode_spot(db, outcode_of(sector), asked_for=asked_for)
    return _centre_spot(db, row, Precision.SECTOR, asked_for)


def _outcode_spot(db: sqlite3.Connection, outcode: str, *, asked_for: str) -> Spot:
    row = db.execute("SELECT * FROM outcodes WHERE name = ?", (outcode,)).fetchone()
    if row is None:
        raise PlaceUnknown(
            f"We do not know the postcode {asked_for}. Check it, or enter the name of the town."
        )
    return _centre_spot(db, row, Precision.OUTCODE, asked_for)


def _centre_spot(
    db: sqlite3.Connection, row: sqlite3.Row, precision: Precision, asked_for: str
) -> Spot:
    name = str(row["name"])
    note = "" if name == asked_for else _instead(asked_for, name)
    council = _council_name(db, row["council"])
    return Spot(name, row["lat"], row["lng"], precision, council, note)


def _instead(asked_for: str, name: str) -> str:
    return f"We do not know {asked_for}, so this is the middle of {name}."


def _named(db: sqlite3.Connection, asked: str) -> list[Spot]:
    key = fold_name(asked)
    exact = db.execute(
        "SELECT * FROM places WHERE name_key = :key OR full_key = :key"
        " ORDER BY population DESC, id LIMIT :most",
        {"key": key, "most": MOST_CHOICES},
    ).fetchall()
    # "Stoke" is meant for Stoke-on-Trent; "Sto" is nobody's name for it. ("!" follows a space.)
    rows = (
        exact
        or db.execute(
            "SELECT * FROM places WHERE name_key > :key || ' ' AND name_key < :key || '!'"
            " ORDER BY population DESC, id LIMIT :most",
            {"key": key, "most": MOST_CHOICES},
        ).fetchall()
    )
    if not rows:
        raise PlaceUnknown(
            f"We know no place called “{_shortened(asked)}”. "
            "Check the spelling, or enter a postcode, such as BN1 1AA."
        )
    return [_place_spot(row) for row in rows]


def _place_spot(row: sqlite3.Row) -> Spot:
    return Spot(row["label"], row["lat"], row["lng"], Precision.PLACE, row["council"])


def _nearest(db: sqlite3.Connection, table: str, lat: float, lng: float) -> sqlite3.Row | None:
    """The nearest row within reach, asking a small box first: most points are near something."""
    big_enough = f" AND population >= {TOWN_PEOPLE}" if table == "places" else ""
    for reach in (5.0, FARTHEST_KM):
        box = bounding_box(lat, lng, reach)
        rows = db.execute(
            f"SELECT * FROM {table} WHERE lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?"  # noqa: S608
            f"{big_enough} ORDER BY lat, lng",
            (box.south, box.north, box.west, box.east),
        ).fetchall()
        within = [(distance_km(lat, lng, row["lat"], row["lng"]), row) for row in rows]
        away, row = min(within, key=lambda pair: pair[0], default=(reach, None))
        if away < reach:
            return row
    return None


def _council_name(db: sqlite3.Connection, council: int | None) -> str | None:
    row = db.execute("SELECT name FROM councils WHERE id = ?", (council,)).fetchone()
    return str(row["name"]) if row else None


def _rounded(point: Point) -> Point:
    return Point(round(point.lat, 5), round(point.lng, 5))


def _shortened(text: str) -> str:
    return text if len(text) <= 40 else text[:39].rstrip() + "…"


def _batches(items: list[str], size: int) -> Iterator[list[str]]:
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch
