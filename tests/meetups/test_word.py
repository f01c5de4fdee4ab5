"""A word of the desk to everybody, live captions, and where those sit who need something."""

import pytest
from sqlalchemy import update

from campaign.foundation.database import Database
from campaign.meetups.models import Participant
from tests.cast import Cast
from tests.meetups.conftest import Room, to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


def heard(room: Room, told: dict[str, str]) -> int:
    return room.bea.get(room.at(f"/state?v={told['version']}&p={told['page']}")).status_code


def test_a_word_stands_on_every_phone_and_the_screen_until_the_next_part(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.organiser)
    told = room.bea.get(room.at("/state")).json
    sent = client.post_form(room.at("/desk/word"), {"word": "Soup is at the <back>"})
    assert sent.status_code == 303
    assert heard(room, told) == 200, "open phones fetch it"
    for page in (
        room.bea.get(room.at()),
        room.tom.get(room.at("/table")),
        client.get(room.at("/screen")),
        client.get(room.at("/desk")),
    ):
        assert "Soup is at the &lt;back&gt;" in page.text
    told = room.bea.get(room.at("/state")).json
    assert client.post_form(room.at("/desk/word"), {}).status_code == 303
    assert heard(room, told) == 200
    assert "Soup" not in room.bea.get(room.at()).text
    client.post_form(room.at("/desk/word"), {"word": "Five minutes"})
    to(database, cast, room, "commit")
    assert "Five minutes" not in room.bea.get(room.at()).text


def test_a_word_that_is_too_long_is_not_sent_and_stays_in_its_field(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.organiser)
    answer = client.post_form(room.at("/desk/word"), {"word": "x" * 141})
    assert answer.status_code == 422
    assert "x" * 141 in answer.text
    assert "x" * 9 not in room.bea.get(room.at()).text


def test_nobody_but_who_runs_it_speaks_to_the_room(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.stranger)
    assert client.post_form(room.at("/desk/word"), {"word": "Go home"}).status_code == 404
    client.sign_in(cast.organiser)
    to(database, cast, room, "over")
    assert client.post_form(room.at("/desk/word"), {"word": "Late"}).status_code == 422


def test_every_phone_links_to_the_captions_of_the_hall(
    client: ProofReadingClient, cast: Cast, room: Room
) -> None:
    client.sign_in(cast.organiser)
    link = "https://captions.example/brighton"
    for wrong in ("http://captions.example/x", "javascript:alert(1)", "https://10.0.0.1/"):
        refused = client.post_form(room.at("/desk/floor"), {"captions": wrong})
        assert refused.status_code == 422
        assert wrong in refused.text
    told = room.bea.get(room.at("/state")).json
    assert client.post_form(room.at("/desk/floor"), {"captions": link}).status_code == 303
    assert heard(room, told) == 200
    assert f'href="{link}"' in room.bea.get(room.at()).text
    assert link in client.get(room.at("/desk/floor")).text, "it stays when the page is kept again"
    fresh = client.application.test_client().get(room.at()).text
    assert link not in fresh, "only for who has joined"


def test_the_desk_sees_at_which_table_somebody_sits_who_needs_something(
    client: ProofReadingClient, database: Database, cast: Cast, room: Room
) -> None:
    with database.unit_of_work() as db:
        db.execute(
            update(Participant)
            .where(Participant.name == "Bea")
            .values(access_needs="A quiet table")
        )
    client.sign_in(cast.organiser)
    assert "Who is here: 1 needs something" in client.get(room.at("/desk")).text
    assert "<b>1</b> table 1: A quiet table" in client.get(room.at("/desk/people")).text
