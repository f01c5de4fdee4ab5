"""After the evening: hosts are asked once, and organisers hear whom to ring."""

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events.messages import Mail
from campaign.events.models import Event, Rsvp
from campaign.events.operations import once
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch, HostAsked, Recap
from campaign.meetups.operations import closing, following
from campaign.meetups.rules.following import Stand, days_after, stand_of
from tests.cast import Cast
from tests.meetups.after import (
    CLOSED,
    an_evening,
    at,
    following_meeting,
    key_of,
    letters,
    london,
    the_meeting,
)
from tests.meetups.making import accepted, seated
from tests.proof_reader import ProofReadingClient


@pytest.mark.parametrize(
    ("closed", "ask", "call", "outcome"),
    [
        ("2026-10-24 20:58", "2026-10-25T10:00Z", "2026-10-25T18:00Z", "2026-10-31T10:00Z"),
        ("2026-10-24 00:30", "2026-10-24T09:00Z", "2026-10-24T17:00Z", "2026-10-30T10:00Z"),
        ("2027-03-27 20:58", "2027-03-28T09:00Z", "2027-03-28T17:00Z", "2027-04-03T09:00Z"),
        ("2026-12-04 20:58", "2026-12-05T10:00Z", "2026-12-05T18:00Z", "2026-12-11T10:00Z"),
    ],
)
def test_ten_and_six_are_the_clocks_of_the_hall_also_when_they_change_in_the_night(
    closed: str, ask: str, call: str, outcome: str
) -> None:
    days = days_after(london(closed), "Europe/London")
    said = [f"{moment:%Y-%m-%dT%H:%MZ}" for moment in (days.ask, days.call, days.outcome)]
    assert said == [ask, call, outcome]


@pytest.mark.parametrize(
    ("given", "stand"),
    [
        ({"asked": False, "answer": None}, Stand.NOT_ASKED),
        ({"asked": True, "answer": None}, Stand.SILENT),
        ({"asked": True, "answer": "help"}, Stand.HELP),
        ({"asked": True, "answer": "yes"}, Stand.CONFIRMED),
        ({"asked": False, "answer": None, "took_over": True}, Stand.CONFIRMED),
        ({"asked": True, "answer": "yes", "hostless": True}, Stand.HOSTLESS),
    ],
)
def test_who_is_sure_is_told_from_who_is_silent(given: dict, stand: Stand) -> None:
    assert stand_of(**{"hostless": False, "took_over": False} | given) is stand


def test_the_same_night_the_host_gets_a_checklist_with_every_way_they_need(
    database: Database, cast: Cast, mail: Mail
) -> None:
    event = an_evening(database, cast, mail, clock.now())
    (letter,) = letters(database, "hosting")
    assert letter.to == "bea@people.example"
    assert "Your checklist" in letter.text
    for path in ("/roster/calls", "/hosts/", "/cannot", f"/events/{event.public_id}/roster"):
        assert path in letter.text
    assert "BEGIN:VEVENT" in (letter.calendar or "")
    # Everybody on the roster has theirs, with the event as a calendar file.
    others = letters(database, "rsvp")
    assert {one.to.partition("@")[0] for one in others} == {"cem", "dora"}
    assert all(one.calendar for one in others)


@pytest.mark.parametrize("closed", CLOSED)
def test_at_ten_the_host_is_asked_once_and_not_before(
    database: Database, cast: Cast, mail: Mail, closed: str
) -> None:
    event = an_evening(database, cast, mail, london(closed))
    days = days_after(london(closed), event.zone)
    at(database, mail, days.ask - timedelta(minutes=1))
    assert letters(database, "host-on") == []
    for minutes in (0, 5, 300):
        at(database, mail, days.ask + timedelta(minutes=minutes))
    (letter,) = letters(database, "host-on")
    assert letter.to == "bea@people.example"
    for say in ("yes", "help", "no"):
        assert f"/on?say={say}" in letter.text


def test_a_mail_scanner_that_opens_the_link_changes_nothing_and_a_tap_does(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    closed = clock.now() - timedelta(hours=15)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).ask)
    address = f"/hosting/{key_of(letters(database, 'host-on')[0])}/on"
    page = client.get(f"{address}?say=yes").text
    assert "Yes, it’s on" in page
    with database.reading() as db:
        assert db.scalars(select(HostAsked)).one().answer is None
    assert client.post_form(address, {"answer": "maybe"}).status_code == 422
    assert client.post_form(address, {"answer": "yes"}).status_code == 303
    assert client.post_form(address, {"answer": "yes"}).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(HostAsked)).one().answer == "yes"
    assert "You said" in client.get(address).text
    assert client.get("/hosting/not-a-key/on").status_code == 404


def test_help_is_told_to_the_organisers_at_once_and_once(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    closed = clock.now() - timedelta(hours=15)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).ask)
    address = f"/hosting/{key_of(letters(database, 'host-on')[0])}/on"
    for answer in ("help", "yes", "help"):
        assert client.post_form(address, {"answer": answer}).status_code == 303
    told = letters(database, "host-help")
    assert cast.organiser.email in {one.to for one in told}
    assert len({one.to for one in told}) == len(told)
    assert "Bea" in told[0].text


@pytest.mark.parametrize("closed", CLOSED)
def test_who_has_not_said_yes_by_six_is_on_one_list_for_the_organisers(
    database: Database, cast: Cast, mail: Mail, closed: str
) -> None:
    event = an_evening(database, cast, mail, london(closed))
    days = days_after(london(closed), event.zone)
    at(database, mail, days.ask)
    at(database, mail, days.call - timedelta(minutes=1))
    assert letters(database, "call-list") == []
    for minutes in (0, 5, 600):
        at(database, mail, days.call + timedelta(minutes=minutes))
    told = letters(database, "call-list")
    assert len({one.to for one in told}) == len(told) > 0
    assert "No answer yet" in told[0].text
    # No number in a letter: it stands on the page, for who may see it.
    assert "people.example" not in told[0].text


def test_where_all_have_said_yes_there_is_no_list(
    database: Database, cast: Cast, mail: Mail
) -> None:
    closed = london(CLOSED[2])
    event = an_evening(database, cast, mail, closed)
    days = days_after(closed, event.zone)
    at(database, mail, days.ask)
    with database.unit_of_work() as db:
        db.scalars(select(HostAsked)).one().answer = "yes"
    at(database, mail, days.call)
    assert letters(database, "call-list") == []


def test_a_host_who_was_asked_late_has_an_hour_before_anybody_is_to_ring_them(
    database: Database, cast: Cast, mail: Mail
) -> None:
    closed = london(CLOSED[2])
    event = an_evening(database, cast, mail, closed)
    call = days_after(closed, event.zone).call
    at(database, mail, call)  # the worker was down since the morning
    at(database, mail, call + timedelta(minutes=5))
    assert letters(database, "call-list") == []
    at(database, mail, call + timedelta(minutes=65))
    assert letters(database, "call-list") != []


def test_the_call_list_shows_numbers_to_who_runs_the_group_and_to_nobody_else(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    closed = clock.now() - timedelta(hours=15)
    event = an_evening(database, cast, mail, closed)
    with database.unit_of_work() as db:
        db.scalars(
            select(Rsvp).where(Rsvp.person_id == event.host_id)
        ).one().phone = "+447700900123"
        batch = db.scalars(select(Batch)).one()
        meeting = db.get_one(Event, following_meeting(db, batch))
        meeting.host_id = cast.host.id  # who hosts the meetup and runs no group
        address = f"/events/{meeting.public_id}/hosts"
    client.sign_in(cast.organiser)
    page = client.get(address).text
    assert "07700 900123" in page
    assert "bea@people.example" in page
    client.sign_in(cast.host)
    page = client.get(address).text
    assert "Bea" in page
    assert "900123" not in page
    assert "bea@people.example" not in page
    client.sign_in(cast.stranger)
    assert client.get(address).status_code == 404
    assert client.post_form(f"{address}/{event.public_id}", {"answer": "yes"}).status_code == 404


def test_an_organiser_who_rang_notes_what_the_host_said(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = an_evening(database, cast, mail, clock.now() - timedelta(hours=15))
    client.sign_in(cast.organiser)
    address = f"{the_meeting(database)}/hosts"
    assert "It’s on" in client.get(address).text
    sent = client.post_form(f"{address}/{event.public_id}", {"answer": "yes"})
    assert sent.status_code == 303
    assert "1 of 1 has said that it is on" in client.get(address).text


def test_two_workers_at_once_write_each_letter_once(
    database: Database, cast: Cast, mail: Mail
) -> None:
    closed = london(CLOSED[0])
    event = an_evening(database, cast, mail, closed)
    days = days_after(closed, event.zone)
    for moment in (days.ask, days.call, days.outcome, days.outcome_told):
        with clock.at(moment):
            now, start = clock.now(), threading.Barrier(3)

            def work(now: datetime = now, start: threading.Barrier = start) -> None:
                start.wait()
                following.follow_up(database, mail=mail, now=now)

            workers = [threading.Thread(target=work) for _ in range(3)]
            for one in workers:
                one.start()
            for one in workers:
                one.join()
    for kind in ("host-on", "call-list", "host-held", "outcome"):
        told = [one.to for one in letters(database, kind)]
        assert told
        assert len(told) == len(set(told))


@pytest.mark.parametrize("kind", ["host-on", "call-list"])
def test_a_worker_that_dies_half_way_has_written_nothing_and_the_next_writes_all(
    database: Database, cast: Cast, mail: Mail, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    closed = london(CLOSED[1])
    event = an_evening(database, cast, mail, closed)
    days = days_after(closed, event.zone)
    if kind == "call-list":
        at(database, mail, days.ask)
    moment = days.ask if kind == "host-on" else days.call

    class Killed(BaseException):
        pass

    def dies(*given: object, **named: object) -> None:
        real(*given, **named)
        raise Killed

    place = following if kind == "host-on" else once
    real = place.post
    monkeypatch.setattr(place, "post", dies)
    with pytest.raises(Killed):
        at(database, mail, moment)
    assert letters(database, kind) == []
    monkeypatch.setattr(place, "post", real)
    at(database, mail, moment + timedelta(minutes=5))
    assert letters(database, kind) != []


def test_an_evening_that_nobody_ended_ends_by_itself_and_what_follows_comes_in_its_time(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        _, batch, (bea, *_) = seated(db, cast, "Bea", "Cem", "Dora")
        accepted(db, batch, bea)
        ends_at, batch_id = batch.meetup.event.ends_at, batch.id
    for hours, ended in ((2.9, 0), (3.1, 1), (4, 0)):
        with clock.at(ends_at + timedelta(hours=hours)), database.unit_of_work() as db:
            assert closing.end_forgotten(db, now=clock.now()) == ended
    with database.reading() as db:
        assert db.get_one(Batch, batch_id).phase == "over"
        assert db.get_one(Recap, batch_id).closed_at == ends_at
