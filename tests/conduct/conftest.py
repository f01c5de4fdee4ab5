"""What the tests of conduct ask for: two safeguarding officers and a second moderator."""

from dataclasses import dataclass

import pytest

from campaign.foundation.database import Database
from campaign.people.models import Person
from campaign.people.rules import Role
from tests.cast import Cast, a_person


@dataclass(frozen=True)
class Officers:
    """Who looks at reports beside the cast's own moderator."""

    sasha: Person
    sol: Person
    second: Person


@pytest.fixture
def officers(database: Database, cast: Cast) -> Officers:
    """Two safeguarding officers, and a second moderator."""
    with database.unit_of_work() as db:
        return Officers(
            sasha=a_person(db, "Sasha Safe", role=Role.SAFEGUARDING),
            sol=a_person(db, "Sol Safe", role=Role.SAFEGUARDING),
            second=a_person(db, "Mona Second", role=Role.MODERATOR),
        )
