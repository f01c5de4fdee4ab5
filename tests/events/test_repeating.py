"""Events that repeat: their days are made, changed and ended together, and said on pages."""

import json
import threading
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from campaign.events import operations, queries
from campaign.events.models import Event, EventNotice, Occurrence, Series
from campaign.events.rules.repeating import Scope
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from tests.cast import Cast
from tests.events.calendars import by_icalendar, by_vobject
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, LONDON, announced, kept, signed_up
from tests.events.series import TUESDAY, a_series, held_of, on
from tests.events.test_linked import understood, value
from tests.proof_reader import ProofReadingClient

# Making the days.


def test_ninety_days_are_made_at_once_and_the_nights_make_the_rest(
    database: Database, cast: Cast
) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        _, series = a_series(db, cast, gaps=(date(2026, 10, 13),))
        made = held_of(db, series)
        assert [event.starts_at.astimezone(LONDON).hour for event in made] == [19] * len(made)
        local = [event.starts_at.astimezone(LONDON).date() for event in made]
        assert (local[0], local[1], local[-1]) == (
            TUESDAY,
            date(2026, 10, 20),
            date(2026, 12, 29),
        )
        assert {event.state for event in made} == {"listed"}
        assert operations.make_days(db, series=series) == 0
    with clock.at(on(date(2026, 10, 9))):
        assert operations.make_all_days(database) == 1
        assert operations.make_all_days(database) == 0


@pytest.mark.storm
def test_two_workers_at_once_make_each_day_once(database: Database, cast: Cast) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        _, series = a_series(db, cast)
    errors: list[BaseException] = []

    def work() -> None:
        try:
            operations.make_all_days(database)
        except BaseException as error:
            errors.append(error)

    with clock.at(on(date(2026, 12, 1))):
        workers = [threading.Thread(target=work) for _ in range(6)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert errors == []
    with database.reading() as db:
        rows = list(db.scalars(select(Occurrence.day).where(Occurrence.series_id == series.id)))
        assert len(rows) == len(set(rows)) == 21
        assert db.scalar(select(func.count()).select_from(Event)) == 22  # and the cast's own


def test_a_day_stands_once_by_the_word_of_the_database(database: Database, cast: Cast) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        _, series = a_series(db, cast)
        other = announced(db, cast)
        with pytest.raises(IntegrityError), db.begin_nested():
            db.add(Occurrence(event_id=other.id, series_id=series.id, day=TUESDAY))
            db.flush()


def test_a_home_stays_hidden_on_every_day(database: Database, cast: Cast) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        event, series = a_series(db, cast, place=HOME)
        for one in held_of(db, series):
            assert (one.address_for, one.shown_place) == ("approved", event.shown_place)
            assert (one.shown_lat, one.shown_lng) == (event.shown_lat, event.shown_lng)
            assert "Elm Grove" not in (one.feature or "")
            assert one.public_id == event.public_id or one.taken == 0


def test_a_draft_makes_no_days_and_a_look_at_one_is_a_look_at_all(
    database: Database, cast: Cast
) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        draft, series = a_series(db, cast, draft=True)
        assert held_of(db, series) == [draft]
        event, series = a_series(db, cast, listed=False)
        assert {one.state for one in held_of(db, series)} == {"unlisted"}
        operations.list_event(db, event=event, actor_id=cast.organiser.id)
        assert {one.state for one in held_of(db, series)} == {"listed"}


# Changing and ending.


def test_this_and_later_are_changed_and_what_was_changed_alone_keeps_its_change(
    database: Database, cast: Cast
) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        _, series = a_series(db, cast)
        made = held_of(db, series)
        alone, third = made[4], made[2]
        operations.edit_together(db, scope=Scope.ONE, **kept(alone, cast, title="A party for once"))
        signed_up(db, made[3], "Ada Warren")
        later = datetime.combine(date(2026, 10, 20), time(20), tzinfo=LONDON)
        times = {"starts_at": later, "ends_at": later + timedelta(hours=1)}
        operations.edit_together(
            db, scope=Scope.LATER, **kept(third, cast, title="Later ring", **times)
        )
        titles = [event.title for event in held_of(db, series)]
        assert titles[:5] == ["Ring round Hove"] * 2 + ["Later ring"] * 2 + ["A party for once"]
        assert set(titles[5:]) == {"Later ring"}
        hours = [event.starts_at.astimezone(LONDON).hour for event in held_of(db, series)]
        assert hours[:6] == [19, 19, 20, 20, 19, 20]  # across 25 October
        told = {notice.event_id for notice in db.scalars(select(EventNotice))}
        assert made[3].id in told
        assert alone.sequence == 1
    with clock.at(on(date(2026, 10, 9))):
        assert operations.make_all_days(database) == 1
        with database.reading() as db:
            newest = held_of(db, series)[-1]
            assert (newest.title, newest.starts_at.astimezone(LONDON).hour) == ("Later ring", 20)


def test_only_one_alone_moves_to_another_day(database: Database, cast: Cast) -> None:
    with clock.at(on(date(2026, 10, 1))), database.unit_of_work() as db:
        event, series = a_series(db, cast)
        moved = event.starts_at + timedelta(days=1)
        times = {"starts_at": moved, "ends_at": moved + timedelta(hours=2)}
        with pytest.raises(Refused, match="Only one event alone") as refusal:
            operations.edit_together(db, scope=Scope.ALL, **kept(event, cast, **times))
        assert refusal.value.field == "date"
        operations.edit_together(db, scope=Scope.ONE, **kept(event, cast, **times))
        assert operations.make_days(db, series=series) == 0  # its Tuesday does not come back


def test_ending_the_later_ones_ends_the_series_and_everybody_hears(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with clock.at(on(date(2026, 10, 1))):
        with database.unit_of_work() as db:
            _, series = a_series(db, cast)
            made = held_of(db, series)
            signed_up(db, made[5], "Ada Warren")
            operations.cancel_together(
                db, event=made[1], scope=Scope.ONE, actor_id=cast.organiser.id
            )
            count = operations.cancel_together(
                db, event=made[3], scope=Scope.LATER, actor_id=cast.organiser.id, note="No hall."
            )
            assert count == len(made) - 3
            states = [event.state for event in held_of(db, series)]
            assert states[:4] == ["listed", "cancelled", "listed", "cancelled"]
        operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
        assert [letter.to for letter in mail.letters] == ["ada@people.example"]
        assert "No hall." in mail.letters[0].text
    with clock.at(on(date(2026, 11, 20))):
        assert operations.make_all_days(database) == 0


# Seven in the evening, in everything that says when.


@pytest.mark.parametrize(
    ("first", "second"),
    [(date(2026, 10, 20), date(2026, 10, 27)), (date(2027, 3, 23), date(2027, 3, 30))],
)
def test_a_weekly_seven_in_the_evening_is_seven_everywhere_across_a_clock_change(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    first: date,
    second: date,
) -> None:
    with clock.at(on(first - timedelta(days=3))):
        with database.unit_of_work() as db:
            _, series = a_series(db, cast, first=first)
            evenings = held_of(db, series)[:2]
            for evening in evenings:
                signed_up(db, evening, "Ada Warren", mail=mail)
        for evening, day in zip(evenings, (first, second), strict=True):
            wall = datetime.combine(day, time(19))
            for read in (by_icalendar, by_vobject):
                (entry,) = read(client.get(f"/events/{evening.public_id}.ics").text)
                assert entry["start"].replace(tzinfo=None) == wall
                assert entry["start"].timestamp() == evening.starts_at.timestamp()
            page = client.get(f"/events/{evening.public_id}").text
            linked = value(understood(page), "startDate")
            assert linked.startswith(f"{day}T19:00")
            assert datetime.fromisoformat(linked) == evening.starts_at
            assert "19:00–21:00" in page
            properties = json.loads(evening.feature or "")["properties"]
            assert properties["tz"] == "Europe/London"
            assert properties["start"].startswith(f"{day}T19:00")
            assert datetime.fromisoformat(properties["start"]) == evening.starts_at
        assert ["19:00–21:00" in letter.subject for letter in mail.letters] == [True, True]
        assert evenings[1].starts_at - evenings[0].starts_at != timedelta(days=7)


# The pages.


def typed(first: date, **given: str) -> dict[str, str]:
    return {
        "kind": "phonebank",
        "date_own": first.isoformat(),
        "start_own": "19:00",
        "place": "venue",
        "where": "Trinity Hall",
        "postcode": "BN1 1AA",
        "group": "fair-rents-brighton",
        "capacity": "8",
        **given,
    }


def test_a_host_says_that_it_repeats_and_the_page_says_when_next(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    client.sign_in(cast.organiser)
    first = (clock.now() + timedelta(days=7)).date()
    form = typed(first, repeats="weekly", until=(first + timedelta(days=21)).isoformat())
    answer = client.post_form("/events/new", form | {"group": cast.group.slug})
    assert answer.status_code == 303, answer.text
    page = client.get(answer.headers["Location"]).text
    assert f"Every {first:%A}" in page
    assert "The next dates" in page
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Occurrence)) == 4
    path = f"{answer.headers['Location']}/edit"
    assert "This and later ones" in client.get(path).text
    changed = typed(first, title="Rings for rents", scope="all", end="21:00")
    assert client.post_form(path, changed, most_queries=150).status_code == 303
    with database.reading() as db:
        named = select(func.count()).select_from(Event).where(Event.title == "Rings for rents")
        assert db.scalar(named) == 4
    off = client.post_form(
        f"{answer.headers['Location']}/cancel", {"scope": "later"}, most_queries=100
    )
    assert off.status_code == 303
    with database.reading() as db:
        off_now = select(func.count()).select_from(Event).where(Event.state == "cancelled")
        assert db.scalar(off_now) == 4


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"gaps": "Christmas"}, "is not a day"),
        ({"until": "2031-01-01"}, "two years"),
        ({"every": "0"}, "from 1 to 12"),
        ({"until": "2027-01-30", "times": "3"}, "not both"),
    ],
)
def test_a_rule_that_cannot_be_is_said_and_nothing_is_announced(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    given: dict[str, str],
    sentence: str,
) -> None:
    client.sign_in(cast.organiser)
    first = (clock.now() + timedelta(days=7)).date()
    form = typed(first, repeats="weekly", group=cast.group.slug, title="Kept here", **given)
    answer = client.post_form("/events/new", form)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Kept here" in answer.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Series)) == 0
        assert db.scalar(select(func.count()).select_from(Event)) == 1  # the cast's own


def test_an_event_by_itself_is_asked_nothing_of_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        assert queries.repeats(db, event=event, now=clock.now()) is None
    client.sign_in(cast.organiser)
    assert "Which of them?" not in client.get(f"/events/{event.public_id}/edit").text
