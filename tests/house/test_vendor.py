"""What others made stands unchanged beside its licence, and nothing stands there unlisted."""

import hashlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELVES = [
    (ROOT / "static", ROOT / "static/vendor/VERSIONS.txt", ["vendor", "fonts"]),
    (ROOT / "tests/vendor", ROOT / "tests/vendor/VERSIONS.txt", ["."]),
]


def listed(versions: Path) -> list[list[str]]:
    lines = versions.read_text(encoding="utf-8").splitlines()
    return [[part.strip() for part in line.split("|")] for line in lines if line[:1] != "#"]


def rows() -> list[tuple[Path, list[str]]]:
    return [(root, row) for root, versions, _ in SHELVES for row in listed(versions)]


@pytest.mark.parametrize(("root", "row"), rows(), ids=lambda value: str(value)[-40:])
def test_a_vendored_file_is_the_one_its_line_describes(root: Path, row: list[str]) -> None:
    _name, version, licence, checksum, file, *_changed = row
    assert version
    assert licence
    assert hashlib.sha256((root / file).read_bytes()).hexdigest() == checksum


@pytest.mark.parametrize(("root", "versions", "folders"), SHELVES, ids=["served", "tests"])
def test_no_vendored_file_is_unlisted(root: Path, versions: Path, folders: list[str]) -> None:
    known = {root / row[4] for row in listed(versions)} | {versions}
    found = {path for folder in folders for path in (root / folder).rglob("*") if path.is_file()}
    assert found <= known


def test_every_licence_text_stands_beside_what_it_covers() -> None:
    names = {row[0] for _, row in rows()}
    with_text = {row[0] for _, row in rows() if "LICENSE" in row[4] or "OFL" in row[4]}
    assert names == with_text
