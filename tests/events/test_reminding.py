"""The day before: who is asked whether they come, and what their answer does."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaign.events import operations
from campaign.events.models import Event, Rsvp
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, announced, signed_up, soon
from tests.proof_reader import ProofReadingClient

LINKS = ("coming", "not-coming")


@pytest.fixture
def tomorrow() -> datetime:
    """When the event begins: the tests turn the clock to the day before, when the event of the
    cast is long over, whatever the hour is now."""
    return soon(240)


def the_event(database: Database, cast: Cast, starts_at: datetime, **given: Any) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, starts_at=starts_at, **given).public_id


def joined(database: Database, public_id: str, *names: str, **given: Any) -> None:
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        for name in names:
            signed_up(db, event, name, **given)


def remind(database: Database, mail: RecordingMail, at: datetime) -> int:
    with clock.at(at):
        return operations.send_reminders(database, mail=mail, now=clock.now())  # type: ignore[arg-type]


def status_of(database: Database, name: str) -> str:
    with database.reading() as db:
        return db.scalars(select(Rsvp.status).where(Rsvp.name == name)).one()


def reminders(database: Database) -> list[str]:
    with database.reading() as db:
        query = select(OutboxLetter.to).where(OutboxLetter.key.like("rsvp-reminder:%"))
        return [to.partition("@")[0] for to in db.scalars(query.order_by(OutboxLetter.id))]


def asked(database: Database, cast: Cast, mail: RecordingMail, starts_at: datetime) -> str:
    """Ada has the one place and was asked, Bea waits; Ada's key."""
    public_id = the_event(database, cast, starts_at, capacity=1)
    joined(database, public_id, "Ada Warren", "Bea Long")
    assert remind(database, mail, starts_at - timedelta(hours=24)) == 1
    return mail.keys[-1].partition("/")[0]


def test_who_has_a_place_is_asked_once_a_day_before_and_who_waits_is_not(
    database: Database, cast: Cast, mail: RecordingMail, tomorrow: datetime
) -> None:
    public_id = the_event(database, cast, tomorrow, capacity=2)
    joined(database, public_id, "Ada Warren", "Bea Long", "Cy Moss")
    assert remind(database, mail, tomorrow - timedelta(hours=25)) == 0, "not yet"
    assert remind(database, mail, tomorrow - timedelta(hours=24)) == 2
    assert remind(database, mail, tomorrow - timedelta(hours=23)) == 0, "once"
    assert reminders(database) == ["ada", "bea"]
    text = mail.letters[0].text
    assert all(f"/rsvps/{mail.keys[0].partition('/')[0]}/{link}\n" in text for link in LINKS)
    assert f"/events/{public_id}.ics" in text
    assert all(link in mail.letters[0].html for link in LINKS)


def test_many_are_asked_a_handful_at_a_time(
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    tomorrow: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("campaign.events.operations.reminding.HANDFUL", 2)
    public_id = the_event(database, cast, tomorrow)
    joined(database, public_id, "Ada Warren", "Bea Long", "Cy Moss", "Di Noon", "Ed Pike")
    assert remind(database, mail, tomorrow - timedelta(hours=20)) == 5
    assert reminders(database) == ["ada", "bea", "cy", "di", "ed"]


def test_a_fresh_place_a_cancelled_event_and_one_that_began_are_left_in_peace(
    database: Database, cast: Cast, mail: RecordingMail, tomorrow: datetime
) -> None:
    public_id = the_event(database, cast, tomorrow, capacity=1)
    with clock.at(tomorrow - timedelta(hours=20)):
        joined(database, public_id, "Ada Warren")
    joined(database, public_id, "Bea Long")
    off = the_event(database, cast, tomorrow, title="Called off")
    joined(database, off, "Cy Moss")
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == off)).one()
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    assert remind(database, mail, tomorrow - timedelta(hours=15)) == 0, "five hours a guest"
    with clock.at(tomorrow - timedelta(hours=14)), database.unit_of_work() as db:
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        operations.cancel_rsvp(db, rsvp=ada)
        bea = db.scalars(select(Rsvp).where(Rsvp.name == "Bea Long")).one()
        operations.accept_offer(db, rsvp=bea)
    assert status_of(database, "Bea Long") == "accepted"
    assert remind(database, mail, tomorrow - timedelta(hours=9)) == 0, "moved up five hours ago"
    assert remind(database, mail, tomorrow + timedelta(minutes=1)) == 0, "it has begun"
    assert remind(database, mail, tomorrow - timedelta(hours=7)) == 1
    assert reminders(database) == ["bea"]


def test_who_signs_up_anew_is_asked_anew(
    database: Database, cast: Cast, mail: RecordingMail, tomorrow: datetime
) -> None:
    key = asked(database, cast, mail, tomorrow)
    with clock.at(tomorrow - timedelta(hours=23)), database.unit_of_work() as db:
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        operations.confirm_rsvp(db, rsvp=ada)
        operations.cancel_rsvp(db, rsvp=ada)
        event = db.get_one(Event, ada.event_id)
        event.capacity = 5
        bea = db.scalars(select(Rsvp).where(Rsvp.name == "Bea Long")).one()
        operations.accept_offer(db, rsvp=bea)
        signed_up(db, event, "Ada Warren", approved=True)
    assert status_of(database, "Ada Warren") == "accepted"
    assert remind(database, mail, tomorrow - timedelta(hours=12)) == 2
    assert sorted(reminders(database)) == ["ada", "ada", "bea"]
    assert key != mail.keys[-1].partition("/")[0]


def test_a_home_asks_in_the_letter_with_its_address_and_in_no_second_one(
    database: Database, cast: Cast, mail: RecordingMail, tomorrow: datetime
) -> None:
    public_id = the_event(database, cast, tomorrow, place=HOME)
    joined(database, public_id, "Ada Warren", approved=True)
    at = tomorrow - timedelta(hours=24)
    assert remind(database, mail, at) == 0
    with clock.at(at), database.unit_of_work() as db:
        assert operations.send_addresses(db, mail=mail, now=clock.now()) == 1  # type: ignore[arg-type]
    assert remind(database, mail, at + timedelta(hours=1)) == 0
    assert len(mail.letters) == 1
    assert HOME.venue in mail.letters[0].text
    assert all(f"/{link}\n" in mail.letters[0].text for link in LINKS)
    with database.reading() as db:
        assert db.scalars(select(Rsvp.reminded_at).where(Rsvp.name == "Ada Warren")).one(), (
            "the roster knows"
        )


def test_opening_a_link_changes_nothing_and_the_button_does(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    tomorrow: datetime,
) -> None:
    key = asked(database, cast, mail, tomorrow)
    with clock.at(tomorrow - timedelta(hours=20)):
        for link in LINKS:
            for _ in range(2):
                page = client.get(f"/rsvps/{key}/{link}")
                assert page.text.count('<button class="btn') == 1
                assert page.headers["Cache-Control"] == "no-store"
                client.head(f"/rsvps/{key}/{link}")
        assert status_of(database, "Ada Warren") == "accepted"
        for _ in range(2):
            assert client.post_form(f"/rsvps/{key}/coming", {}).status_code == 303
        assert status_of(database, "Ada Warren") == "confirmed"
        assert "You have said that you will be there" in client.get(f"/rsvps/{key}").text
        again = client.get(f"/rsvps/{key}/coming").text
        assert "You have said that you will be there" in again
        assert client.get(f"/rsvps/{'x' * 32}/coming").status_code == 404


def test_cannot_come_gives_the_place_to_who_waits(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    tomorrow: datetime,
) -> None:
    key = asked(database, cast, mail, tomorrow)
    with clock.at(tomorrow - timedelta(hours=2)):
        client.post_form(f"/rsvps/{key}/coming", {})
        assert client.post_form(f"/rsvps/{key}/not-coming", {}).status_code == 303
        assert status_of(database, "Ada Warren") == "cancelled"
        assert status_of(database, "Bea Long") == "offered"
        assert client.post_form(f"/rsvps/{key}/coming", {}).status_code == 422
        assert status_of(database, "Ada Warren") == "cancelled", "a place is not taken back so"
        assert "not on the list any more" in client.get(f"/rsvps/{key}/coming").text
    with database.reading() as db:
        query = select(Event.taken).join(Rsvp).where(Rsvp.name == "Bea Long")
        assert db.scalars(query).one() == 1


def test_after_the_start_nobody_moves_up_and_after_the_end_nothing_changes(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    tomorrow: datetime,
) -> None:
    key = asked(database, cast, mail, tomorrow)
    with clock.at(tomorrow + timedelta(hours=3)):
        for link in LINKS:
            assert client.post_form(f"/rsvps/{key}/{link}", {}).status_code == 409
            assert "<button" not in client.get(f"/rsvps/{key}/{link}").text.split("<h1")[1]
        assert status_of(database, "Ada Warren") == "accepted"
    with clock.at(tomorrow + timedelta(minutes=5)):
        assert client.post_form(f"/rsvps/{key}/not-coming", {}).status_code == 303
    assert status_of(database, "Ada Warren") == "cancelled"
    assert status_of(database, "Bea Long") == "waiting"


def test_the_roster_says_who_will_be_there_and_who_has_not_answered(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    mail: RecordingMail,
    tomorrow: datetime,
) -> None:
    public_id = the_event(database, cast, tomorrow)
    joined(database, public_id, "Ada Warren", "Bea Long")
    client.sign_in(cast.organiser)
    before = client.get(f"/events/{public_id}/roster").text
    assert "has not answered" not in before
    remind(database, mail, tomorrow - timedelta(hours=24))
    with database.unit_of_work() as db:
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        operations.confirm_rsvp(db, rsvp=ada)
    page = client.get(f"/events/{public_id}/roster").text
    assert page.index("Ada Warren") < page.index("will be there</span>") < page.index("Bea Long")
    assert page.index("Bea Long") < page.index("has not answered</span>")
    assert "<b>1</b> will be there, <b>1</b> has not answered" in page
