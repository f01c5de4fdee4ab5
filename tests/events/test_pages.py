"""The pages of events and groups, through a client that reads each with care."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.spreadsheets import unguarded
from campaign.foundation.words import human_day
from campaign.groups.models import Group
from tests.cast import Cast
from tests.events.makers import HOME, ONLINE, announced, signed_up, soon
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
    assert "The host sees your name and email" in event_page.text
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
    assert "First, a group" in client.get("/events/new").text
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
    assert f"{human_day(day)}, 19:00–21:00" in page.text
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


def test_the_roster_is_for_the_host_and_who_runs_the_group(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host)
        rsvp = signed_up(db, event, "Ada Warren", phone="+447700900123").rsvp
    roster = f"/events/{event.public_id}/roster"
    assert client.get(roster).status_code == 303
    for person, code in ((cast.stranger, 404), (cast.caller, 403), (cast.supporter, 404)):
        client.sign_in(person)
        assert client.get(roster).status_code == code
        assert client.get(f"{roster}.csv").status_code == code
        refused = client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "came"})
        assert refused.status_code == code
        assert "roster" not in client.get(f"/events/{event.public_id}").text
    for person in (cast.organiser, cast.host):
        client.sign_in(person)
        page = client.get(roster)
        assert "Ada Warren" in page.text
        assert "07700 900123" in page.text
    client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "came"})
    client.post_form(f"{roster}/walk-in", {"name": "Zed Walk"})
    assert client.post_form(f"{roster}/walk-in", {"name": ""}).status_code == 422
    assert client.post_form(f"{roster}/{rsvp.public_id}", {"mark": "x"}).status_code == 422
    with database.reading() as db:
        came = db.scalars(select(Rsvp.name).where(Rsvp.attendance == "came").order_by(Rsvp.name))
        assert list(came) == ["Ada Warren", "Zed Walk"]


def test_the_roster_as_a_table_is_harmless_and_noted(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "=HYPERLINK(A1)", email="x@people.example")
    client.sign_in(cast.organiser)
    answer = client.get(f"/events/{event.public_id}/roster.csv")
    assert answer.mimetype == "text/csv"
    line = answer.text.splitlines()[1]
    assert line.startswith("'=HYPERLINK(A1)")
    assert unguarded(line.split(",")[0]) == "=HYPERLINK(A1)"
    with database.reading() as db:
        noted = select(AuditRow.actor_id).where(AuditRow.action == "roster downloaded")
        assert db.scalars(noted).all() == [cast.organiser.id]


def test_a_homes_address_leaves_by_no_door(
    client: ProofReadingClient, database: Database, cast: Cast, mail: object
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(30), title="Calls from a front room")
        rsvp = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        operations.answer_request(
            db,
            event=event,
            rsvp_id=rsvp.public_id,
            yes=True,
            mail=mail,  # type: ignore[arg-type]
        )
    key = mail.keys[-1]  # type: ignore[attr-defined]
    pages = [f"/events/{event.public_id}", "/events?near=BN2 3DA", "/events", "/events.geojson"]
    pages += [f"/groups/{cast.group.slug}", f"/rsvps/{key}", "/events.ics"]
    pages += [f"/events/{event.public_id}.ics", f"/groups/{cast.group.slug}/events.ics"]

    def leaks() -> list[str]:
        secrets = ("Elm Grove", "BN2 3DA", "50.8305", "-0.1231", "0.12311")
        found = []
        for path in pages:
            text = client.get(path).text.replace('value="BN2 3DA"', "")
            text = text.replace('near <span class="nowrap">BN2 3DA', "")
            found += [f"{path}: {one}" for one in secrets if one in text.replace("BN2+3DA", "")]
        return found

    assert leaks() == []
    client.sign_in(cast.organiser)
    pages += [f"/events/{event.public_id}/edit", f"/events/{event.public_id}/roster"]
    pages.remove(f"/events/{event.public_id}")  # its host may read the address in its time
    assert leaks() == []
    client.sign_out()
    letters = mail.letters  # type: ignore[attr-defined]
    assert not any("Elm Grove" in one.text + one.html + one.subject for one in letters)
    with clock.at(event.starts_at - timedelta(hours=23)):
        assert "12 Elm Grove" in client.get(f"/rsvps/{key}").text
        assert "Elm Grove" not in client.get(f"/events/{event.public_id}").text
        with database.unit_of_work() as db:
            assert operations.send_addresses(db, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]
            assert operations.send_addresses(db, mail=mail, now=clock.now()) == 0  # type: ignore[arg-type]
        assert "12 Elm Grove, BN2 3DA" in letters[-1].text
        assert "Elm" not in letters[-1].subject
    with clock.at(event.ends_at + timedelta(hours=25)):
        assert "Elm Grove" not in client.get(f"/rsvps/{key}").text


def test_an_online_link_is_shown_only_to_who_has_a_place_and_only_in_time(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=ONLINE, starts_at=soon(5))
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email)
    with clock.at(event.starts_at - timedelta(minutes=20)):
        assert "meet.example" not in client.get(f"/events/{event.public_id}").text
        client.sign_in(cast.supporter)
        assert "meet.example" in client.get(f"/events/{event.public_id}").text
    assert "meet.example" not in client.get(f"/events/{event.public_id}").text


def test_the_roster_link_of_the_room_above_is_for_who_has_a_place(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        operations.attach_roster(db, event=event, path="/phonebanks/x/call", label="Start calling")
        signed_up(db, event, "Sam Supporter", email=cast.supporter.email)
    assert "Start calling" not in client.get(f"/events/{event.public_id}").text
    for person, sees in ((cast.stranger, False), (cast.supporter, True), (cast.organiser, True)):
        client.sign_in(person)
        assert ("Start calling" in client.get(f"/events/{event.public_id}").text) is sees


def test_groups_are_joined_left_and_run(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    group = f"/groups/{cast.group.slug}"
    assert "Fair Rents Brighton" in client.get("/groups").text
    near = client.get("/groups?near=BN1 1AA").text
    assert near.index("Fair Rents Brighton") < near.index("Fair Rents Lewes")
    assert "No group here yet" in client.get("/groups?near=Leeds").text
    assert "We could not find" in client.get("/groups?near=ZZ99 9ZZ").text
    assert client.get("/groups/nosuch").status_code == 404
    client.sign_in(cast.supporter)
    client.post_form(f"{group}/join", {"role": "member"})
    assert "You are a member" in client.get(group).text
    assert client.get(f"{group}/members").status_code == 403
    client.sign_in(cast.organiser)
    page = client.get(f"{group}/members")
    assert "Sam Supporter" in page.text
    member = f"{group}/members/{cast.supporter.public_id}"
    assert client.post_form(f"{group}/leave").status_code == 409
    client.post_form(member, {"role": "convenor"})
    assert client.post_form(f"{group}/leave").status_code == 303
    assert client.get(f"{group}/members").status_code == 403
