"""The pages of events and groups, through a client that reads each with care."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.words import human_day
from campaign.groups.models import Group
from tests.cast import Cast
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient


def made(database: Database, cast: Cast, **given: object) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, **given).public_id


def test_a_visitor_finds_an_event_by_postcode_and_signs_up(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, title="Doors in Hanover")
    page = client.get("/events?near=bn1 1aa")
    assert "Doors in Hanover" in page.text
    assert "near <span" in page.text
    assert "Doors in Hanover" not in client.get("/events?near=Leeds").text
    event_page = client.get(f"/events/{public_id}")
    assert "see this, to run the event" in event_page.text
    sent = client.post_form(
        f"/events/{public_id}/rsvp", {"name": "Ada Warren", "email": "ada@people.example"}
    )
    assert sent.status_code == 303
    assert "You are in" in client.get(sent.headers["Location"]).text
    with database.reading() as db:
        assert db.scalar(select(Rsvp.status).where(Rsvp.name == "Ada Warren")) == "accepted"
        letter = db.scalars(select(OutboxLetter)).one()
        assert letter.to == "ada@people.example"
        assert "/rsvps/" in letter.text
        assert "/rsvps/" not in event_page.text


def test_the_sign_up_answers_json(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, capacity=1)
    uuid = "8c1f5d3e-9d0e-4d4c-9a53-0d6d0c6c1a11"
    given = {"name": "Ada Warren", "email": "ada@people.example", "client_uuid": uuid}
    answer = client.post_asking_json(f"/events/{public_id}/rsvp", given)
    assert answer.json is not None
    assert answer.json["rsvp"]["status"] == "accepted"
    assert client.post_asking_json(f"/events/{public_id}/rsvp", given).json == answer.json
    second = {"name": "Bea Long", "email": "bea@people.example", "phone": "07700 900123"}
    waiting = client.post_asking_json(f"/events/{public_id}/rsvp", second).json
    assert waiting is not None
    assert (waiting["rsvp"]["status"], waiting["rsvp"]["place_in_line"]) == ("waiting", 1)
    wrong = client.post_asking_json(f"/events/{public_id}/rsvp", {"name": "", "email": "nope"})
    assert wrong.status_code == 422
    assert "email" in (wrong.json or {})["errors"]


def test_a_wrong_sign_up_keeps_what_was_typed(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    page = client.post_form(
        f"/events/{public_id}/rsvp", {"name": "Ada Warren", "email": "ada at people", "guests": "x"}
    )
    assert page.status_code == 422
    assert 'value="Ada Warren"' in page.text
    assert "name@example.org" in page.text
    page = client.post_form(
        f"/events/{public_id}/rsvp",
        {"name": "Ada Warren", "email": "ada@people.example", "phone": "999"},
    )
    assert page.status_code == 422
    with database.reading() as db:
        assert db.scalar(select(Rsvp.id).where(Rsvp.name == "Ada Warren")) is None


@pytest.mark.usefixtures("early_in_the_hour")
def test_the_trap_and_the_limit_hold(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    given = {"name": "Ada Warren", "email": "ada@people.example"}
    client.post_form(f"/events/{public_id}/rsvp", given | {"website": "http://spam.example"})
    with database.reading() as db:
        assert db.scalar(select(Rsvp.id).where(Rsvp.name == "Ada Warren")) is None
    codes = [
        client.post_asking_json(f"/events/{public_id}/rsvp", given).status_code for _ in range(6)
    ]
    assert codes == [200, 200, 200, 200, 200, 429]


def test_the_mailed_link_changes_and_cancels(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, capacity=3)
    client.post_form(
        f"/events/{public_id}/rsvp", {"name": "Ada Warren", "email": "ada@people.example"}
    )
    with database.reading() as db:
        text = db.scalars(select(OutboxLetter.text)).one()
    key = text.partition("/rsvps/")[2].split()[0]
    page = client.get(f"/rsvps/{key}")
    assert "You are in." in page.text
    assert page.headers["Cache-Control"] == "no-store"
    client.post_form(f"/rsvps/{key}", {"guests": "2"})
    assert client.post_form(f"/rsvps/{key}", {"guests": "3"}).status_code == 422
    with database.reading() as db:
        assert db.scalar(select(Event.taken).where(Event.public_id == public_id)) == 3
    client.post_form(f"/rsvps/{key}", {"cancel": "1"})
    assert "You are not coming" in client.get(f"/rsvps/{key}").text
    assert client.get("/rsvps/nosuchkey").status_code == 404
    with database.reading() as db:
        assert db.scalar(select(Event.taken).where(Event.public_id == public_id)) == 0


def test_an_organiser_founds_a_group_and_announces_in_six_answers(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    assert client.get("/groups/new").status_code == 303
    client.sign_in(cast.supporter)
    assert "the group nearest to the place" in client.get("/events/new").text
    founded = client.post_form("/groups/new", {"name": "Kemptown", "near": "BN2 1TB"})
    assert founded.headers["Location"] == "/groups/kemptown"
    taken = client.post_form("/groups/new", {"name": "KEMPTOWN!", "near": "BN2 1TB"})
    assert taken.status_code == 422
    assert "already has this name" in taken.text
    with database.reading() as db:
        group = db.scalars(select(Group).where(Group.slug == "kemptown")).one()
        assert group.council == "Brighton and Hove"
    day = (clock.now() + timedelta(days=4)).date()
    sent = client.post_form(
        "/events/new",
        {
            "kind": "phonebank",
            "date": day.isoformat(),
            "start": "19:00",
            "place": "venue",
            "where": "Trinity Hall",
            "postcode": "BN2 1TB",
            "group": "kemptown",
            "capacity": "12",
        },
    )
    assert sent.status_code == 303
    page = client.get(sent.headers["Location"])
    assert "Phonebank at Trinity Hall" in page.text
    assert f"{human_day(day, today=clock.now().date())}, 19:00–21:00" in page.text
    assert "Needs 12 callers" in page.text
    client.sign_out()
    assert "Phonebank at Trinity Hall" in client.get("/events?near=BN2 1TB").text
    assert "Phonebank at Trinity Hall" in client.get("/groups/kemptown").text
    assert "Phonebank at Trinity Hall" in client.get("/events.geojson").text


def test_an_empty_form_says_everything_that_is_missing_at_once(
    client: ProofReadingClient, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    sent = client.post_form(
        "/events/new", {"kind": "phonebank", "place": "venue", "group": cast.group.slug}
    )
    assert sent.status_code == 422
    for sentence in ("Choose the day.", "Choose when it starts.", "Give the postcode or the town"):
        assert sentence in sent.text


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"date": "", "date_own": "2020-01-01"}, "in the past"),
        ({"date": "", "date_own": "2099-01-01"}, "two years ahead"),
        ({"date": ""}, "Choose the day"),
        ({"postcode": "ZZ99 9ZZ"}, "We do not know"),
        ({"postcode": "Newport"}, "There are several"),
        ({"capacity": "", "capacity_own": "9999999"}, "from 1 to 5,000"),
        ({"capacity": "00120000"}, "from 1 to 5,000"),
        ({"end": "18:00"}, "ends before it starts"),
        ({"place": "home", "where": "12 Elm Grove", "about": "Come to 12 Elm Grove"}, "gives the"),
        ({"place": "online", "where": "http://meet.example"}, "begins with https"),
    ],
)
def test_a_wrong_answer_says_how_to_mend_it(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    changed: dict[str, str],
    sentence: str,
) -> None:
    client.sign_in(cast.organiser)
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
    with database.reading() as db:
        before = db.scalar(select(func.count()).select_from(Event))
    page = client.post_form("/events/new", given | changed)
    assert page.status_code == 422
    assert sentence in page.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Event)) == before


def test_all_that_is_missing_is_said_at_once(client: ProofReadingClient, cast: Cast) -> None:
    client.sign_in(cast.organiser)
    page = client.post_form("/events/new", {"kind": "phonebank", "place": "venue"})
    assert page.status_code == 422
    for sentence in ("Choose the day", "Choose when it starts", "Give the postcode or the town"):
        assert sentence in page.text
    online = client.post_form("/events/new", {"kind": "phonebank", "place": "online"})
    assert "Give the postcode" not in online.text


def test_a_members_event_is_live_by_link_until_a_convenor_lists_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, host=cast.host, title="Stall at the station")
    assert client.get(f"/events/{public_id}").status_code == 200
    assert "Stall at the station" not in client.get("/events").text
    assert "Stall at the station" not in client.get("/events.geojson").text
    client.sign_in(cast.host)
    assert client.post_form(f"/events/{public_id}/list").status_code == 403
    client.sign_in(cast.stranger)
    assert client.post_form(f"/events/{public_id}/list").status_code == 404
    client.sign_in(cast.organiser)
    client.post_form(f"/events/{public_id}/list")
    client.sign_out()
    assert "Stall at the station" in client.get("/events").text


def test_an_event_is_changed_and_called_off_with_a_mail_to_who_comes(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")
    client.sign_in(cast.organiser)
    page = client.get(f"/events/{event.public_id}/edit")
    assert "Brighthelm Centre" in page.text
    later = event.starts_at + timedelta(days=1)
    given = {
        "kind": "phonebank",
        "date_own": later.date().isoformat(),
        "start_own": "19:30",
        "end": "21:00",
        "place": "venue",
        "where": "Brighthelm Centre",
        "postcode": "BN1 1YD",
        "capacity_own": "20",
        "title": "Ring round Hove again",
        "about": "Bring headphones.",
    }
    assert client.post_form(f"/events/{event.public_id}/edit", given).status_code == 303
    operations.tell_everybody(database, mail=mail)
    assert "Ring round Hove again" in client.get(f"/events/{event.public_id}").text
    client.post_form(f"/events/{event.public_id}/cancel", {"note": "The hall is shut."})
    assert "This event is off" in client.get(f"/events/{event.public_id}").text
    assert "Ring round Hove again" not in client.get("/events.geojson").text
    operations.tell_everybody(database, mail=mail)
    with database.reading() as db:
        subjects = sorted(db.scalars(select(OutboxLetter.subject)))
    assert [subject.partition(":")[0] for subject in subjects] == ["Cancelled", "Changed"]
