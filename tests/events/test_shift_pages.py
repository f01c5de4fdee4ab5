"""Shifts on pages: the host's, the event's, and those of who comes."""

from datetime import timedelta
from typing import Any

import pytest

from campaign.events import operations, queries
from campaign.events.rules.day import morning_of
from campaign.events.rules.features import shift_time
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import (
    LONDON,
    announced,
    evening_in,
    event_shifts,
    signed_up,
    three_shifts,
)
from tests.proof_reader import ProofReadingClient


def test_a_host_fills_changes_and_removes_shifts_on_one_page(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    starts_at = evening_in(days=12)
    with database.unit_of_work() as db:
        event = announced(db, cast, starts_at=starts_at, ends_at=starts_at + timedelta(hours=3))
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/shifts"
    assert "None yet" in client.get(path).text
    typed = {"start": "18:00", "end": "21:00", "minutes": "60", "capacity": "6", "needed": "4"}
    filled = {f"fill-{name}": value for name, value in typed.items()}
    assert client.post_form(f"{path}/fill", filled).status_code == 303
    with database.reading() as db:
        shifts = event_shifts(db, event)
        assert [(shift.role, shift.capacity, shift.needed) for shift in shifts] == [
            ("Caller", 6, 4)
        ] * 3
        key, second = shifts[0].public_id, shifts[1].public_id
    page = client.get(path).text
    assert "19:00–20:00" in page
    assert "Needs 4 people" in page
    change = {"start": "18:15", "end": "19:00", "capacity": "8", "needed": "2", "role": "Driver"}
    changed = {f"{key}-{name}": value for name, value in change.items()}
    assert client.post_form(f"{path}/{key}", changed).status_code == 303
    assert "Driver" in client.get(f"/events/{event.public_id}").text
    outside = client.post_form(path, {"add-start": "17:00", "add-end": "18:00"})
    assert outside.status_code == 422
    assert "lies within its event" in outside.text
    with database.unit_of_work() as db:
        held = queries.event_by_public_id(db, event.public_id)
        assert held is not None
        signed_up(db, held, "Ada Warren", shift=key)
    refused = client.post_form(f"{path}/{key}/remove", {})
    assert refused.status_code == 422
    assert "1 person is signed up for this shift" in refused.text
    into = {f"{key}-into": second}
    assert client.post_form(f"{path}/{key}/remove", into).status_code == 303
    with database.reading() as db:
        assert [shift.taken for shift in event_shifts(db, event)] == [1, 0]


@pytest.mark.parametrize("bad", ["", "25:00", "x", "18:00; DROP TABLE", "１８:００"])
def test_a_time_that_is_none_is_said_at_its_field(
    client: ProofReadingClient, database: Database, cast: Cast, bad: str
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/shifts"
    answer = client.post_form(path, {"add-start": bad, "add-end": "20:00", "add-capacity": "-1"})
    assert answer.status_code == 422
    assert 'id="add-start-error"' in answer.text
    assert 'id="add-capacity-error"' in answer.text


def test_a_stranger_finds_no_shifts_page_and_somebody_who_comes_may_not_change_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, shifts = three_shifts(db, cast)
        signed_up(db, event, cast.supporter.name, person=cast.supporter)
    path, key = f"/events/{event.public_id}/shifts", shifts[0].public_id
    assert client.get(path).status_code == 303
    for person, code in ((cast.stranger, 404), (cast.supporter, 403)):
        client.sign_in(person)
        assert client.get(path).status_code == code
        for post in (path, f"{path}/fill", f"{path}/{key}", f"{path}/{key}/remove"):
            assert client.post_form(post, {}).status_code == code
    client.sign_in(cast.organiser)
    assert client.post_form(f"{path}/nosuch", {}).status_code == 404


def test_the_page_of_the_event_proposes_the_shift_that_lacks_most(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, (first, second, third) = three_shifts(db, cast)
        for name in ("Ada Warren", "Bea Long"):
            signed_up(db, event, name, shift=first.public_id)
        signed_up(db, event, "Cy Moss", shift=second.public_id)
    page = client.get(f"/events/{event.public_id}").text
    assert f'value="{third.public_id}" checked' in page
    assert page.count("Needs 1 more person") == 1
    assert "Needs 2 more callers" in client.get("/events").text


def test_a_refused_change_of_an_event_in_shifts_shows_its_page_again(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, _ = three_shifts(db, cast)
    client.sign_in(cast.organiser)
    path = f"/events/{event.public_id}/edit"
    assert "How many fit is said at each" in client.get(path).text
    starts, ends = event.starts_at.astimezone(LONDON), event.ends_at.astimezone(LONDON)
    typed = {"kind": event.kind, "date_own": f"{starts:%Y-%m-%d}", "start_own": f"{starts:%H:%M}"}
    sooner = ends - timedelta(minutes=30)
    typed |= {"end": f"{sooner:%H:%M}", "end_day": f"{sooner:%Y-%m-%d}"}
    typed |= {"place": "venue", "capacity": "none"}
    answer = client.post_form(path, typed)
    assert answer.status_code == 422
    assert "shifts would lie outside" in answer.text


def test_who_has_signed_up_reads_which_shift_is_theirs(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event, shifts = three_shifts(db, cast)
        public_id, second = event.public_id, shifts[1].public_id
    filled = {"name": "Ada Warren", "email": "ada@people.example", "shift": second}
    client.post_form(f"/events/{public_id}/rsvp", filled)
    page = client.get(f"/events/{public_id}").text
    assert "You are in" in page
    assert "your shift " in page


def test_every_letter_of_the_day_says_the_hours_of_ones_shift(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event, (_, _, last) = three_shifts(db, cast)
        signed_up(db, event, "Ada Warren", shift=last.public_id)
        hours, evening = shift_time(event, last), shift_time(event, event)
    given: dict[str, Any] = {"mail": mail, "now": event.starts_at - timedelta(hours=23)}
    with clock.at(given["now"]):
        assert operations.send_reminders(database, **given) == 1
    morning = morning_of(event.starts_at, event.zone) or event.starts_at
    for at in (morning, event.ends_at + timedelta(minutes=61)):
        with clock.at(at):
            operations.write_day_letters(database, mail=mail, now=at)  # type: ignore[arg-type]
    told = [letter.text for letter in mail.letters if letter.to.startswith("ada")]
    assert [hours in text for text in told].count(True) >= (3 if morning < event.starts_at else 2)
    assert not any(evening in text for text in told)
