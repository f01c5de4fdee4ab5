"""Hearing of events by mail without an account: two steps in, and one step out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.models import Event, Follow, Follower
from campaign.events.rules.following import Wanted, area_around, is_theirs
from campaign.foundation import clock
from campaign.foundation.carriers import as_message
from campaign.foundation.database import Database
from campaign.groups import queries as groups
from campaign.people.models import Person
from campaign.people.operations.erasing import erase
from campaign.places.rules import Precision, Spot
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.followers import AREA, ASKING, digests, follows, key_in, letters, rows
from tests.events.makers import announced
from tests.proof_reader import ProofReadingClient

# --- in, by two steps ---


def test_an_address_follows_once_its_owner_has_pressed_the_button(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    sent = client.post_form("/follow", ASKING)
    assert sent.status_code == 303
    assert "nia@people.example" in client.get(sent.location).text
    (letter,) = letters(database, "follow")
    assert letter.to == "nia@people.example"
    assert "BN1 1AA" not in letter.text  # no nearer than the first half of a postcode
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    assert digests(database, mail) == 0  # nothing before the yes
    key = key_in(letter)
    assert "Do you want these mails?" in client.get(f"/follow/{key}").text
    with database.reading() as db:
        assert db.scalar(select(Follow.confirmed_at)) is None  # a mail scanner only looks
    assert client.post_form(f"/follow/{key}", {}).status_code == 303
    page = client.get(f"/follow/{key}").text
    assert "Events within 10 km of BN1" in page
    assert client.post_form(f"/follow/{key}", {}).status_code == 303  # again changes nothing


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    follows(database)
    known = client.post_form("/follow", ASKING)
    stranger = client.post_form("/follow", ASKING | {"email": "new@people.example"})
    member = client.post_form("/follow", ASKING | {"email": cast.organiser.email or ""})
    assert {answer.status_code for answer in (known, stranger, member)} == {303}
    assert {answer.location for answer in (known, stranger, member)} == {"/follow/sent"}
    assert len(letters(database, "follow")) == 3


@pytest.mark.usefixtures("early_in_the_hour")
def test_an_address_is_written_to_five_times_an_hour_at_most(
    client: ProofReadingClient, database: Database
) -> None:
    for _ in range(5):
        assert client.post_form("/follow", ASKING).status_code == 303
    refused = client.post_form("/follow", ASKING)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"]
    assert len(letters(database, "follow")) == 5
    assert rows(database, Follow) == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"near": "Nowhere-at-all"}, "We know no place called"),
        ({"near": "Newport"}, "There are several"),
        ({"near": ""}, "Enter a postcode"),
        ({"email": ""}, "Type your email address"),
        ({"email": "nia"}, "email"),
        ({"radius_km": "9999999"}, "Not a valid choice"),
        ({"kind": "party"}, "not a valid choice"),
    ],
)
def test_what_cannot_be_read_is_said_at_the_form(
    client: ProofReadingClient, database: Database, given: dict[str, str], said: str
) -> None:
    answer = client.post_form("/follow", ASKING | given)
    assert answer.status_code == 422
    assert said.lower() in answer.text.lower()
    assert rows(database, Follower) == 0


def test_who_is_signed_in_follows_with_one_tap(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.supporter)
    page = client.post_form("/follow", ASKING | {"email": "other@people.example"})
    assert page.location == "/follow/mine"
    assert "Events within 10 km of BN1" in client.get("/follow/mine").text
    with database.reading() as db:
        assert db.scalars(select(Follower.email)).all() == [cast.supporter.email]
    client.sign_out()
    assert client.get("/follow/mine").status_code == 404


def test_what_nobody_confirms_is_gone_after_fourteen_days(
    client: ProofReadingClient, database: Database
) -> None:
    follows(database, "kept@people.example")
    client.post_form("/follow", ASKING)
    now = clock.now()
    assert operations.forget_unconfirmed(database, now=now + timedelta(days=13)) == 0
    assert operations.forget_unconfirmed(database, now=now + timedelta(days=15)) == 1
    with database.reading() as db:
        assert db.scalars(select(Follower.email)).all() == ["kept@people.example"]


def test_a_stranger_cannot_fill_an_address_up(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        for number in range(40):
            wanted = Wanted(place="X", lat=50.0 + number / 10, lng=0, radius_km=5)
            operations.ask_to_follow(
                db,
                email="nia@people.example",
                wanted=wanted,
                what="X",
                mail=mail,  # type: ignore[arg-type]
            )
    assert rows(database, Follow) == 20
    follows(database, "nia@people.example", AREA)
    with database.reading() as db:
        assert db.scalar(select(func.count()).where(Follow.confirmed_at.is_not(None))) == 1


# --- joining by mail ---


def test_a_visitor_joins_a_group_by_their_own_button(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    page = f"/groups/{cast.group.slug}"
    form = {"role": "member", "name": "Nia Vaughan", "email": "nia@people.example", "consent": "y"}
    refused = client.post_form(f"{page}/join", form | {"consent": "", "name": ""})
    assert refused.status_code == 422
    assert "tick this" in refused.text
    assert client.post_form(f"{page}/join", form).location == "/follow/sent"
    with database.reading() as db:
        assert db.scalar(select(Person).where(Person.email == "nia@people.example")) is None
    (letter,) = letters(database, "follow")
    key = key_in(letter)
    assert "Join the group?" in client.get(f"/follow/{key}").text
    assert client.post_form(f"/follow/{key}", {}).location == page
    with database.reading() as db:
        person = db.scalars(select(Person).where(Person.email == "nia@people.example")).one()
        assert person.name == "Nia Vaughan"
        assert groups.role_in(db, group_id=cast.group.id, person_id=person.id) == "member"
    assert rows(database, Follower) == 0  # who joins has not asked for mails


def test_nobody_joins_somebody_else_up(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    form = {"role": "member", "name": "Sam", "email": cast.supporter.email or "", "consent": "y"}
    client.post_form(f"/groups/{cast.group.slug}/join", form)
    with database.reading() as db:
        held = {"group_id": cast.group.id, "person_id": cast.supporter.id}
        assert groups.role_in(db, **held) is None


# --- out, by one ---


def test_one_click_in_the_mail_program_ends_it(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    follows(database)
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    digests(database, mail)
    message = as_message(mail.letters[-1], "Fair Rents <post@fairrents.example>")
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    (kept,) = letters(database, "digest")
    address = message["List-Unsubscribe"].strip("<>")
    assert kept.unsubscribe == address
    path = address.removeprefix("http://localhost")
    assert "Stop these mails?" in client.get(path).text
    assert rows(database, Follower) == 1  # looking stops nothing
    # As a mail program does it: no cookie, no token, from nowhere.
    for _ in range(50):
        answer = client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200
        assert "No more mails" in answer.text
    assert rows(database, Follower) == 0
    assert client.post("/follow/no-such-key/unsubscribe", data={}).status_code == 200


def test_a_letter_that_somebody_asked_for_has_no_such_button(
    client: ProofReadingClient, database: Database
) -> None:
    client.post_form("/follow", ASKING)
    (letter,) = letters(database, "follow")
    assert letter.unsubscribe == ""


def test_leaving_a_group_ends_its_mails(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    page = f"/groups/{cast.group.slug}"
    client.sign_in(cast.supporter)
    client.post_form(f"{page}/join", {"role": "follower"})
    assert rows(database, Follow) == 1
    assert "Stop following" in client.get(page).text
    client.post_form(f"{page}/leave", {})
    assert rows(database, Follower) == 0


def test_erasing_somebody_ends_their_mails_and_their_data_shows_them(
    database: Database, cast: Cast
) -> None:
    from campaign.events.operations import followers

    follows(database, cast.supporter.email or "")
    follows(database, "other@people.example")
    held: dict[str, list[dict[str, Any]]] = {}
    with database.unit_of_work() as db:
        followers.export_follower(db, person_id=cast.supporter.id, into=held)
        assert held["What you follow"][0]["what"] == "Events within 10 km of BN1"
        erase(db, person=db.get_one(Person, cast.supporter.id))
    with database.reading() as db:
        assert db.scalars(select(Follower.email)).all() == ["other@people.example"]


# --- the rules ---


def test_of_a_postcode_its_first_half_and_a_kilometre_are_kept() -> None:
    spot = Spot("BN1 1AA", 50.826421, -0.141234, Precision.POSTCODE)
    wanted = area_around(spot, radius_km=5)
    assert (wanted.place, wanted.lat, wanted.lng) == ("BN1", 50.83, -0.14)


def test_online_events_are_in_no_area() -> None:
    follow = Follow(place="BN1", lat=50.8, lng=-0.1, radius_km=100, kinds="", step_free=False)
    event = Event(group_id=1, kind="meeting", shown_lat=None, shown_lng=None)
    assert not is_theirs(follow, event)
    assert not is_theirs(Follow(group_id=2), event)
    assert is_theirs(Follow(group_id=1), event)
