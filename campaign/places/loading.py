"""Unpacks postcodes, places and council areas into one read-only SQLite file."""

import json
import os
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from campaign.places import gazetteer, sources
from campaign.places.areas import edges_of
from campaign.places.rules import fold_name

EDITION = 1
"""To be raised whenever the tables below or the shipped data files change."""

FILE = "places.sqlite"

Progress = Callable[[int, int], None]

_TABLES = """
CREATE TABLE about (edition INTEGER NOT NULL, postcodes TEXT NOT NULL);
CREATE TABLE councils (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL, name TEXT NOT NULL,
    west REAL, south REAL, east REAL, north REAL, area TEXT
);
CREATE TABLE units (
    postcode TEXT PRIMARY KEY, easting INTEGER NOT NULL, northing INTEGER NOT NULL, council INTEGER
) WITHOUT ROWID;
CREATE TABLE sectors (
    name TEXT PRIMARY KEY, lat REAL NOT NULL, lng REAL NOT NULL, council INTEGER
) WITHOUT ROWID;
CREATE INDEX sectors_by_lat ON sectors (lat, lng);
CREATE TABLE outcodes (
    name TEXT PRIMARY KEY, lat REAL NOT NULL, lng REAL NOT NULL, council INTEGER
) WITHOUT ROWID;
CREATE TABLE places (
    id INTEGER PRIMARY KEY, name_key TEXT NOT NULL, full_key TEXT NOT NULL, label TEXT NOT NULL,
    lat REAL NOT NULL, lng REAL NOT NULL, population INTEGER NOT NULL, council TEXT NOT NULL
);
CREATE INDEX places_by_name ON places (name_key);
CREATE INDEX places_by_full_name ON places (full_key);
CREATE INDEX places_by_lat ON places (lat, lng);
"""


@dataclass(frozen=True)
class PlacesSummary:
    """What the file holds, and whether this run made it."""

    path: Path
    built: bool
    units: int
    sectors: int
    outcodes: int
    places: int
    councils: int


def load_places(data_dir: Path, *, progress: Progress | None = None) -> PlacesSummary:
    """Make `places.sqlite` in the data folder; leave it alone where it is already the right one.

    Takes some seconds. The file appears whole or not at all, so a server that is running keeps
    its old one until the new one is ready. `progress` is told (done, of) after each letter.
    """
    path = data_dir / FILE
    built = not _is_current(path)
    if built:
        data_dir.mkdir(parents=True, exist_ok=True)
        _build_beside(path, progress or (lambda done, of: None))
    return _summary(path, built=built)


def _wanted() -> tuple[int, str]:
    return EDITION, sources.package_version()


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)


def _is_current(path: Path) -> bool:
    if not path.exists():
        return False
    try:
        with closing(_open(path)) as db:
            return bool(db.execute("SELECT edition, postcodes FROM about").fetchone() == _wanted())
    except sqlite3.DatabaseError:
        return False  # an older or a broken file: made again


def _summary(path: Path, *, built: bool) -> PlacesSummary:
    tables = ("units", "sectors", "outcodes", "places", "councils")
    with closing(_open(path)) as db:
        counts = {
            table: int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608
            for table in tables
        }
    return PlacesSummary(path=path, built=built, **counts)


def _build_beside(path: Path, progress: Progress) -> None:
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    os.close(handle)
    fresh = Path(name)
    try:
        with closing(sqlite3.connect(fresh, isolation_level=None)) as db:
            # Nothing to recover: a half-written file is thrown away, never opened.
            db.execute("PRAGMA journal_mode = OFF")
            db.execute("PRAGMA synchronous = OFF")
            _fill(db, progress)
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.chmod(0o644)
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _fill(db: sqlite3.Connection, progress: Progress) -> None:
    files = sources.unit_files()
    steps = len(files) + 1
    db.execute("BEGIN")
    for statement in _TABLES.split(";"):
        db.execute(statement)
    councils = sources.councils()
    keys = {one.code: key for key, one in enumerate(councils, start=1)}
    _add_councils(db, councils)
    _add_centres(db, keys)
    _add_places(db, councils)
    progress(1, steps)
    for done, file in enumerate(files, start=2):
        db.executemany(
            "INSERT INTO units VALUES (?, ?, ?, ?)",
            ((code, east, north, keys.get(lad)) for code, east, north, lad in sources.units(file)),
        )
        progress(done, steps)
    db.execute("INSERT INTO about VALUES (?, ?)", _wanted())
    db.execute("COMMIT")


def _add_councils(db: sqlite3.Connection, councils: list[sources.Council]) -> None:
    db.executemany(
        "INSERT INTO councils VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
        ((one.code, one.name, *edges_of(one.area), json.dumps(one.area)) for one in councils),
    )


def _add_centres(db: sqlite3.Connection, keys: dict[str, int]) -> None:
    sectors = sources.sectors()
    for table, centres in (("sectors", sectors), ("outcodes", sources.outcodes(sectors))):
        db.executemany(
            f"INSERT INTO {table} VALUES (?, ?, ?, ?)",  # noqa: S608
            ((one.name, one.lat, one.lng, keys.get(one.council)) for one in centres),
        )


def _add_places(db: sqlite3.Connection, councils: list[sources.Council]) -> None:
    entries = gazetteer.entries(sources.named_places(), councils, sources.sectors())
    db.executemany(
        "INSERT INTO places VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)",
        (
            (
                fold_name(one.place.name),
                fold_name(f"{one.place.name} {one.council}"),
                one.label,
                one.place.lat,
                one.place.lng,
                one.place.population,
                one.council,
            )
            for one in entries
        ),
    )
