"""On a phone the desk's panels lie below thirty tables: what leads there leads somewhere."""

import re

import pytest

from campaign.foundation.database import Database
from tests.cast import Cast
from tests.meetups.conftest import Room, to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.mark.parametrize("phase", ["local", "over"])
def test_every_jump_of_the_desk_lands_on_a_panel_that_is_there(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast, phase: str
) -> None:
    to(database, cast, room, phase)
    client.sign_in(cast.organiser)
    page = client.get(room.at("/desk")).text
    jumps = page[page.index('class="desk-jump"') :].partition("</nav>")[0]
    leads = re.findall(r'href="#([a-z-]+)"', jumps)
    assert len(leads) == (4 if phase == "local" else 2)
    assert all(f'class="panel" id="{one}"' in page for one in leads)
