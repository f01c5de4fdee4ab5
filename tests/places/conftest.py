"""What the tests of places stand on: the real places file, made once for the whole run."""

from pathlib import Path

import pytest

from campaign.places.loading import PlacesSummary, load_places


@pytest.fixture(scope="session")
def loaded(places_dir: Path) -> PlacesSummary:
    """What the places file of this run holds."""
    return load_places(places_dir)
