"""Letters to everybody of an event, the letter with an address, and what a page says after a no."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from campaign.events import operations
from campaign.events.messages import Mail
from campaign.events.models import EventNotice
from campaign.events.operations import everybody
from campaign.events.queries import rsvp_by_key
from campaign.events.rules.venues import PlaceChoice, PlaceKind
from campaign.foundation import audit, clock
from campaign.foundation.carriers import Letter
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from tests.cast import Cast
from tests.events.conftest import RecordingMail
from tests.events.makers import HOME, ONLINE, announced, kept, signed_up, soon
from tests.proof_reader import ProofReadingClient

NAMES = ("Ada Warren", "Bea Long", "Cy Moss", "Di Noon", "Ed Pike")
OTHER_HOME = PlaceChoice(PlaceKind.HOME, "3 Marmion Road", "BN3 5FS", 50.8325, -0.1731, "Hove")


def letters(database: Database) -> list[str]:
    with database.reading() as db:
        found = db.execute(select(OutboxLetter.subject, OutboxLetter.to).order_by(OutboxLetter.id))
        return [f"{subject.partition(':')[0]} {to.partition('@')[0]}" for subject, to in found]


def test_calling_off_writes_no_letter_itself_and_everybody_hears_once(
    database: Database, cast: Cast, mail: Mail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everybody, "HANDFUL", 2)
    with database.unit_of_work() as db:
        event = announced(db, cast)
        for name in NAMES:
            signed_up(db, event, name)
    with database.unit_of_work() as db:
        operations.cancel(db, event=event, actor_id=cast.organiser.id, note="The hall is shut.")
    assert letters(database) == []
    assert operations.tell_everybody(database, mail=mail, most=2) == 2, "stopped half-way"
    assert operations.tell_everybody(database, mail=mail) == 3
    assert operations.tell_everybody(database, mail=mail) == 0
    assert letters(database) == [f"Cancelled {name.split()[0].lower()}" for name in NAMES]
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(EventNotice)) == 0
        assert "The hall is shut." in db.scalars(select(OutboxLetter.text)).first()  # type: ignore[operator]


def test_letters_are_made_while_others_may_write(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    class WhileOthersWrite:
        base_url = mail.base_url

        def write(self, template: str, **values: Any) -> Letter:
            with database.unit_of_work() as db:  # refused to who writes already
                audit.append(db, "tried", subject="thing:1")
            return mail.write(template, **values)

    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event)
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    assert operations.tell_everybody(database, mail=WhileOthersWrite()) == 1  # type: ignore[arg-type]


def test_a_change_is_told_to_who_was_there_and_not_after_it_was_called_off(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast)
        signed_up(db, event, "Ada Warren")
        later = event.starts_at + timedelta(hours=1)
        operations.edit(
            db, **kept(event, cast, starts_at=later, ends_at=later + timedelta(hours=2))
        )
        with clock.at(clock.now() + timedelta(seconds=5)):
            signed_up(db, event, "Bea Long")
    operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert letters(database) == ["Changed ada"]
    with database.reading() as db:
        opened = rsvp_by_key(db, mail.keys[0])
        assert opened is not None
        assert opened.name == "Ada Warren"
    with database.unit_of_work() as db:
        operations.edit(db, **kept(event, cast, starts_at=later + timedelta(minutes=30)))
        operations.cancel(db, event=event, actor_id=cast.organiser.id)
    with clock.at(clock.now() + timedelta(minutes=1)):
        operations.tell_everybody(database, mail=mail)  # type: ignore[arg-type]
    assert letters(database)[1:] == ["Cancelled ada"]


def test_a_new_address_goes_at_once_and_the_subject_says_the_right_day(
    database: Database, cast: Cast, mail: RecordingMail
) -> None:
    tomorrow = clock.now().date() + timedelta(days=1)
    evening = datetime(tomorrow.year, tomorrow.month, tomorrow.day, 19, tzinfo=ZoneInfo("UTC"))
    with clock.at(evening - timedelta(hours=30)), database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=evening)
        signed_up(db, event, "Ada Warren", approved=True)
    for hours, day, place in ((22, "Tomorrow", HOME), (3, "Today", OTHER_HOME)):
        with clock.at(evening - timedelta(hours=hours)), database.unit_of_work() as db:
            operations.edit(db, **kept(event, cast, place=place), mail=mail)  # type: ignore[arg-type]
            assert mail.letters[-1].subject == f"{day}: Ring round Hove"
            assert place.venue in mail.letters[-1].text


def test_an_edited_online_event_reads_as_a_new_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=ONLINE)
        event.shown_place = "Online: link after you sign up"
        db.flush()
        operations.edit(db, **kept(event, cast, title="Ring from home"))
        assert event.shown_place == ONLINE.shown_place
        assert event.online_link == ONLINE.online_link


def test_whom_the_host_declined_is_not_asked_to_sign_up_again(
    client: ProofReadingClient, database: Database, cast: Cast, mail: RecordingMail
) -> None:
    with database.unit_of_work() as db:
        event = announced(db, cast, place=HOME, starts_at=soon())
        ada = signed_up(db, event, "Ada Warren", mail=mail).rsvp
        operations.answer_request(db, event=event, rsvp_id=ada.public_id, yes=False)
    page = client.get(f"/rsvps/{mail.keys[0]}").text
    assert "Sign up again" not in page
    assert "The host cannot take you this time" in page
