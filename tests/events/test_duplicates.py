"""Is it this one? What is close by at nearly the same time is shown before a second is made."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaign.events.queries.duplicates import likely_same
from campaign.events.rules.venues import PlaceKind
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import HOME, VENUE, announced
from tests.proof_reader import ProofReadingClient

ZONE = ZoneInfo("Europe/London")


def evening() -> datetime:
    """In four days at seven."""
    day = (clock.now() + timedelta(days=4)).astimezone(ZONE).date()
    return datetime.combine(day, datetime.min.time(), ZONE).replace(hour=19)


def six(**changed: str) -> dict[str, str]:
    given = {
        "kind": "canvass",
        "date": evening().date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "The Green Room",
        "postcode": "BN1 1YD",
        "name": "Ada Warren",
        "email": "ada@people.example",
        "capacity": "12",
        "about": "We begin at the clock tower.",
    }
    return given | changed


@pytest.mark.parametrize("hours", [-1.5, 1.5])
def test_join_this_one_instead(
    client: ProofReadingClient, database: Database, cast: Cast, hours: float
) -> None:
    with database.unit_of_work() as db:
        starts = evening() + timedelta(hours=hours)
        found = announced(db, cast, title="Calls from North Road", starts_at=starts)
    page = client.post_form("/events/new", six())
    assert page.status_code == 409
    assert "Join this one instead?" in page.text
    assert "Calls from North Road" in page.text
    assert f'href="/events/{found.public_id}#sign-up"' in page.text
    assert "We begin at the clock tower." in page.text, "what was typed is kept"
    assert 'value="The Green Room"' in page.text
    again = client.post_form("/events/new", six(anyway="1"))
    assert again.headers["Location"] == "/events/new/sent"


@pytest.mark.parametrize(
    "given",
    [
        {"starts_at": evening() + timedelta(minutes=91)},
        {"place": replace(VENUE, lat=50.82633 + 0.0028)},
        {"host": "host"},  # a member's, that nobody has looked at
        {"draft": True},
    ],
)
def test_what_is_later_farther_or_not_listed_is_nobodys_double(
    client: ProofReadingClient, database: Database, cast: Cast, given: dict[str, object]
) -> None:
    more = {"starts_at": evening()} | given
    host = cast.everybody[str(more.pop("host"))] if "host" in more else None
    with database.unit_of_work() as db:
        announced(db, cast, host=host, **more)
    assert client.post_form("/events/new", six()).status_code == 303


def test_the_same_host_at_the_same_time_is_asked_wherever_it_is(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        announced(db, cast, host=cast.host, title="My own", starts_at=evening())
    client.sign_in(cast.host)
    far = six(postcode="BN7 1AB")
    page = client.post_form("/events/new", far)
    assert page.status_code == 409
    assert "You have announced this one for that time" in page.text
    assert client.post_form("/events/new", six(**far, anyway="1")).status_code == 303


def test_the_very_same_form_again_is_the_same_event_and_no_double(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    given = six(client_uuid="8c1f5d3e-9d0e-4d4c-9a53-0d6d0c6c1a11")
    first = client.post_form("/events/new", given)
    again = client.post_form("/events/new", given)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]


def test_nobody_feels_for_a_home(database: Database, cast: Cast) -> None:
    """On its very doorstep nothing is found: it is where its pin is."""
    with database.unit_of_work() as db:
        announced(db, cast, title="At a home", place=HOME, starts_at=evening())
    centre = HOME.shown_point
    assert centre is not None
    with database.reading() as db:
        for point, same in ((centre, True), ((HOME.lat, HOME.lng), False)):
            assert isinstance(point[0], float)
            assert isinstance(point[1], float)
            found = likely_same(
                db,
                host_id=None,
                client_uuid=None,
                starts_at=evening(),
                point=(point[0], point[1]),
            )
            assert (found is not None) is same


def test_a_home_in_the_same_square_is_shown_without_its_address(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        announced(db, cast, title="At a home", place=HOME, starts_at=evening())
    near = six(place="home", where="The green door", postcode="BN2 3DA", about="Tea.")
    page = client.post_form("/events/new", near)
    assert page.status_code == 409
    assert "At a home" in page.text
    assert "Elm Grove" not in page.text
    assert HOME.kind is PlaceKind.HOME
