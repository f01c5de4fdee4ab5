"""What the desk or the door refuses on a page of its own leads back to where it was pressed."""

import pytest

from tests.cast import Cast
from tests.meetups.conftest import Room
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")


@pytest.mark.parametrize(
    ("path", "pressed"),
    [
        ("/desk/phase", {"seen": "ask", "to": "local"}),
        ("/desk/phase", {"seen": "local", "to": "doors"}),
        ("/desk/pause", {"seen": "ask"}),
        ("/desk/extend", {"seen": "ask"}),
        ("/desk/paper", {"many": "400"}),
    ],
)
def test_who_was_second_at_the_desk_is_one_press_from_it(
    client: ProofReadingClient, room: Room, cast: Cast, path: str, pressed: dict[str, str]
) -> None:
    client.sign_in(cast.organiser)
    answer = client.post_form(room.at(path), pressed)
    assert answer.status_code in (409, 422)
    assert f'href="{room.at("/desk")}"' in answer.text
    assert "Go to the front page" not in answer.text


def test_a_stranger_who_presses_reads_of_no_desk(
    client: ProofReadingClient, room: Room, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    answer = client.post_form(room.at("/desk/phase"), {"seen": "ask", "to": "local"})
    assert answer.status_code == 404
    assert room.at("/desk") not in answer.text
