"""Calendar files, read back by two libraries that share no code with us or with each other."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from campaign.events import operations, queries
from campaign.events.rules.calendars import GONE_FOR, Entry, calendar_of
from campaign.events.rules.finding import Filters
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.calendars import READERS, SECRETS, by_icalendar
from tests.events.makers import HOME, LONDON, ONLINE, announced, kept, soon
from tests.proof_reader import ProofReadingClient


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
