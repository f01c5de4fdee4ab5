"""What happens at the edges: a name that repeats, a full house, the end of the calendar."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.groups.models import Group
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


def answers(cast: Cast, **changed: str) -> dict[str, str]:
    """Six answers that make an event."""
    given = {
        "kind": "phonebank",
        "date": (clock.now() + timedelta(days=4)).date().isoformat(),
        "start": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN2 1TB",
        "group": cast.group.slug,
        "capacity": "12",
    }
    return given | changed


def button(text: str, words: str) -> dict[str, str]:
    """What the button with these words sends."""
    found = re.search(rf'<button[^>]* name="(\w+)" value="([^"]*)">{re.escape(words)}</', text)
    assert found is not None
    return {found[1]: unescape(found[2])}


def test_which_one_is_answered_with_its_button(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    given = answers(cast, postcode="Newport")
    asked = client.post_form("/events/new", given)
    # A browser sends the text field first, then the button.
    given |= button(asked.text, "Newport, Isle of Wight")
    assert given["postcode"] == "Newport"
    assert client.post_form("/events/new", given).status_code == 303
    given = {"name": "Newport Renters", "near": "Newport"}
    asked = client.post_form("/groups/new", given)
    given |= button(asked.text, "Newport, Isle of Wight")
    assert given["near"] == "Newport"
    assert client.post_form("/groups/new", given).status_code == 303
    with database.reading() as db:
        lat = db.scalar(select(Event.shown_lat).where(Event.venue == "Trinity Hall"))
        assert lat == pytest.approx(50.70146)
        place = db.scalar(select(Group.place).where(Group.slug == "newport-renters"))
        assert place == "Newport, Isle of Wight"


def test_somebody_at_the_door_of_a_full_house_is_refused_in_words(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Ada Warren")
    client.sign_in(cast.organiser)
    page = client.post_form(f"/events/{event.public_id}/roster/walk-in", {"name": "Zed Walk"})
    assert page.status_code == 422
    assert "Every place is taken" in page.text
    assert "Ada Warren" in page.text


def test_fewer_places_than_are_taken_are_refused_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=3)
        signed_up(db, event, "Ada Warren", guests=1)
    client.sign_in(cast.organiser)
    given = answers(cast, where="", postcode="", capacity="", capacity_own="1")
    page = client.post_form(f"/events/{event.public_id}/edit", given)
    assert page.status_code == 422
    assert "2 places are taken already" in page.text


@pytest.mark.parametrize(
    "query", ["to=9999-12-31", "from=9999-12-31&to=9999-12-31", "to=0001-01-01"]
)
def test_the_last_day_of_the_calendar_breaks_no_search(
    client: ProofReadingClient, cast: Cast, query: str
) -> None:
    for path in ("/events", "/events.geojson", "/events.ics"):
        assert client.get(f"{path}?{query}").status_code == 200


def test_the_last_evening_of_the_calendar_is_refused_in_words(
    client: ProofReadingClient, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    late = {"date": "", "date_own": "9999-12-31", "start": "", "start_own": "23:30"}
    page = client.post_form("/events/new", answers(cast, **late))
    assert page.status_code == 422
    assert "more than two years ahead" in page.text
    page = client.post_form("/events/new", answers(cast, end="23:30", end_day="9999-12-31"))
    assert page.status_code == 422


def test_nobody_learns_whether_an_address_is_signed_up(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=5)
        signed_up(db, event, "Ada Warren", guests=2)
    path, name = f"/events/{event.public_id}/rsvp", {"name": "Eve Nosy"}
    known = client.post_asking_json(path, name | {"email": "ada@people.example"}).json
    fresh = client.post_asking_json(path, name | {"email": "new@people.example"}).json
    assert known == fresh
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter).where(OutboxLetter.to == "ada@people.example"))
        assert "/rsvps/" in letter.one().text
        assert db.scalar(select(Event.taken).where(Event.id == event.id)) == 4


def test_whom_the_host_said_no_to_hears_of_it_and_stays_declined(
    database: Database, cast: Cast, mail: object
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=5)
        ada = signed_up(db, event, "Ada Warren").rsvp
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=False, mail=mail)  # type: ignore[arg-type]
        assert mail.letters[-1].subject.startswith("No place this time")  # type: ignore[attr-defined]
        signed_up(db, event, "Ada Warren")
        assert (ada.status, event.taken) == ("declined", 0)


def test_after_cancelling_the_page_no_longer_says_you_are_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = cast.event.public_id
    given = {"name": "Ada Warren", "email": "ada@people.example"}
    client.post_form(f"/events/{public_id}/rsvp", given)
    page = client.get(f"/events/{public_id}").text
    assert "You are in" in page
    assert "Sign up somebody else" in page
    assert 'name="email"' in client.get(f"/events/{public_id}?another=1").text
    with database.reading() as db:
        text = db.scalars(select(OutboxLetter.text)).one()
    key = text.partition("/rsvps/")[2].split()[0]
    client.post_form(f"/rsvps/{key}", {"cancel": "1"})
    assert "You are in" not in client.get(f"/events/{public_id}").text


def test_an_emptied_title_stays_and_a_long_note_calls_nothing_off(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, title="Calls and soup")
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}"
    given = answers(cast, place="home", where="", postcode="", title="")
    assert client.post_form(f"{path}/edit", given).status_code == 303
    assert "Calls and soup" in client.get(path).text
    assert client.post_form(f"{path}/cancel", {"note": "x" * 301}).status_code == 422
    assert "This event is off" not in client.get(path).text


def test_an_online_event_needs_its_link(client: ProofReadingClient, cast: Cast) -> None:
    client.sign_in(cast.organiser)
    given = answers(cast, place="online", where="", postcode="")
    page = client.post_form("/events/new", given)
    assert page.status_code == 422
    assert "begins with https" in page.text


def test_a_new_address_is_sent_again_and_a_late_yes_gets_it_at_once(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(5))
        ada = signed_up(db, event, "Ada Warren").rsvp
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=True, mail=mail)  # type: ignore[arg-type]
        assert "12 Elm Grove" in mail.letters[-1].text
        operations.edit(
            db,
            event=event,
            actor_id=cast.organiser.id,
            title=event.title,
            about="",
            starts_at=event.starts_at,
            ends_at=event.ends_at,
            capacity=12,
            place=replace(HOME, venue="3 Marmion Road"),
        )
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]
        letters = list(db.scalars(select(OutboxLetter.text).order_by(OutboxLetter.id)))
        assert "3 Marmion Road" in letters[-1]


def test_a_feed_near_a_name_of_several_places_asks_which_one(
    client: ProofReadingClient, cast: Cast
) -> None:
    answer = client.get("/events.geojson?near=Newport")
    assert answer.status_code == 422
    assert answer.json is not None
    assert len(answer.json["choices"]) > 1
    assert "several places called Newport" in answer.json["error"]
    choice = answer.json["choices"][0]
    assert client.get("/events.geojson", query_string={"near": choice}).status_code == 200
    calendar = client.get("/events.ics?near=Newport")
    assert (calendar.status_code, calendar.mimetype) == (422, "text/plain")
    assert choice in calendar.text
    assert client.get("/events.ics?near=Nosuchplace").status_code == 422
