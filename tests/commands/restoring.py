"""The real command line beside a test's database, and people in it who will ask for things."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.app import open_house
from campaign.commands import cli, opening, probe
from campaign.foundation.database import Database
from campaign.foundation.errors import DomainError
from campaign.foundation.settings import Settings
from campaign.foundation.web import House
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact
from tests.cast import call_the_cast
from tests.conftest import KEY
from tests.events.makers import announced, signed_up
from tests.house.tree import ROOT
from tests.phonebanks.making import fictitious, fill, make_person, make_phonebank

OTHER = "another-key-for-tests-" * 3


@dataclass
class Installation:
    """One installation: its database, its data folder and its command line."""

    database: Database
    folder: Path

    @property
    def journal(self) -> Path:
        return self.folder / "journal.jsonl"

    def run(self, *words: str | Path, code: int = 0, key: str = KEY) -> str:
        """Run ``campaign`` in this process; answers what it says."""
        self.database.dispose()
        houses: list[House] = []

        def opened(held: Settings) -> House:
            houses.append(open_house(held))
            return houses[-1]

        with pytest.MonkeyPatch.context() as patch:
            for name, value in self.told(key).items():
                patch.setenv(name, value)
            patch.setattr(opening, "open_house", opened)
            done = CliRunner().invoke(cli, list(map(str, words)))
        for house in houses:
            house.database.dispose()
        if isinstance(done.exception, DomainError):
            assert code == 1, done.exception.message
            return done.exception.message
        assert done.exit_code == code, (done.output, done.exception)
        return done.output

    def really_run(
        self, *words: str | Path, code: int = 0, key: str = KEY, program: str = ""
    ) -> str:
        """Run ``campaign``, or a program of Python, in a process of its own."""
        self.database.dispose()
        kept = {name: held for name, held in os.environ.items() if not name.startswith("CAMPAIGN_")}
        command = ["-c", program] if program else ["-m", "campaign"]
        done = subprocess.run(
            [sys.executable, *command, *map(str, words)],
            env=kept | self.told(key) | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == code, said
        assert code < 0 or "Traceback" not in said, said
        return said

    def told(self, key: str) -> dict[str, str]:
        return {
            "CAMPAIGN_DATA_DIR": str(self.folder),
            "CAMPAIGN_DATABASE_URL": self.database.url.render_as_string(hide_password=False),
            "CAMPAIGN_ENVIRONMENT": "development",
            "CAMPAIGN_SECRET_KEY": OTHER[::-1],
            "CAMPAIGN_SUPPRESSION_KEY": key,
        }


def settle(database: Database) -> None:
    """People on a call list and at an event, as they are when the copy is taken."""
    with database.unit_of_work() as db:
        probe.leave(db, KEY)
        cast = call_the_cast(db)
        bank = make_phonebank(db, cast.group)
        people = fill(db, bank, range(8))
        fill(db, make_phonebank(db, cast.group, title="Another list"), range(3))
        mine = make_person(db, "Erin Erased", email_confirmed_at=cast.organiser.made_at)
        mine.email = "erin@people.example"
        people[7].email, people[7].note = mine.email, "Asked about the vote"
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren", phone="+447700900123", postcode="BN1 1YD")
        signed_up(db, event, "Erin Erased", email="erin@people.example")


def states(db: Session) -> dict[str, set[str]]:
    """How everybody on the lists stands, by the number that we may no longer hold."""
    query = select(PhoneNumber.e164, Contact.state).join(
        Contact, Contact.number_id == PhoneNumber.id
    )
    found: dict[str, set[str]] = {}
    for e164, state in db.execute(query):
        found.setdefault(e164, set()).add(state)
    return found


def number_of(at: int) -> str:
    return fictitious(at)


def people_named(db: Session, name: str) -> int:
    return db.scalar(select(func.count()).where(Person.name == name)) or 0
