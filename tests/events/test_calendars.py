"""Calendar files, read back by two libraries that share no code with us or with each other."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.models import Event, EventNotice
from campaign.events.operations import feeds
from campaign.events.rules.calendars import GONE_FOR, Entry, calendar_of
from campaign.events.rules.finding import Filters
from campaign.foundation import audit, clock
from campaign.foundation.carriers import Letter, as_message
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, ONLINE, VENUE, announced, signed_up, soon
from tests.events.test_telling import kept
from tests.proof_reader import ProofReadingClient

LONDON = ZoneInfo("Europe/London")
SECRETS = ("12 Elm Grove", "BN2 3DA", "50.83051", "meet.example")


def event_of(**given: Any) -> Any:
    starts_at = given.pop("starts_at", datetime(2026, 12, 1, 19, tzinfo=LONDON))
    values: dict[str, Any] = {
        "public_id": "abcdefghjk",
        "kind": "phonebank",
        "title": "Ring round Hove",
        "about": "Bring headphones.",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=2),
        "zone": "Europe/London",
        "place_kind": "venue",
        "address_for": "everybody",
        "shown_place": "Brighthelm Centre, BN1 1YD",
        "shown_lat": 50.82633,
        "shown_lng": -0.14082,
        "state": "listed",
        "sequence": 0,
        "made_at": datetime(2026, 11, 20, 9, tzinfo=LONDON),
        "changed_at": None,
        "group": SimpleNamespace(name="Fair Rents Brighton"),
    }
    return SimpleNamespace(**values | given)


def written(*events: Any, **given: Any) -> str:
    entries = [one if isinstance(one, Entry) else Entry(one) for one in events]
    values = {"name": "Fair Rents", "base_url": "https://rents.example"} | given
    return calendar_of(entries, **values)


def by_icalendar(text: str) -> list[dict[str, Any]]:
    """What one library understands of each event."""
    found = icalendar.Calendar.from_ical(text)
    assert not found.errors
    return [
        {
            "uid": str(one["UID"]),
            "start": one["DTSTART"].dt,
            "end": one["DTEND"].dt,
            "title": str(one["SUMMARY"]),
            "where": str(one.get("LOCATION", "")),
            "about": str(one.get("DESCRIPTION", "")),
            "status": str(one["STATUS"]),
            "sequence": int(one["SEQUENCE"]),
        }
        for one in found.walk("VEVENT")
    ]


def by_vobject(text: str) -> list[dict[str, Any]]:
    """What the other understands of it; its times go by the zone that the file itself brings."""
    found = vobject.readOne(text, validate=True)
    return [
        {
            "uid": one.uid.value,
            "start": one.dtstart.value,
            "end": one.dtend.value,
            "title": one.summary.value,
            "where": one.location.value if hasattr(one, "location") else "",
            "about": one.description.value if hasattr(one, "description") else "",
            "status": one.status.value,
            "sequence": int(one.sequence.value),
        }
        for one in getattr(found, "vevent_list", [])
    ]


READERS = pytest.mark.parametrize("read", [by_icalendar, by_vobject])


@READERS
def test_both_libraries_read_what_we_wrote(read: Any) -> None:
    title = "Tea; cake, and \\ ring\nround 🎉"
    about = "First line, with a comma;\nsecond line " + "ä" * 200
    event = event_of(title=title, about=about)
    (one,) = read(written(event))
    assert one["title"] == title
    assert one["about"] == f"{about}\n\nhttps://rents.example/events/abcdefghjk"
    assert one["uid"] == "abcdefghjk@rents.example"
    assert (one["start"], one["end"]) == (event.starts_at, event.ends_at)
    assert one["start"].replace(tzinfo=None) == datetime(2026, 12, 1, 19)
    assert (one["where"], one["status"]) == ("Brighthelm Centre, BN1 1YD", "CONFIRMED")


@READERS
@pytest.mark.parametrize(
    "day", ["2026-10-20", "2026-10-27", "2027-03-23", "2027-03-30", "2026-10-25", "2027-03-28"]
)
def test_seven_in_the_evening_is_seven_on_both_sides_of_a_clock_change(read: Any, day: str) -> None:
    starts_at = datetime.fromisoformat(f"{day}T19:00").replace(tzinfo=LONDON)
    (one,) = read(written(event_of(starts_at=starts_at)))
    assert one["start"].replace(tzinfo=None) == datetime.fromisoformat(f"{day}T19:00")
    assert one["start"].timestamp() == starts_at.timestamp()
    assert one["end"].timestamp() == (starts_at + timedelta(hours=2)).timestamp()


@READERS
def test_a_night_across_the_change_keeps_its_instants(read: Any) -> None:
    for fold in (0, 1):
        starts_at = datetime(2026, 10, 25, 1, 30, tzinfo=LONDON, fold=fold)
        ends_at = datetime(2026, 10, 25, 4, tzinfo=LONDON)
        (one,) = read(written(event_of(starts_at=starts_at, ends_at=ends_at)))
        assert one["start"].timestamp() == starts_at.timestamp()
        assert one["end"].timestamp() == ends_at.timestamp()


def test_the_file_has_every_field_it_should() -> None:
    text = written(event_of(sequence=3, changed_at=datetime(2026, 11, 25, tzinfo=LONDON)))
    for line in (
        "VERSION:2.0",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "X-WR-CALNAME:Fair Rents",
        "NAME:Fair Rents",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "TZID:Europe/London",
        "DTSTAMP:20261125T000000Z",
        "CREATED:20261120T090000Z",
        "LAST-MODIFIED:20261125T000000Z",
        "SEQUENCE:3",
        "DTSTART;TZID=Europe/London:20261201T190000",
        'ORGANIZER;CN="Fair Rents Brighton":mailto:no-reply@rents.example',
        "CATEGORIES:Phonebank",
        "URL:https://rents.example/events/abcdefghjk",
        "TRANSP:OPAQUE",
        "CLASS:PUBLIC",
        "GEO:50.82633;-0.14082",
    ):
        assert f"\r\n{line}\r\n" in text


def test_lines_are_short_and_end_as_the_standard_says() -> None:
    text = written(event_of(title="🎉" * 120, about="ß" * 3000))
    assert "\n" not in text.replace("\r\n", "")
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75
    assert by_icalendar(text)[0]["title"] == "🎉" * 120


def test_the_name_of_a_group_cannot_write_lines_of_its_own() -> None:
    group = SimpleNamespace(name='A "B"\r\nATTENDEE:mailto:x@y.example')
    text = written(event_of(group=group, title="x\r\nATTENDEE:mailto:x@y.example"))
    assert not re.search(r"^ATTENDEE", text, re.MULTILINE)
    assert len(by_icalendar(text)) == 1


def test_what_was_hidden_says_no_more_than_that_it_is_off() -> None:
    text = written(Entry(event_of(title="Spiteful", about="Spiteful", sequence=2), bare=True))
    (one,) = by_icalendar(text)
    assert one["status"] == "CANCELLED"
    assert "Spiteful" not in text
    assert "Brighthelm" not in text


def test_the_text_stays_the_same_until_something_changes(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
    first = client.get("/events.ics")
    again = client.get("/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    with database.unit_of_work() as db:
        operations.edit(db, **kept(event, cast, title="Ring round Lewes"))
    changed = client.get("/events.ics", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert by_icalendar(changed.text)[0]["sequence"] == 1


@READERS
def test_a_cancelled_event_stays_in_its_feeds_for_thirty_days(
    client: ProofReadingClient, database: Database, cast: Cast, read: Any
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        unlisted = announced(db, cast, listed=False, title="By link alone")
        for one in (event, unlisted):
            operations.cancel(db, event=one, actor_id=cast.organiser.id)
    feeds_it_was_in = (
        "/events.ics",
        "/events.ics?near=BN1+1AA",
        f"/groups/{cast.group.slug}/events.ics",
        f"/events/{event.public_id}.ics",
    )
    for path in feeds_it_was_in:
        found = [
            one for one in read(client.get(path).text) if one["uid"].startswith(event.public_id)
        ]
        assert [(one["status"], one["sequence"]) for one in found] == [("CANCELLED", 1)], path
    assert event.public_id not in client.get("/events").text
    assert event.public_id not in client.get("/events.geojson?bbox=-10,49,3,61").text
    for path in (
        "/events.ics?kind=social",
        "/events.ics?near=M1+1AE",
        f"/groups/{cast.other_group.slug}/events.ics",
    ):
        assert event.public_id not in client.get(path).text
    assert unlisted.public_id not in client.get("/events.ics").text
    with clock.at(clock.now() + GONE_FOR + timedelta(hours=1)):
        assert event.public_id not in client.get("/events.ics").text


def test_a_feed_holds_five_hundred_at_most_and_more_than_a_page(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.unit_of_work() as db:
        for number in range(60):
            begins = soon(48 + number)
            announced(db, cast, starts_at=begins, title=f"Evening {number}", kind="rally")
        rallies = Filters(kinds=("rally",))
        found = queries.feed(db, filters=rallies, now=clock.now())
        assert [event.title for event in found] == [f"Evening {n}" for n in range(60)]
        monkeypatch.setattr("campaign.events.queries.feeds.MOST_ENTRIES", 55)
        assert len(queries.feed(db, filters=rallies, now=clock.now())) == 55


def test_no_public_calendar_gives_a_home_or_a_link_away(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        ids = [
            announced(db, cast, place=place, starts_at=soon(0.2), title=f"In {number}").public_id
            for number, place in enumerate((HOME, ONLINE))
        ]
    paths = ["/events.ics", f"/groups/{cast.group.slug}/events.ics"]
    for path in [*paths, *(f"/events/{public_id}.ics" for public_id in ids)]:
        text = client.get(path).text.replace("\r\n ", "")
        assert "In " in text
        assert [secret for secret in SECRETS if secret in text] == []
        for entry in text.split("BEGIN:VEVENT")[1:]:
            assert "GEO:" not in entry or not any(public_id in entry for public_id in ids)


# One's own calendar.


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


# The file on a letter.


def hung_on(letter: Letter) -> tuple[str, str]:
    """The method and the text of the calendar file, as a mail program takes it off the mail."""
    message = as_message(letter, "Fair Rents <post@rents.example>")
    (file,) = list(message.iter_attachments())
    assert file.get_content_type() == "text/calendar"
    assert file.get_filename() == "event.ics"
    assert "base64" in str(file["Content-Transfer-Encoding"])
    return str(file["Content-Type"].params["method"]), str(file.get_content())


def posted(database: Database) -> list[Letter]:
    with database.reading() as db:
        rows = db.scalars(select(OutboxLetter).order_by(OutboxLetter.id))
        return [Letter(r.to, r.subject, r.text, r.html, r.calendar) for r in rows]


@READERS
def test_the_confirmation_the_change_and_the_cancellation_carry_one_entry_with_a_rising_number(
    database: Database, cast: Cast, mail: RecordingMail, read: Any
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1)
        signed_up(db, event, "Ada Warren", mail=mail)
        signed_up(db, event, "Bea Long", mail=mail)
    later = event.starts_at + timedelta(hours=1)
    times = {"starts_at": later, "ends_at": later + timedelta(hours=2)}
    with database.unit_of_work() as db:
        operations.edit(db, **kept(event, cast, note="The hall was taken.", **times), mail=mail)  # type: ignore[arg-type]
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    with database.unit_of_work() as db:
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    sent = posted(database)
    with_file = [(letter.to[:3], *hung_on(letter)) for letter in sent if letter.calendar]
    told = [
        (to, method, read(text)[0]["sequence"], read(text)[0]["status"])
        for to, method, text in with_file
    ]
    assert told == [
        ("ada", "PUBLISH", 0, "CONFIRMED"),
        ("ada", "PUBLISH", 1, "CONFIRMED"),
        ("bea", "PUBLISH", 1, "TENTATIVE"),
        ("ada", "CANCEL", 2, "CANCELLED"),
        ("bea", "CANCEL", 2, "CANCELLED"),
    ]
    assert len({read(text)[0]["uid"] for _, _, text in with_file}) == 1
    assert read(with_file[1][2])[0]["start"] == later
    changed = [letter for letter in sent if letter.subject.startswith("Changed")]
    assert all("The hall was taken." in letter.text for letter in changed)
    assert all("The hall was taken." in letter.html for letter in changed)


def test_the_file_on_a_letter_never_holds_where_a_home_is(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon(3))
        ada = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=True, mail=mail)  # type: ignore[arg-type]
    files = [letter.calendar for letter in posted(database) if letter.calendar]
    assert files
    assert [secret for secret in SECRETS for file in files if secret in file] == []


def test_a_slip_of_the_pen_can_be_mended_in_silence_a_new_time_cannot(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")

    def told(**given: Any) -> tuple[int, list[str]]:
        with database.unit_of_work() as db:
            held = db.get_one(Event, event.id)
            operations.edit(db, **kept(held, cast, **given))
            count = len(list(db.scalars(select(EventNotice.id))))
            for notice in db.scalars(select(EventNotice)):
                db.delete(notice)
            row = db.scalars(select(audit.AuditRow).order_by(audit.AuditRow.id.desc())).first()
            assert row is not None
            return count, list(row.details)

    later = event.starts_at + timedelta(hours=1)
    assert told(title="Ring round Hovee") == (1, [])
    assert told(title="Ring round Hove", quiet=True) == (0, ["told nobody"])
    assert told(capacity=20) == (0, [])
    assert told(quiet=True, note="Tea at eight") == (1, [])
    assert told(starts_at=later, ends_at=later + timedelta(hours=1), quiet=True) == (1, [])
    assert told(place=VENUE, quiet=True) == (1, [])


def test_the_host_writes_the_line_and_ticks_the_box_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/edit"
    assert "Do not write to people" in client.get(path).text
    local = event.starts_at.astimezone(LONDON)
    typed = {
        "kind": event.kind,
        "date_own": f"{local:%Y-%m-%d}",
        "start_own": f"{local:%H:%M}",
        "end": f"{event.ends_at.astimezone(LONDON):%H:%M}",
        "place": "venue",
        "capacity_own": "12",
        "title": "Ring round Lewes",
    }
    assert client.post_form(path, typed | {"quiet": "y"}).status_code == 303
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert posted(database) == []
    typed |= {"title": "Ring round Hove", "change_note": "Tea at eight."}
    assert client.post_form(path, typed).status_code == 303
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert "Tea at eight." in posted(database)[0].text
