"""The mailed offer: opening it changes nothing, one tap takes the place or gives it on."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient


@pytest.fixture
def starts_at() -> datetime:
    """In ten days: the tests turn the clock to the day before."""
    return (clock.now() + timedelta(days=10)).replace(second=0, microsecond=0)


def an_offer(database: Database, cast: Cast, mail: RecordingMail, starts_at: datetime) -> str:
    """Ada gave her place back 20 hours before, so Bea has an offer and Cy waits; Bea's key."""
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=starts_at)
        ada, *_ = [signed_up(db, event, name).rsvp for name in ("Ada A", "Bea B", "Cy C")]
        with clock.at(starts_at - timedelta(hours=20)):
            operations.cancel_rsvp(db, rsvp=ada, mail=mail)  # type: ignore[arg-type]
    return mail.letters[-1].text.partition("/rsvps/")[2].partition("/take")[0]


def status_of(database: Database, name: str) -> str:
    with database.reading() as db:
        return db.scalars(select(Rsvp.status).where(Rsvp.name == name)).one()


def test_opening_the_link_shows_a_button_and_the_tap_takes_the_place(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    starts_at: datetime,
) -> None:
    key = an_offer(database, cast, mail, starts_at)
    with clock.at(starts_at - timedelta(hours=19)):
        page = client.get(f"/rsvps/{key}/take")
        assert "Yes, I take it" in page.text
        assert "No, give it to the next" in page.text
        assert status_of(database, "Bea B") == "offered"
        for _ in range(2):
            assert client.post_form(f"/rsvps/{key}/take").status_code == 303
        assert status_of(database, "Bea B") == "accepted"
        assert "The place is yours" in client.get(f"/rsvps/{key}/take").text


def test_a_no_gives_it_to_the_next_at_once(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    starts_at: datetime,
) -> None:
    key = an_offer(database, cast, mail, starts_at)
    with clock.at(starts_at - timedelta(hours=19)):
        assert client.post_form(f"/rsvps/{key}/not-coming").status_code == 303
        assert [status_of(database, name) for name in ("Bea B", "Cy C")] == [
            "cancelled",
            "offered",
        ]
        assert client.post_form(f"/rsvps/{key}/take").status_code == 409


def test_too_late_is_said_and_changes_nothing_before_any_worker_came(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    starts_at: datetime,
) -> None:
    key = an_offer(database, cast, mail, starts_at)
    with clock.at(starts_at - timedelta(hours=17)):
        page = client.get(f"/rsvps/{key}/take")
        assert "This offer is over" in page.text
        assert "Yes, I take it" not in page.text
        late = client.post_form(f"/rsvps/{key}/take")
        assert late.status_code == 409
        assert "join the list again" in late.text
        operations.sweep_offers(database, mail=mail, now=clock.now())  # type: ignore[arg-type]
        assert [status_of(database, name) for name in ("Bea B", "Cy C")] == [
            "cancelled",
            "offered",
        ]
    assert client.get("/rsvps/nosuchkey/take").status_code == 404


def test_ones_own_page_says_that_a_place_is_held_and_an_address_typed_again_hears_so(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    starts_at: datetime,
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, capacity=1, starts_at=starts_at)
        ada = signed_up(db, event, "Ada A").rsvp
        signed_up(db, event, "Sam", email=cast.supporter.email)
        with clock.at(starts_at - timedelta(hours=20)):
            operations.cancel_rsvp(db, rsvp=ada)
            again = signed_up(db, event, "X", email=cast.supporter.email, mail=mail)
            assert again.status == "waiting", "whoever typed it hears what a newcomer hears"
        public_id = event.public_id
    assert "A place for you until" in mail.letters[-1].subject
    with clock.at(starts_at - timedelta(hours=19)):
        client.sign_in(cast.supporter)
        assert "A place is held for you" in client.get("/me").text
        page = client.get(f"/events/{public_id}/place")
        assert "Yes, I take it" in page.text
        assert client.post_form(f"/events/{public_id}/place", {"take": "1"}).status_code == 303
        assert "You are going" in client.get("/me").text
