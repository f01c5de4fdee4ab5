"""What the tests of places stand on: the real places file, made once."""

from pathlib import Path

import pytest

from campaign.places.loading import PlacesSummary, load_places


@pytest.fixture(scope="session")
def progress_seen() -> list[tuple[int, int]]:
    """What the loader told of its progress."""
    return []


@pytest.fixture(scope="session")
def loaded(
    tmp_path_factory: pytest.TempPathFactory, progress_seen: list[tuple[int, int]]
) -> PlacesSummary:
    """The places file, made from the installed package and the shipped data."""
    folder = tmp_path_factory.mktemp("places")
    return load_places(folder, progress=lambda done, of: progress_seen.append((done, of)))


@pytest.fixture(scope="session")
def places_dir(loaded: PlacesSummary) -> Path:
    """The data folder that holds it."""
    return loaded.path.parent
