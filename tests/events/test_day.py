"""The letters of an event's day: when by its own clock, to whom, once, and never in vain."""

import re
import threading
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, EventTold, Rsvp
from campaign.events.operations.teaming import join_team
from campaign.events.rules import day
from campaign.events.rules.signups import Attendance
from campaign.events.rules.team import TeamRole
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast, a_person
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, LONDON, announced, signed_up
from tests.proof_reader import ProofReadingClient


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON).astimezone(UTC)


@pytest.mark.parametrize(
    ("starts", "morning", "evening"),
    [
        ("2027-03-28 19:00", "2027-03-28T07:00", "2027-03-27T18:00"),  # the clocks went forward
        ("2027-03-29 19:00", "2027-03-29T07:00", "2027-03-28T17:00"),
        ("2026-10-25 19:00", "2026-10-25T08:00", "2026-10-24T17:00"),  # they went back
        ("2026-10-24 09:30", "2026-10-24T07:00", "2026-10-23T17:00"),
        ("2026-12-01 09:15", None, "2026-11-30T18:00"),
    ],
)
def test_eight_in_the_morning_and_six_in_the_evening_are_the_clocks_of_the_place(
    starts: str, morning: str | None, evening: str
) -> None:
    begins = london(starts)
    found = day.morning_of(begins, "Europe/London")
    assert (found and f"{found:%Y-%m-%dT%H:%M}") == morning
    assert f"{day.evening_before(begins, 'Europe/London'):%Y-%m-%dT%H:%M}" == evening


@pytest.fixture
def evening() -> datetime:
    """19:00 in London, far enough ahead that the cast's own event is long over."""
    ahead = (clock.now() + timedelta(days=20)).astimezone(LONDON)
    return ahead.replace(hour=19, minute=0, second=0, microsecond=0).astimezone(UTC)


def the_event(database: Database, cast: Cast, starts_at: datetime, **given: object) -> Event:
    """An event of the host's; Ada said that she comes, Bea has not answered."""
    with database.unit_of_work() as db:
        event = announced(db, cast, host=cast.host, starts_at=starts_at, **given)
        for name in ("Ada Warren", "Bea Long"):
            signed_up(db, event, name, approved=True)
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        operations.confirm_rsvp(db, rsvp=ada)
    return event


def write(database: Database, mail: RecordingMail, at: datetime) -> int:
    with clock.at(at):
        return operations.write_day_letters(database, mail=mail, now=clock.now())  # type: ignore[arg-type]


def letters(database: Database, kind: str) -> list[str]:
    with database.reading() as db:
        query = select(OutboxLetter.to).where(OutboxLetter.key.like(f"{kind}:%"))
        return sorted(to.partition("@")[0] for to in db.scalars(query))


def at_eight(starts_at: datetime) -> datetime:
    return starts_at.astimezone(LONDON).replace(hour=8).astimezone(UTC)


def test_at_eight_who_has_a_place_is_told_once_and_not_before(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    the_event(database, cast, evening)
    write(database, mail, at_eight(evening) - timedelta(minutes=1))
    assert letters(database, "today") == []
    for minutes in (0, 5, 60):
        write(database, mail, at_eight(evening) + timedelta(minutes=minutes))
    assert letters(database, "today") == ["ada", "bea"]
    letter = next(one for one in mail.letters if "See you there" in one.text)
    assert "/not-coming" in letter.text


@pytest.mark.parametrize("late", [timedelta(minutes=30), timedelta(days=1)])
def test_a_worker_that_wakes_too_late_tells_nobody_that_it_is_today(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime, late: timedelta
) -> None:
    the_event(database, cast, evening)
    write(database, mail, evening - timedelta(hours=1) + late)
    assert letters(database, "today") == []


def test_one_called_off_early_or_fresh_gets_no_letter_of_the_day(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    off = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        operations.cancel(db, event=db.get_one(Event, off.id), actor_id=cast.organiser.id)
        early = evening.astimezone(LONDON).replace(hour=9).astimezone(UTC)
        signed_up(db, announced(db, cast, starts_at=early), "Early Bird")
        fresh = announced(db, cast, starts_at=evening)
    with clock.at(at_eight(evening) - timedelta(hours=2)), database.unit_of_work() as db:
        signed_up(db, db.get_one(Event, fresh.id), "Fresh Face")
    write(database, mail, at_eight(evening))
    assert letters(database, "today") == []


def test_one_that_was_taken_down_tells_and_asks_nobody(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        db.get_one(Event, event.id).hidden_at = clock.now()
    for at in (
        at_eight(evening),
        day.evening_before(evening, "Europe/London"),
        event.ends_at + timedelta(hours=2),
    ):
        assert write(database, mail, at) == 0


def test_an_event_that_moved_to_another_day_is_told_of_anew(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    write(database, mail, at_eight(evening))
    with database.unit_of_work() as db:
        held = db.get_one(Event, event.id)
        held.starts_at, held.ends_at = (
            evening + timedelta(days=3),
            evening + timedelta(days=3, hours=2),
        )
    write(database, mail, at_eight(evening + timedelta(days=3)))
    assert letters(database, "today") == ["ada", "ada", "bea", "bea"]


def test_the_address_of_a_home_goes_to_who_was_let_in_and_stands_in_no_subject(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening, place=HOME)
    with database.unit_of_work() as db:
        signed_up(db, event, "Will Wait")
    write(database, mail, at_eight(evening))
    assert letters(database, "today") == ["ada", "bea"]
    told = [
        one for one in mail.letters if one.subject.startswith("Today: ") and "See you" in one.text
    ]
    assert [("12 Elm Grove" in one.text) for one in told] == [True, True]
    assert not any("Elm" in one.subject for one in mail.letters)


def test_the_evening_before_who_hosts_reads_names_and_no_more(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    with database.unit_of_work() as db:
        for name, role in (("Cora Host", TeamRole.CO_HOST), ("Stew Ward", TeamRole.STEWARD)):
            join_team(db, event=event, person=a_person(db, name), role=role)
    before = day.evening_before(evening, "Europe/London")
    write(database, mail, before - timedelta(minutes=1))
    assert letters(database, "who-comes") == []
    write(database, mail, before)
    write(database, mail, before + timedelta(minutes=5))
    assert letters(database, "who-comes") == ["cora-host", "hari-host"]
    text = next(one.text for one in mail.letters if one.to == cast.host.email)
    assert "Will be there (1):\nAda Warren" in text
    assert "No answer yet (1):\nBea Long" in text
    assert "people.example" not in text
    assert "/roster" in text
    assert re.search(r"/hosting/\S+/cannot", text)


def test_an_hour_after_the_end_who_is_unknown_is_asked_and_who_hosts_may_tick(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
) -> None:
    event = the_event(database, cast, evening)
    with clock.at(evening), database.unit_of_work() as db:
        ada = db.scalars(select(Rsvp.public_id).where(Rsvp.name == "Ada Warren")).one()
        operations.mark_attendance(
            db,
            event=event,
            rsvp_id=ada,
            attendance=Attendance.CAME,
            actor_id=cast.host.id,
        )
    ended = event.ends_at
    write(database, mail, ended + timedelta(minutes=59))
    assert letters(database, "did-come") == []
    for minutes in (60, 65):
        write(database, mail, ended + timedelta(minutes=minutes))
    assert letters(database, "did-come") == ["bea"]
    assert letters(database, "who-came") == ["hari-host"]
    key = next(key for key in mail.keys if key.endswith("/came")).partition("/")[0]
    with clock.at(ended + timedelta(hours=2)):
        for link in ("came", "did-not-come"):
            page = client.get(f"/rsvps/{key}/{link}")
            assert page.text.count('<button class="btn') == 1
            assert page.headers["Cache-Control"] == "no-store"
        assert attendance(database, "Bea Long") == "unknown"
        assert client.post_form(f"/rsvps/{key}/did-not-come").status_code == 303
        assert attendance(database, "Bea Long") == "did_not_come"
        assert client.post_form(f"/rsvps/{key}/came").status_code == 303
    assert attendance(database, "Bea Long") == "did_not_come", "what is known stays"


def attendance(database: Database, name: str) -> str:
    with database.reading() as db:
        return db.scalars(select(Rsvp.attendance).where(Rsvp.name == name)).one()


def test_nobody_says_that_they_came_before_it_began(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        signed_up(db, announced(db, cast), "Ada Warren", mail=mail)
    key = mail.keys[-1].partition("/")[0]
    assert "It has not begun yet" in client.get(f"/rsvps/{key}/came").text
    assert client.post_form(f"/rsvps/{key}/came").status_code == 422
    assert attendance(database, "Ada Warren") == "unknown"


def test_two_hours_after_the_end_who_hosts_is_asked_how_it_was(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening)
    write(database, mail, event.ends_at + timedelta(minutes=119))
    assert letters(database, "how-was-it") == []
    for hours in (2, 3, 30):
        write(database, mail, event.ends_at + timedelta(hours=hours))
    assert letters(database, "how-was-it") == ["hari-host"]


@pytest.mark.storm
def test_two_workers_at_once_tell_each_once(
    database: Database, cast: Cast, mail: RecordingMail, evening: datetime
) -> None:
    event = the_event(database, cast, evening, capacity=200)
    with database.unit_of_work() as db:
        for number in range(120):
            signed_up(db, event, f"P{number} Hill", email=f"p{number}@people.example")
    start = threading.Barrier(2)

    def work() -> None:
        start.wait()
        operations.write_day_letters(database, mail=mail, now=clock.now())  # type: ignore[arg-type]

    with clock.at(at_eight(evening)):
        threads = [threading.Thread(target=work) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        operations.write_day_letters(database, mail=mail, now=clock.now())  # type: ignore[arg-type]
    told = letters(database, "today")
    assert len(told) == len(set(told)) == 122


def test_a_worker_that_dies_has_told_nobody_and_the_next_tells_all(
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    evening: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    the_event(database, cast, evening)
    with monkeypatch.context() as patch:
        patch.setattr("campaign.events.operations.once.post", _dies)
        with pytest.raises(KeyboardInterrupt):
            write(database, mail, at_eight(evening))
    with database.reading() as db:
        assert db.scalars(select(EventTold)).all() == []
    write(database, mail, at_eight(evening))
    assert letters(database, "today") == ["ada", "bea"]


def _dies(*_: object, **__: object) -> None:
    raise KeyboardInterrupt
