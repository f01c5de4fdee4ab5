"""A phone's page is light: all that it loads, as it stands and unpacked."""

import re

import pytest
from flask.testing import FlaskClient

from campaign.foundation.database import Database
from campaign.foundation.settings import files_folder
from tests.cast import Cast
from tests.meetups.conftest import Room, to

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
MOST = 60_000


def sheets_of(text: str) -> list[str]:
    return re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)


def packed_size(client: FlaskClient, path: str) -> int:
    with client.get(path, headers={"Accept-Encoding": "gzip"}) as answer:
        return len(answer.get_data())


def test_a_phones_page_with_its_styles_and_scripts_is_at_most_60_kilobytes_packed(
    room: Room, database: Database, cast: Cast
) -> None:
    scripts = files_folder("static") / "js" / "behaviours"
    behaviours = sum(
        (scripts / f"{name}.js").stat().st_size for name in ("index", "room", "room_outbox")
    )
    bare = FlaskClient(room.bea.application)
    for phase in ("local", "commit", "over"):
        to(database, cast, room, phase)
        page = room.bea.get(room.at()).text
        assert "font" not in " ".join(sheets_of(page))
        packed = sum(packed_size(bare, path) for path in sheets_of(page))
        assert len(page.encode()) + packed + behaviours < MOST, phase
