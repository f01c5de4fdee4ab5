"""The script of the evening: with its times, in anybody's words, and on the desk."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from campaign.foundation.database import Database
from campaign.meetups.rules.phases import PRESETS, Phase
from campaign.meetups.rules.spoken import USUAL, running_order
from tests.cast import Cast
from tests.meetups.conftest import Room, to
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("places", "asked_anew")
SEVEN = datetime(2026, 11, 27, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize("preset", list(PRESETS))
def test_each_part_begins_when_the_one_before_it_ends(preset: str) -> None:
    cues = running_order(preset, {}, starts=SEVEN)
    assert [cue.phase for cue in cues] == [step.phase for step in PRESETS[preset].steps[:-1]]
    assert cues[0].starts is None, "nobody says when the doors are over"
    at = SEVEN
    for cue in cues[1:]:
        assert cue.starts == at
        assert cue.words == USUAL[cue.phase]
        at += timedelta(minutes=cue.minutes or 0)
    assert at - SEVEN == timedelta(minutes=sum(step.minutes or 0 for step in PRESETS[preset].steps))


def test_every_part_but_the_end_has_words() -> None:
    assert set(USUAL) == set(Phase) - {Phase.OVER}


def test_own_words_stand_on_the_desk_in_their_part_and_an_empty_part_is_as_usual(
    client: ProofReadingClient, room: Room, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    usual = {phase.value: words for phase, words in USUAL.items()}
    own = usual | {"local": "Find your table, friends.", "commit": ""}
    assert client.post_form(room.at("/desk/script/words"), own).status_code == 303
    page = client.get(room.at("/desk/script")).text
    assert "Find your table, friends." in page
    assert "Hosts, stand up." in page
    assert "Find your table, friends." in client.get(room.at("/desk")).text
    to(database, cast, room, "commit")
    desk = client.get(room.at("/desk")).text
    assert "Find your table, friends." not in desk
    assert "Hosts, stand up." in desk
    back = client.post_form(room.at("/desk/script/words"), usual)
    assert back.status_code == 303
    assert "Find your table, friends." not in client.get(room.at("/desk/script")).text


def test_words_that_are_too_long_are_refused_and_nothing_is_lost(
    client: ProofReadingClient, room: Room, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    answer = client.post_form(room.at("/desk/script/words"), {"ask": "x" * 1201, "doors": "Mine"})
    assert answer.status_code == 422
    assert "Mine" in answer.text


def test_it_is_for_who_runs_the_meetup(client: ProofReadingClient, room: Room, cast: Cast) -> None:
    for path in ("/desk/script", "/desk/script/words"):
        assert room.bea.get(room.at(path)).status_code in {302, 303}, "sign in first"
        client.sign_in(cast.supporter)
        assert client.get(room.at(path)).status_code == 404
    assert client.post_form(room.at("/desk/script/words"), {"ask": "x"}).status_code == 404


def test_two_who_write_at_once_keep_both_their_parts_and_are_told_where_they_meet(
    client: ProofReadingClient, room: Room, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    page = client.get(room.at("/desk/script/words")).text
    seen = dict(re.findall(r'name="(seen-\w+)" value="(\w+)"', page))
    assert len(seen) == 5, "each part of this evening"
    usual = {phase.value: words for phase, words in USUAL.items()}
    first = usual | seen | {"doors": "Greet them all.", "ask": "Hands up, please."}
    assert client.post_form(room.at("/desk/script/words"), first).status_code == 303
    second = usual | seen | {"commit": "Good night."}
    assert client.post_form(room.at("/desk/script/words"), second).status_code == 303
    script = client.get(room.at("/desk/script")).text
    assert all(words in script for words in ("Greet them all.", "Hands up, please.", "Good night."))
    third = usual | seen | {"ask": "Who will do it?"}
    met = client.post_form(room.at("/desk/script/words"), third)
    assert met.status_code == 422
    assert "Who will do it?" in met.text, "what was typed stays"
    assert "Hands up, please." in met.text, "and so does what stands there"
    again = third | dict(re.findall(r'name="(seen-\w+)" value="(\w+)"', met.text))
    assert client.post_form(room.at("/desk/script/words"), again).status_code == 303
    script = client.get(room.at("/desk/script")).text
    assert "Who will do it?" in script
    assert "Greet them all." in script, "a part that nobody touched stays as the first wrote it"
