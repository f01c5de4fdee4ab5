"""A week on: hosts say what took place, and the rate stands on every page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.events.messages import Mail
from campaign.events.queries import report_of
from campaign.events.queries.planned import promise_at
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.meetups.models import Batch
from campaign.meetups.rules.following import days_after
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
from tests.proof_reader import ProofReadingClient


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
    for page in (recap, meeting, f"/groups/{group}"):
        told = client.get(page).text
        assert "1 is not yet reported" in told
        assert "0 %" not in told, "nobody has said anything yet"
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
