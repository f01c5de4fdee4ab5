"""The rooms beneath tell phonebanks what happens, as they do in the running application."""

from pathlib import Path

import pytest

from campaign import registry
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import setup
from campaign.phonebanks.operations.working import Shop
from tests.cast import Cast
from tests.phonebanks.lists import open_shop
from tests.phonebanks.making import NOON, fill, make_phonebank

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
