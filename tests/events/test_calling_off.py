"""Calling an event off from its page: a refused note is not lost; and what is over is over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from campaign.events.models import Event
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.makers import HOME, announced, signed_up
from tests.events.series import a_series, held_of, on
from tests.proof_reader import ProofReadingClient

AWAY = "Nobody will be at 12 Elm Grove, sorry. Ring Sian."


def states(database: Database) -> list[str]:
    with database.reading() as db:
        return list(db.scalars(select(Event.state).order_by(Event.id)))


def test_a_note_that_gives_a_home_away_comes_back_to_be_mended(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME)
        signed_up(db, event)
    client.sign_in(cast.organiser)
    before = states(database)
    refused = client.post_form(f"/events/{event.public_id}/cancel", {"note": AWAY})
    assert refused.status_code == 422
    assert AWAY in refused.text
    assert "This text gives the home away" in refused.text
    assert "Change the event" in refused.text
    assert states(database) == before
    done = client.post_form(f"/events/{event.public_id}/cancel", {"note": "Sian is ill. Sorry."})
    assert done.status_code == 303
    with database.reading() as db:
        assert db.get_one(Event, event.id).state == "cancelled"


@pytest.mark.parametrize("scope", ["one", "later", "all"])
def test_so_it_is_for_a_series_and_nothing_of_it_is_off_by_half(
    client: ProofReadingClient, database: Database, cast: Cast, scope: str
) -> None:
    with clock.at(on(date(2026, 10, 1))):
        with database.unit_of_work() as db:
            _, series = a_series(db, cast, place=HOME)
            ids = [held.public_id for held in held_of(db, series)]
        client.sign_in(cast.organiser)
        before = states(database)
        given = {"note": AWAY, "scope": scope}
        refused = client.post_form(f"/events/{ids[1]}/cancel", given)
        assert refused.status_code == 422
        assert AWAY in refused.text
        assert f'value="{scope}" checked' in refused.text
        assert states(database) == before


def test_a_past_event_offers_its_report_and_nothing_that_would_change_it(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event)
    client.sign_in(cast.organiser)
    page = client.get(f"/events/{event.public_id}").text
    assert "Make shifts" in page
    assert "Change it" in page
    assert "Who is coming" in page
    with clock.at(event.ends_at + timedelta(hours=2)):
        client.sign_in(cast.organiser)
        page = client.get(f"/events/{event.public_id}").text
        roster = client.get(f"/events/{event.public_id}/roster").text
    assert "Write the report" in page
    assert "Who came" in page
    assert "Make shifts" not in page
    assert "Change it" not in page
    assert "<h1>Who came to" in roster
