"""Namesakes on the list at the door: never more of a surname than tells them apart."""

import pytest

from campaign.events.models import Event
from campaign.foundation.database import Database
from campaign.meetups.rules.expected import found, told_apart
from tests.cast import Cast
from tests.conduct.keeping import keep
from tests.events.makers import signed_up
from tests.meetups.expecting import an_evening, the_list


@pytest.mark.parametrize(
    ("names", "read"),
    [
        ([], []),
        (["Fern Barnes", "Ivy Barnes"], ["Fern B.", "Ivy B."]),
        (["Fern Barnes", "Fern Bolt"], ["Fern Ba.", "Fern Bo."]),
        (["Fern Barnes", "Ivy Bell", "Fern Bolt"], ["Fern Ba.", "Ivy B.", "Fern Bo."]),
        (["Fern Barnes", "Fern Barclay", "Fern Bolt"], ["Fern Barn.", "Fern Barc.", "Fern Bo."]),
        (["Fern Bo", "Fern Bolt"], ["Fern Bo.", "Fern Bol."]),
        (["fern barnes", "Férn van der Bolt"], ["fern Ba.", "Férn Bo."]),
        (["Fern O'Brien", "Fern O'Neil", "Fern Otis"], ["Fern O'B.", "Fern O'N.", "Fern Ot."]),
        (["Fern Be\u0301rnes", "Fern Bolt"], ["Fern Bé.", "Fern Bo."]),
    ],
)
def test_namesakes_show_as_many_letters_as_tell_them_apart(
    names: list[str], read: list[str]
) -> None:
    assert told_apart(names) == read
    assert told_apart(names[::-1]) == read[::-1]


@pytest.mark.parametrize(
    ("names", "read"),
    [
        (["Fern Barnes", "Fern Barnes"], ["Fern B.", "Fern B."]),
        (["Fern Barnes", "Fern Barnet"], ["Fern B.", "Fern B."]),
        (["Fern Barnes", "Fern Barnet", "Fern Bolt"], ["Fern Ba.", "Fern Ba.", "Fern Bo."]),
        (["Fern Barnes", "FERN BÁRNES"], ["Fern B.", "FERN B."]),
        (["Cher", "Cher"], ["Cher", "Cher"]),
        (["Fern", "Fern Barnes"], ["Fern", "Fern B."]),
    ],
)
def test_a_letter_that_tells_nothing_is_not_shown(names: list[str], read: list[str]) -> None:
    assert told_apart(names) == read


def test_no_more_is_shown_of_what_is_no_name() -> None:
    typed = ["a@people.example", "01632 960123", "", "Fern b77@people.example", "Fern B2345"]
    assert told_apart(typed) == ["Somebody", "Somebody", "Somebody", "Fern B.", "Fern B."]
    assert told_apart(["Fern !!", "Fern !?"]) == ["Fern !.", "Fern !."]
    assert {len(name) for name in told_apart(["F" * 90 + " Ba", "F" * 90 + " Bo"])} == {60}


@pytest.mark.usefixtures("app")
def test_who_is_not_on_the_list_makes_nobody_s_name_longer(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        meetup, _ = an_evening(db, cast, "Fern Barnes")
        event = db.get_one(Event, meetup.event_id)
        bolt = signed_up(db, event, "Fern Bolt", email="bolt@people.example").rsvp
        lines = the_list(db, meetup)
        assert [line.called for line in lines] == ["Fern Ba.", "Fern Bo."]
        assert [line.called for line in found(lines, "fern bo")] == ["Fern Bo."]
        assert len(found(lines, "fern b")) == 2
        keep(db, cast, email="bolt@people.example")
        bolt.status = "accepted"
        db.flush()
        assert [line.called for line in the_list(db, meetup)] == ["Fern B."]
