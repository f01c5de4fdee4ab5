"""Unpacking the places file."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from campaign.places import loading, sources
from campaign.places.loading import PlacesSummary, load_places


def test_everything_that_is_shipped_arrives(loaded: PlacesSummary) -> None:
    assert loaded.units == 2_696_397
    assert (loaded.sectors, loaded.places, loaded.councils) == (12_272, 5_911, 361)
    assert 3_000 < loaded.outcodes < 3_200


def test_a_second_run_leaves_the_file_alone(loaded: PlacesSummary) -> None:
    before = loaded.path.stat()
    again = load_places(loaded.path.parent)
    assert not again.built
    assert again.units == loaded.units
    assert (loaded.path.stat().st_ino, loaded.path.stat().st_mtime_ns) == (
        before.st_ino,
        before.st_mtime_ns,
    )
    assert [file.name for file in loaded.path.parent.glob("*.sqlite*")] == [loading.FILE]


@pytest.fixture
def only_the_shetlands(monkeypatch: pytest.MonkeyPatch) -> None:
    files = [file for file in sources.unit_files() if "_Z." in file.name]
    monkeypatch.setattr(sources, "unit_files", lambda: files)


@pytest.mark.usefixtures("only_the_shetlands")
def test_progress_is_told_to_the_end(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    summary = load_places(tmp_path, progress=lambda done, of: seen.append((done, of)))
    assert summary.built
    assert seen == [(1, 2), (2, 2)]


@pytest.mark.usefixtures("only_the_shetlands")
def test_a_file_of_another_edition_or_a_broken_one_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load_places(tmp_path)
    assert first.units == 758
    monkeypatch.setattr(loading, "EDITION", loading.EDITION + 1)
    assert load_places(tmp_path).built
    first.path.write_bytes(b"not a database at all, but long enough to look at")
    assert load_places(tmp_path).built
    assert not load_places(tmp_path).built


@pytest.mark.usefixtures("only_the_shetlands")
def test_a_build_that_fails_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = load_places(tmp_path).path
    before = path.read_bytes()
    monkeypatch.setattr(loading, "EDITION", loading.EDITION + 1)

    def broken(file: Path) -> list[tuple[str, int, int, str]]:
        raise OSError(f"cannot read {file}")

    monkeypatch.setattr(sources, "units", broken)
    with pytest.raises(OSError, match="cannot read"):
        load_places(tmp_path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_every_place_has_a_label_of_its_own(loaded: PlacesSummary) -> None:
    with closing(sqlite3.connect(loaded.path)) as db:
        (places, labels) = db.execute(
            "SELECT count(*), count(DISTINCT label) FROM places"
        ).fetchone()
    assert places == labels


def test_a_copy_of_the_file_elsewhere_is_taken_as_it_is(
    loaded: PlacesSummary, tmp_path: Path
) -> None:
    shutil.copy(loaded.path, tmp_path / loading.FILE)
    assert not load_places(tmp_path).built
