"""The table finder of a big room takes turns, so that every number is read from the back row."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.queries import rooms
from campaign.meetups.routes import screen
from campaign.meetups.rules.recaps import fitting
from campaign.meetups.rules.turning import in_pages
from tests.cast import Cast
from tests.meetups.making import seated
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.mark.parametrize(
    ("many", "sizes"),
    [
        *((0, []), (1, [1]), (110, [110]), (111, [56, 55]), (220, [110, 110])),
        (1003, [101] * 3 + [100] * 7),
    ],
)
def test_as_few_pages_as_hold_them_and_even_ones(many: int, sizes: list[int]) -> None:
    pages = in_pages(range(many), screen.AT_A_TIME)
    assert [len(page) for page in pages] == sizes
    assert [one for page in pages for one in page] == list(range(many))


def shown(text: str) -> list[list[int]]:
    """The numbers of each page of the finder that is not hidden."""
    pages = re.findall(r'<div class="find-page">(.*?)</ol>', text, re.DOTALL)
    return [[int(number) for number in re.findall(r"<li><b>(\d+)</b>", page)] for page in pages]


def test_more_numbers_than_the_back_row_reads_take_turns_by_the_clock(
    client: ProofReadingClient, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screen, "AT_A_TIME", 3)
    now = datetime(2026, 11, 26, 19, 0, tzinfo=UTC)
    with clock.at(now), database.unit_of_work() as db:
        meetup, _, _ = seated(db, cast, "Bea", "Cem", "Dora", "Eli", "Fay")
        code = meetup.code
    seen = []
    for later in (0, screen.TURN_S, 2 * screen.TURN_S):
        with clock.at(now + timedelta(seconds=later)):
            text = client.get(f"/m/{code}/screen").text
            seen.append(shown(text))
            assert "Numbers 1 to 3" in text
            assert "Numbers 4 to 5" in text
    assert sorted(seen[:2]) == [[[1, 2, 3]], [[4, 5]]]
    assert seen[2] == seen[0]


def test_a_room_that_fits_stands_whole_and_an_empty_one_says_so(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        meetup, batch, people = seated(db, cast, "Bea", "Cem", "Dora", "Eli", "Fay")
        code, batch_id = meetup.code, batch.id
    text = client.get(f"/m/{code}/screen").text
    assert shown(text) == [[1, 2, 3, 4, 5]]
    assert "Numbers 1" not in text
    with database.unit_of_work() as db:
        for person in rooms.present(db, batch_id):
            person.left_at = clock.now()
        db.get_one(Batch, batch_id).version += 1
    assert len(people) == 5
    assert "Nobody has a table yet" in client.get(f"/m/{code}/screen").text


@pytest.mark.parametrize(
    ("lengths", "shown"),
    [([], 0), ([40, 40, 40], 3), ([92, 92, 92], 3), ([93, 92, 92], 2), ([120] * 3, 2), ([300], 1)],
)
def test_the_last_screen_shows_as_many_ideas_as_stand_there_whole(
    lengths: list[int], shown: int
) -> None:
    ideas = [SimpleNamespace(proposal=SimpleNamespace(text="x" * length)) for length in lengths]
    assert fitting(ideas) == ideas[:shown]
