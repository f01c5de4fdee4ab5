"""A room at its local tables, with two phones in it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from campaign.events.messages import Mail
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch
from campaign.meetups.queries import glances, rooms
from campaign.meetups.routes import looking
from tests.cast import Cast
from tests.meetups.making import a_meetup, a_participant, asked, card_of, move_to
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def places(settings: Settings, places_dir: Path) -> None:
    """The postcodes: one file for all, 70 MB are not copied for each test."""
    (settings.data_dir / "places.sqlite").hardlink_to(places_dir / "places.sqlite")


@pytest.fixture
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room's version is read each time."""
    monkeypatch.setattr(looking, "KEPT_S", 0.0)
    monkeypatch.setattr(looking, "ROUND_S", 0.0)
    monkeypatch.setattr(glances, "PAGES_A_SECOND", 1e9)


@dataclass
class Room:
    """A room with Bea and Tom in it, and their phones."""

    code: str
    batch_id: int
    card: str
    bea: ProofReadingClient
    tom: ProofReadingClient

    def at(self, path: str = "") -> str:
        """A page of the room."""
        return f"/m/{self.code}{path}"


def phone(client: ProofReadingClient, code: str, key: str) -> ProofReadingClient:
    """A phone that has joined."""
    made = client.application.test_client()
    made.set_cookie("meetup", key, path=f"/m/{code}")
    assert isinstance(made, ProofReadingClient)
    return made


@pytest.fixture
def room(client: ProofReadingClient, database: Database, cast: Cast) -> Room:
    """A room at its local tables."""
    with database.unit_of_work() as db:
        meetup = a_meetup(db, cast, steward="Ines at the desk, in the orange scarf")
        batch = rooms.batch_of(db, meetup)
        joined = [a_participant(db, batch, name) for name in ("Bea", "Tom")]
        move_to(db, batch, "local", cast.organiser.id)
        card = card_of(db, joined[0].participant).card.public_id
    bea, tom = (phone(client, meetup.code, one.key) for one in joined)
    return Room(meetup.code, batch.id, card, bea, tom)


def to(database: Database, cast: Cast, room: Room, phase: str) -> None:
    """The evening goes on."""
    with database.unit_of_work() as db:
        move_to(db, db.get_one(Batch, room.batch_id), phase, cast.organiser.id)


def the_card_is_asked_of_bea(database: Database, room: Room) -> None:
    """A card that waits for Bea's yes."""
    with database.unit_of_work() as db:
        batch = db.get_one(Batch, room.batch_id)
        asked(db, batch, rooms.present(db, batch.id)[0])


@pytest.fixture
def mail(settings: Settings) -> Mail:
    """Letters as this installation writes them."""
    return Mail(LetterWriter(settings), settings.base_url)
