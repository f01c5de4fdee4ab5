"""Hearing of events by mail without an account: two steps in, one step out, one mail a day."""

import re
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
from campaign.foundation.outbox import OutboxLetter
from campaign.groups import queries as groups
from campaign.people.models import Person
from campaign.people.operations.erasing import erase
from campaign.places.rules import Precision, Spot
from tests.cast import Cast, a_group
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, soon
from tests.proof_reader import ProofReadingClient

AREA = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10)
FAR = Wanted(place="Leeds", lat=53.8, lng=-1.55, radius_km=10)
ASKING = {"near": "BN1 1AA", "radius_km": "10", "email": "Nia@people.example"}


def follows(database: Database, email: str = "nia@people.example", *wanted: Wanted) -> None:
    """Somebody has confirmed that they follow these; all that stands there is old to them."""
    operations.note_news(database, now=clock.now())
    with database.unit_of_work() as db:
        for one in wanted or (AREA,):
            operations.follow_now(db, email=email, wanted=one)


def digests(database: Database, mail: RecordingMail, *, hours: float = 0) -> int:
    now = clock.now() + timedelta(hours=hours)
    return operations.send_digests(database, mail=mail, now=now)  # type: ignore[arg-type]


def letters(database: Database, prefix: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.like(f"{prefix}:%"))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
        return found


def key_in(letter: OutboxLetter) -> str:
    found = re.search(r"/follow/([\w-]{30,})", letter.text)
    assert found
    return found[1]


def rows(database: Database, table: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


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


# --- the mail of the day ---


def test_a_mail_holds_what_is_new_and_no_mail_is_empty(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        announced(db, cast, title="Stands there already", listed=True)
    follows(database)
    assert digests(database, mail) == 0
    with database.unit_of_work() as db:
        announced(db, cast, title="Only by its link", listed=False)
        announced(db, cast, title="New on the map", listed=True)
    assert digests(database, mail) == 1
    text = mail.letters[-1].text
    assert "New on the map" in text
    assert "Stands there already" not in text
    assert "Only by its link" not in text
    assert digests(database, mail, hours=24) == 0


def test_there_is_one_mail_a_day_and_nothing_is_left_out(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    group = Wanted(group_id=cast.group.id)
    follows(database, "nia@people.example", AREA, group)
    with database.unit_of_work() as db:
        announced(db, cast, title="The first", listed=True)
    assert digests(database, mail) == 1
    assert mail.letters[-1].text.count("The first") == 1  # also where two follows hold it
    with database.unit_of_work() as db:
        announced(db, cast, title="The second", listed=True)
    assert digests(database, mail, hours=3) == 0
    assert digests(database, mail, hours=24) == 1
    assert "The second" in mail.letters[-1].text
    assert "The first" not in mail.letters[-1].text


def test_an_event_that_is_listed_later_is_news_then(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        key = announced(db, cast, title="Looked at later", listed=False).id
    follows(database)
    with database.unit_of_work() as db:
        db.get_one(Event, key).state = "listed"
    assert digests(database, mail) == 1


def test_only_what_is_theirs_comes(database: Database, cast: Cast, mail: RecordingMail) -> None:
    with database.unit_of_work() as db:
        other = a_group(db, "Fair Rents Leeds", lat=53.8, lng=-1.55)
    follows(database, "far@people.example", FAR)
    follows(database, "group@people.example", Wanted(group_id=other.id))
    canvass = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10, kinds=("canvass",))
    follows(database, "kind@people.example", canvass)
    free = Wanted(place="BN1", lat=50.82, lng=-0.14, radius_km=10, step_free=True)
    follows(database, "free@people.example", free)
    follows(database, "near@people.example")
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    assert digests(database, mail) == 1
    assert mail.letters[-1].to == "near@people.example"


def test_a_home_is_told_by_its_town(database: Database, cast: Cast, mail: RecordingMail) -> None:
    follows(database)
    with database.unit_of_work() as db:
        announced(db, cast, title="Soup and calls", place=HOME, kind="social", listed=True)
    assert digests(database, mail) == 1
    letter = mail.letters[-1]
    for part in (letter.subject, letter.text, letter.html):
        assert "Elm Grove" not in part
        assert "BN2 3DA" not in part
    assert "Brighton, a home" in letter.text


def test_a_pause_holds_and_what_came_up_meanwhile_is_not_told_later(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    follows(database, cast.supporter.email or "")
    client.sign_in(cast.supporter)
    client.post_form("/follow/mine/pause", {"pause": "yes"})
    with database.unit_of_work() as db:
        announced(db, cast, listed=True)
    assert digests(database, mail) == 0
    client.post_form("/follow/mine/pause", {"pause": "no"})
    assert digests(database, mail) == 0
    with database.unit_of_work() as db:
        announced(db, cast, title="After the pause", listed=True)
    assert digests(database, mail) == 1


def test_the_radius_is_changed_and_one_thing_is_stopped(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    follows(database, cast.supporter.email or "", AREA, FAR)
    client.sign_in(cast.supporter)
    with database.reading() as db:
        near, far = db.scalars(select(Follow.public_id).order_by(Follow.id))
    client.post_form(f"/follow/mine/{near}", {"radius_km": "25"})
    client.post_form(f"/follow/mine/{far}", {"do": "stop"})
    page = client.get("/follow/mine").text
    assert "Events within 25 km of BN1" in page
    assert "Leeds" not in page
    assert client.post_form(f"/follow/mine/{near}", {"radius_km": "1e9"}).status_code == 422
    client.sign_in(cast.stranger)
    assert client.post_form(f"/follow/mine/{near}", {"do": "stop"}).status_code == 404
    assert rows(database, Follow) == 1


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


@pytest.mark.storm
def test_two_workers_write_each_mail_once(database: Database, cast: Cast, settings: Any) -> None:
    import threading

    from campaign.events.messages import Mail
    from campaign.foundation.letters import LetterWriter

    operations.note_news(database, now=clock.now())
    with database.unit_of_work() as db:
        for number in range(300):
            email = f"person{number:03}@people.example"
            operations.follow_now(db, email=email, wanted=AREA)
        announced(db, cast, starts_at=soon(96), listed=True)
    mail = Mail(LetterWriter(settings), "http://localhost")
    now, sent = clock.now(), []

    def work() -> None:
        sent.append(operations.send_digests(database, mail=mail, now=now))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(sent) == 300
    addresses = [letter.to for letter in letters(database, "digest")]
    assert len(addresses) == len(set(addresses)) == 300
