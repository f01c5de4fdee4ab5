"""Another device that holds the desk: how a test lets one in."""

import re

from sqlalchemy import select

from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.meetups.models import DeskDevice
from tests.proof_reader import ProofReadingClient

LINK = re.compile(r'value="https?://[^/"]+(/m/[A-Z]{6}/desk/open/[\w-]+)"')
LAPTOP = "Laptop at the door"


def fresh(client: ProofReadingClient) -> ProofReadingClient:
    """A browser of its own, that nobody is signed in on."""
    made = client.application.test_client()
    assert isinstance(made, ProofReadingClient)
    return made


def a_link(desk: ProofReadingClient, code: str) -> str:
    """A link that opens the desk on another device."""
    made = desk.post_form(f"/m/{code}/desk/devices")
    assert made.status_code == 303, made.text
    found = LINK.search(desk.get(f"/m/{code}/desk/devices").text)
    assert found
    return found[1]


def held_by(desk: ProofReadingClient, code: str, name: str = LAPTOP) -> ProofReadingClient:
    """A browser that holds the desk."""
    made, link = fresh(desk), a_link(desk, code)
    opened = made.post_form(link, {"name": name}, page=link)
    assert opened.headers["Location"] == f"/m/{code}/desk"
    return made


def the_device(database: Database) -> DeskDevice:
    """The one device that was let in."""
    with database.reading() as db:
        held = db.scalars(select(DeskDevice).where(DeskDevice.opened_at.is_not(None))).one()
        db.expunge(held)
        return held


def log_of(database: Database, action: str) -> AuditRow:
    """The one line of the log that says this."""
    with database.reading() as db:
        row = db.scalars(select(AuditRow).where(AuditRow.action == action)).one()
        db.expunge(row)
        return row
