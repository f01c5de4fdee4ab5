"""After the evening: hosts are asked, organisers hear whom to ring, and what became of it all."""

import re
import threading
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.events import operations as events
from campaign.events.messages import Mail
from campaign.events.models import Event, EventNotice, EventTeam, Rsvp
from campaign.events.operations import once
from campaign.events.queries import report_of
from campaign.events.queries.planned import promise_at
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.letters import LetterWriter
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.meetups.models import Batch, HostAsked, Meetup, Recap
from campaign.meetups.operations import closing, following
from campaign.meetups.operations.filling import help_host
from campaign.meetups.rules.following import Stand, days_after, stand_of
from campaign.people.models import Person
from tests.cast import Cast
from tests.meetups.making import accepted, card_of, coming, move_to, seated
from tests.proof_reader import ProofReadingClient

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


# Two evenings after which the clocks change in the night, and one without.
CLOSED = ("2026-10-24 20:58", "2027-03-27 20:58", "2026-12-04 20:58")


@pytest.fixture
def mail(settings: Settings) -> Mail:
    """Letters as this installation writes them."""
    return Mail(LetterWriter(settings), settings.base_url)


def an_evening(database: Database, cast: Cast, mail: Mail, closes: datetime) -> Event:
    """Bea hosts with Cem as her co-host, Dora comes; the room closes then."""
    with clock.at(closes), database.unit_of_work() as db:
        _, batch, (bea, cem, dora) = seated(db, cast, "Bea", "Cem", "Dora")
        help_host(db, batch=batch, card=card_of(db, bea).card, cohost=cem, yes=True)
        coming(db, batch, dora)
        event = accepted(db, batch, bea, mail=mail)
        move_to(db, batch, "over", cast.organiser.id)
    return event


def at(database: Database, mail: Mail, moment: datetime) -> int:
    with clock.at(moment):
        return following.follow_up(database, mail=mail, now=clock.now())


def letters(database: Database, kind: str) -> list[OutboxLetter]:
    with database.reading() as db:
        query = select(OutboxLetter).where(OutboxLetter.key.like(f"{kind}:%"))
        found = list(db.scalars(query.order_by(OutboxLetter.id)))
        db.expunge_all()
    return found


def key_of(letter: OutboxLetter) -> str:
    return re.search(r"/hosting/([^/\s]+)/", letter.text)[1]


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


def the_meeting(database: Database) -> str:
    """The page of the meetup."""
    with database.reading() as db:
        meeting_id = following_meeting(db, db.scalars(select(Batch)).one())
        return f"/events/{db.get_one(Event, meeting_id).public_id}"


def following_meeting(db: Session, batch: Batch) -> int:
    return db.scalars(select(Meetup.event_id).where(Meetup.id == batch.meetup_id)).one()


def test_an_organiser_who_rang_notes_what_the_host_said(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = an_evening(database, cast, mail, clock.now() - timedelta(hours=15))
    client.sign_in(cast.organiser)
    address = f"{the_meeting(database)}/hosts"
    assert "It’s on" in client.get(address).text
    sent = client.post_form(f"{address}/{event.public_id}", {"answer": "yes"})
    assert sent.status_code == 303
    assert "1 of 1 have said that it is on" in client.get(address).text


def cannot(client: ProofReadingClient, database: Database, cast: Cast, mail: Mail) -> Event:
    """Bea was asked, and says that she cannot."""
    closed = clock.now() - timedelta(hours=15)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).ask)
    address = f"/hosting/{key_of(letters(database, 'host-on')[0])}/on"
    assert client.post_form(address, {"answer": "no"}).status_code == 303
    return event


def look_after(database: Database, mail: Mail, hours: float = 0) -> None:
    with clock.at(clock.now() + timedelta(hours=hours)):
        events.look_after_hostless(database, mail=mail, now=clock.now())


def test_a_co_host_is_asked_and_hosts_with_their_own_tap_alone_and_then_the_roster_hears(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        assert held.hostless_at is not None
        assert db.scalars(select(EventNotice)).all() == []
    told = letters(database, "hostless")
    assert cast.organiser.email in {one.to for one in told}
    assert "We ask the co-host" in told[0].text
    for hours in (0, 0.1):
        look_after(database, mail, hours)
    (asked,) = letters(database, "ask-cohost")
    assert asked.to == "cem@people.example"
    assert letters(database, "offer") == []  # who comes is asked after the co-host
    address = f"/hosting/{key_of(asked)}/take-over"
    assert "I’ll host it" in client.get(address).text
    with database.reading() as db:
        assert db.get_one(Event, event.id).hostless_at is not None
    assert client.post_form(address, {}).status_code == 303
    with database.reading() as db:
        held = db.get_one(Event, event.id)
        assert held.hostless_at is None
        assert db.get_one(Person, held.host_id).email == "cem@people.example"
        assert db.scalars(select(EventNotice.note)).all() == ["Cem hosts it now."]
    events.tell_everybody(database, mail=mail)
    heard = [one for one in letters(database, "event-changed") if "Cem hosts it now" in one.text]
    assert "dora@people.example" in {one.to for one in heard}


def test_a_co_host_who_cannot_either_leaves_nobody_and_the_organisers_hear_it(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    look_after(database, mail)
    before = len(letters(database, "hostless"))
    address = f"/hosting/{key_of(letters(database, 'ask-cohost')[0])}/take-over"
    for _ in range(2):
        assert client.post_form(address, {"answer": "no"}).status_code == 303
    told = letters(database, "hostless")
    assert len(told) == before * 2
    assert "there is no co-host" in told[-1].text
    with database.reading() as db:
        assert db.scalars(select(EventTeam).where(EventTeam.event_id == event.id)).all() == []
        assert db.scalars(select(EventNotice)).all() == []
    look_after(database, mail, 0.1)
    assert {one.to for one in letters(database, "offer")} >= {"dora@people.example"}


def test_a_co_host_who_says_nothing_is_asked_alone_for_twelve_hours(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    event = cannot(client, database, cast, mail)
    with database.unit_of_work() as db:  # far ahead: nearer, everybody is asked at once
        held = db.get_one(Event, event.id)
        held.starts_at += timedelta(days=9)
        held.ends_at += timedelta(days=9)
    look_after(database, mail, 11)
    assert letters(database, "offer") == []
    look_after(database, mail, 12.1)
    assert {one.to for one in letters(database, "offer")} == {"dora@people.example"}


def over(database: Database, event: Event) -> datetime:
    with database.reading() as db:
        return db.get_one(Event, event.id).ends_at


@pytest.mark.parametrize("closed", CLOSED)
def test_after_seven_days_a_silent_host_is_asked_once_and_the_organisers_hear_the_rate(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail, closed: str
) -> None:
    event = an_evening(database, cast, mail, london(closed))
    days = days_after(london(closed), event.zone)
    at(database, mail, days.outcome - timedelta(minutes=1))
    assert letters(database, "host-held") == []
    for minutes in (0, 5, 60):
        at(database, mail, days.outcome + timedelta(minutes=minutes))
    (asked,) = letters(database, "host-held")
    assert asked.to == "bea@people.example"
    for minutes in (0, 5, 60):
        at(database, mail, days.outcome_told + timedelta(minutes=minutes))
    told = letters(database, "outcome")
    assert len({one.to for one in told}) == len(told) > 0
    assert "0 of 1 took place" in told[0].subject
    assert "1 is not yet reported" in told[0].text


def test_the_host_s_number_is_the_report_and_the_rate_stands_on_every_page(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    closed = clock.now() - timedelta(days=8)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).outcome)
    address = f"/hosting/{key_of(letters(database, 'host-held')[0])}/held"
    meeting, group = the_meeting(database), cast.group.slug
    recap = f"{meeting}/recap"
    assert "1 is not yet reported" in client.get(recap).text
    assert "Did it take place?" in client.get(address).text
    assert client.post_form(address, {"answer": "yes", "people": ""}).status_code == 422
    assert client.post_form(address, {"answer": "yes", "people": "many"}).status_code == 422
    assert client.post_form(address, {"answer": "yes", "people": "7"}).status_code == 303
    with database.reading() as db:
        report = report_of(db, event.id)
        assert report is not None
        assert report.people == 7
    for page in (recap, f"/groups/{group}"):
        assert "100 %" in client.get(page).text
    assert "1 of 1 took place (100 %)" in client.get(meeting).text
    assert "7 people came" in client.get(recap).text
    again = client.post_form(address, {"answer": "no", "people": ""})
    assert again.status_code == 422


def test_a_no_is_not_held_and_is_told_from_what_nobody_reported(
    client: ProofReadingClient, database: Database, cast: Cast, mail: Mail
) -> None:
    closed = clock.now() - timedelta(days=8)
    event = an_evening(database, cast, mail, closed)
    at(database, mail, days_after(closed, event.zone).outcome)
    address = f"/hosting/{key_of(letters(database, 'host-held')[0])}/held"
    assert client.post_form(address, {"answer": "no", "people": ""}).status_code == 303
    with database.reading() as db:
        meeting_id = following_meeting(db, db.scalars(select(Batch)).one())
        promise = promise_at(db, meeting_id, now=clock.now())
    assert (promise.held, promise.not_held, promise.unknown) == (0, 1, 0)


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
