"""One's own calendar: at an address only its owner has, with what they signed up to or host."""

import re
from datetime import timedelta
from typing import Any

from campaign.events import operations, queries
from campaign.events.operations import feeds
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.calendars import READERS
from tests.events.makers import HOME, ONLINE, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


def address_of(client: ProofReadingClient) -> str:
    """Make an address on the page, as a person would."""
    page = client.post_form("/me/calendar", {})
    found = re.search(r"(/me/[\w-]{20,}\.ics)", page.text)
    assert found, page.text
    return found.group(1)


def test_the_address_of_ones_own_calendar_is_shown_once_and_a_new_one_ends_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    assert client.get("/me/calendar").status_code == 303  # to sign in
    client.sign_in(cast.supporter)
    first = address_of(client)
    assert first not in client.get("/me/calendar").text
    answer = client.get(first)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert "Access-Control-Allow-Origin" not in answer.headers
    second = address_of(client)
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    client.post_form("/me/calendar/end", {})
    assert client.get(second).status_code == 404
    assert client.get("/me/" + "x" * 43 + ".ics").status_code == 404


@READERS
def test_ones_own_calendar_holds_what_one_signed_up_to_or_hosts_and_nobody_elses(
    client: ProofReadingClient, database: Database, cast: Cast, read: Any
) -> None:
    with database.unit_of_work() as db:
        mine = announced(db, cast, title="Signed up")
        hosted = announced(db, cast, host=cast.supporter, title="Hosted")
        waits = announced(db, cast, title="Waits", capacity=1)
        announced(db, cast, title="Somebody else’s")
        left = announced(db, cast, title="Left")
        signed_up(db, waits, "Ada Warren")
        for event in (mine, waits, left):
            signed_up(db, event, cast.supporter.name, person=cast.supporter)
        rsvp = queries.rsvp_of(db, event_id=left.id, person_id=cast.supporter.id)
        assert rsvp is not None
        operations.cancel_rsvp(db, rsvp=rsvp)
        operations.cancel(db, event=mine, actor_id=cast.organiser.id)
        key = feeds.renew_calendar_key(db, person_id=cast.supporter.id)
    found = {one["title"]: one["status"] for one in read(client.get(f"/me/{key}.ics").text)}
    assert found == {"Signed up": "CANCELLED", "Hosted": "CONFIRMED", "Waits": "TENTATIVE"}
    assert hosted.public_id in client.get(f"/me/{key}.ics").text


def test_a_home_is_in_ones_own_calendar_once_let_in_and_only_in_its_time(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        home = announced(db, cast, place=HOME, starts_at=soon(30))
        asked = signed_up(db, home, cast.supporter.name, person=cast.supporter).rsvp
        key = feeds.renew_calendar_key(db, person_id=cast.supporter.id)

    def text_at(hours_before: float) -> str:
        with clock.at(home.starts_at - timedelta(hours=hours_before)):
            return client.get(f"/me/{key}.ics").text

    assert "12 Elm Grove" not in text_at(20)  # not let in yet
    with database.unit_of_work() as db:
        operations.answer_request(db, event=home, rsvp_id=asked.public_id, yes=True)
    assert "12 Elm Grove" not in text_at(25)
    assert "12 Elm Grove" in text_at(23)
    assert "CLASS:PRIVATE" in text_at(23)
    assert "GEO:" not in text_at(23)
    assert "12 Elm Grove" in text_at(-25)
    assert "12 Elm Grove" not in text_at(-27)


def test_an_online_link_is_in_ones_own_calendar_half_an_hour_before(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=ONLINE)
        signed_up(db, event, cast.supporter.name, person=cast.supporter)
        key = feeds.renew_calendar_key(db, person_id=cast.supporter.id)
    for minutes, seen in ((31, False), (29, True), (-121, False)):
        with clock.at(event.starts_at - timedelta(minutes=minutes)):
            assert ("meet.example" in client.get(f"/me/{key}.ics").text) is seen, minutes
