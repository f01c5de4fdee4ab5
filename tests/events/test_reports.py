"""What came of an event: who writes it, who reads it, and what it adds up to."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations, queries
from campaign.events.models import Event, EventReport, Rsvp
from campaign.events.rules.reports import asked_first, figures, month_of
from campaign.events.rules.signups import Attendance
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def event(database: Database, cast: Cast) -> Event:
    """A listed canvass of the host's, in an hour; Ada comes with a guest."""
    with database.unit_of_work() as db:
        made = announced(db, cast, host=cast.host, kind="canvass", listed=True, starts_at=soon(1))
        signed_up(db, made, "Ada Warren", guests=1)
    return made


def after(event: Event) -> datetime:
    return event.ends_at + timedelta(hours=2)


def test_people_are_proposed_from_the_ticks_and_the_report_stands_on_the_page(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    with clock.at(after(event)):
        with database.unit_of_work() as db:
            ada = db.scalars(select(Rsvp.public_id).where(Rsvp.name == "Ada Warren")).one()
            operations.mark_attendance(
                db, event=event, rsvp_id=ada, attendance=Attendance.CAME, actor_id=cast.host.id
            )
        client.sign_in(cast.host)
        path = f"/events/{event.public_id}/report"
        assert 'name="people"' in client.get(path).text
        assert 'value="2"' in client.get(path).text
        told = {
            "people": "2",
            "doors": "1240",
            "calls": "",
            "leaflets": "",
            "story": "Rain & <b>tea",
        }
        assert client.post_form(path, told).status_code == 303
        client.sign_out()
        page = client.get(f"/events/{event.public_id}").text
        assert "What happened" in page
        assert "1,240" in page
        assert "Rain &amp; &lt;b&gt;tea" in page
        group = client.get(f"/groups/{cast.group.slug}").text
        assert "What we did" in group
        assert "1,240" in group


def test_it_is_written_anew_by_the_team_and_by_nobody_else(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    path = f"/events/{event.public_id}/report"
    with clock.at(after(event)):
        for person, status in ((cast.stranger, 404), (cast.caller, 403)):
            client.sign_in(person)
            assert client.get(path).status_code == status
            assert client.post_form(path, {"people": "9"}).status_code == status
        for person, doors in ((cast.host, "10"), (cast.organiser, "0")):
            client.sign_in(person)
            assert client.post_form(path, {"doors": doors}).status_code == 303
    with database.reading() as db:
        report = db.scalars(select(EventReport)).one()
        assert (report.doors, report.people) == (0, None)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"people": "lots"}, "in digits"),
        ({"doors": "-3"}, "in digits"),
        ({"doors": "1000000"}, "in digits"),
        ({"people": "", "story": " "}, "Give one number at least"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_nothing_is_lost(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    event: Event,
    given: dict[str, str],
    sentence: str,
) -> None:
    client.sign_in(cast.host)
    kept = {"leaflets": "77"} if "story" not in given else {}
    with clock.at(after(event)):
        refused = client.post_form(f"/events/{event.public_id}/report", kept | given)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert all(f'value="{typed}"' in refused.text for typed in kept.values())
    with database.reading() as db:
        assert db.scalars(select(EventReport)).all() == []


def test_before_it_begins_or_once_called_off_there_is_nothing_to_report(
    client: ProofReadingClient, database: Database, cast: Cast, event: Event
) -> None:
    client.sign_in(cast.host)
    path = f"/events/{event.public_id}/report"
    assert "It has not begun yet" in client.get(path).text
    assert client.post_form(path, {"people": "3"}).status_code == 422
    with database.unit_of_work() as db:
        operations.cancel(db, event=db.get_one(Event, event.id), actor_id=cast.host.id)
    with clock.at(after(event)):
        assert client.post_form(path, {"people": "3"}).status_code in (409, 422)


def test_the_text_of_a_report_gives_no_home_away(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        home = announced(db, cast, host=cast.host, place=HOME, starts_at=soon(1))
    client.sign_in(cast.host)
    with clock.at(after(home)):
        path = f"/events/{home.public_id}/report"
        refused = client.post_form(path, {"story": "Lovely evening at 12 Elm Grove"})
        assert refused.status_code == 422
        assert "gives the home away" in refused.text


def test_sums_count_listed_events_of_the_month_and_of_the_group_asked_for(
    database: Database, cast: Cast, event: Event
) -> None:
    with database.unit_of_work() as db:
        link = announced(db, cast, listed=False, starts_at=soon(1))
        other = announced(
            db, cast, group=cast.other_group, host=cast.stranger, listed=True, starts_at=soon(1)
        )
    with clock.at(after(event)), database.unit_of_work() as db:
        for one, doors in ((event, 40), (link, 500), (other, 7)):
            operations.write_report(
                db, event=one, numbers={"doors": doors}, story="", actor_id=cast.host.id
            )
        span = {"since": event.starts_at - timedelta(hours=2), "until": clock.now()}
        assert queries.report_totals(db, **span).doors == 47
        assert queries.report_totals(db, **span, group_id=cast.group.id).doors == 40
        late = {"since": clock.now(), "until": clock.now()}
        assert queries.report_totals(db, **late).reports == 0


def test_who_has_written_the_report_is_not_asked_how_it_was(
    database: Database, cast: Cast, mail: RecordingMail, event: Event
) -> None:
    with clock.at(after(event)):
        with database.unit_of_work() as db:
            operations.write_report(
                db, event=event, numbers={"doors": 4}, story="", actor_id=cast.host.id
            )
        operations.write_day_letters(database, mail=mail, now=clock.now())  # type: ignore[arg-type]
    assert not [one for one in mail.letters if one.subject.startswith("How was it?")]


def test_numbers_are_said_in_words_and_a_month_begins_by_the_clock_of_the_country() -> None:
    report = EventReport(people=1, calls=None, doors=1240, leaflets=0)
    assert figures(report) == [("1", "person came"), ("1,240", "doors")]
    assert asked_first("phonebank") == ("people", "calls")
    assert f"{month_of(datetime.fromisoformat('2026-07-31T23:30+00:00')):%Y-%m-%dT%H}" == (
        "2026-07-31T23"
    )
