"""What the tests of this room ask for beside the house's own fixtures."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings, load
from tests.cast import Cast
from tests.conftest import KEY
from tests.events.proposing import change


@dataclass
class RecordingMail:
    """Writes real letters and keeps them."""

    write_one: LetterWriter
    base_url: str = "http://localhost"
    letters: list[Letter] = field(default_factory=list)

    def write(self, template: str, *, to: str, subject: str, **values: Any) -> Letter:
        """Write and keep."""
        letter = self.write_one(template, to=to, subject=subject, **values)
        self.letters.append(letter)
        return letter

    @property
    def keys(self) -> list[str]:
        """The keys of all letters so far."""
        return [key for one in self.letters for key in re.findall(r"/rsvps/(\S+)", one.text)]


@pytest.fixture
def mail(settings: Settings) -> RecordingMail:
    """Letters as they would go out."""
    return RecordingMail(LetterWriter(settings))


@pytest.fixture
def settings(places_dir: Path) -> Settings:
    """Settings of a test with the places at hand."""
    return load({}, environment="testing", data_dir=places_dir, secret_key=KEY, suppression_key=KEY)


@pytest.fixture
def our_template(database: Database, cast: Cast) -> None:
    """The administrator has changed the template of a canvass."""
    with database.unit_of_work() as db:
        change(db, cast.administrator)
