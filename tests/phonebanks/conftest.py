"""The rooms beneath tell phonebanks what happens, as they do in the running application."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from campaign import registry
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import setup
from campaign.phonebanks.operations.working import Shop
from tests.cast import Cast, an_rsvp
from tests.phonebanks.lists import open_shop
from tests.phonebanks.making import NOON, fill, make_phonebank
from tests.phonebanks.shifting import STARTS, a_session

WORTHING = {"title": "Worthing: who needs a lift?", "reason": "To fill the public seats"}
Made = tuple[Phonebank, Phonebank]


@pytest.fixture(autouse=True)
def _subscribed() -> None:
    registry.subscribe()


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Shop:
    """Where the files of lists lie, and who works on them."""
    return open_shop(database, tmp_path)


@pytest.fixture
def bench_shop(database: Database, tmp_path: Path) -> Shop:
    """The same, where numbers that belong to nobody are let in."""
    return open_shop(database, tmp_path, allow_unassigned=True)


@pytest.fixture
def made(database: Database, cast: Cast) -> Made:
    """An open phonebank of the cast's group, and one to practise on."""
    with database.unit_of_work() as db:
        calls = make_phonebank(
            db, cast.group, public_id="demo-calls", reason="Signed the petition.", access="group"
        )
        practice = make_phonebank(
            db, cast.group, public_id="demo-practice", title="Practice", is_practice=True
        )
        fill(db, calls, range(8))
        fill(db, practice, range(100, 104))
        for phonebank in (calls, practice):
            steps = [
                {"key": "opening", "say": "Hello, is that {first_name}?", "options": []},
                {
                    "key": "come",
                    "say": "Could you come?",
                    "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}],
                },
            ]
            setup.write_script(
                db, phonebank=phonebank, steps=steps, actor_id=cast.organiser.id, now=NOON
            )
        setup.pass_practice(db, person_id=cast.caller.id, now=NOON)
        setup.agree(db, person_id=cast.caller.id, now=NOON)
    return calls, practice


@pytest.fixture
def bank(database: Database, cast: Cast) -> Phonebank:
    """A draft of the cast's group, led by its organiser."""
    with database.unit_of_work() as db:
        return setup.found(
            db,
            group=cast.group,
            **WORTHING,
            actor_id=cast.organiser.id,
            now=clock.now(),
        )


@pytest.fixture
def noon(app: Flask) -> Iterator[None]:
    """Noon, from after the application was made, which sets the clock by its settings."""
    with clock.at(NOON):
        yield


@pytest.fixture
def mail(settings: Settings) -> Mail:
    """Letters as this installation writes them."""
    return Mail(LetterWriter(settings), settings.base_url)


@pytest.fixture
def tonight(database: Database, cast: Cast, made: Made) -> str:
    """A session in an hour with the cast's stranger on its roster; the event's public id."""
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        event = a_session(db, cast, bank, STARTS, taken=1)
        an_rsvp(db, event, cast.stranger, made_at=NOON - timedelta(days=9))
        setup.pass_practice(db, person_id=cast.stranger.id, now=NOON)
        setup.agree(db, person_id=cast.stranger.id, now=NOON)
        return event.public_id
