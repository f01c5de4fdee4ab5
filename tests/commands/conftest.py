"""An installation as it was when its copy was taken."""

import os
from pathlib import Path

import pytest

from campaign.foundation.database import Database
from tests.commands.restoring import Installation, programs, settle


@pytest.fixture
def with_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own PostgreSQL is newer than the machine's programs may be."""
    monkeypatch.setenv("PATH", programs(), prepend=os.pathsep)


@pytest.fixture
def here(database: Database, tmp_path: Path, with_programs: None) -> Installation:
    """An installation with people who will ask for things."""
    settle(database)
    return Installation(database, tmp_path)


@pytest.fixture
def before(here: Installation, tmp_path: Path) -> Path:
    """A copy of before anybody asked for anything."""
    file = tmp_path / "before.copy"
    here.run("backup", file)
    return file
