"""A promised call reaches its caller's calendar, leaves it again, and says nothing of anybody."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.foundation.settings import Settings
from campaign.people import operations as people
from campaign.people.models import PhoneNumber
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Call, Contact, Phonebank, Promise
from campaign.phonebanks.operations import removing, setup
from campaign.phonebanks.operations.promising import call_off, write_promise
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.operations.ringing_back import log_ring_back
from campaign.phonebanks.rules.promises import calendar_of
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
AT = NOON + timedelta(hours=4)


def letters(db: Any) -> list[OutboxLetter]:
    query = select(OutboxLetter).where(OutboxLetter.key.startswith("promise:"))
    return list(db.scalars(query.order_by(OutboxLetter.id)))


def methods(db: Any) -> list[str]:
    texts = [row.calendar or "" for row in letters(db)]
    marks = ("METHOD:", "SEQUENCE:")
    return [" ".join(text.split(mark)[1].split()[0] for mark in marks) for text in texts]


@pytest.fixture
def promised(database: Database, cast: Cast, made: Made, mail: Mail) -> int:
    """The caller has promised somebody a call at four; the contact's id."""
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        held = claim(db, phonebank, cast.caller)
        reveal(db, call=held.call, phonebank=phonebank, now=NOON)
        given = {"phonebank": phonebank, "outcome": "call_later", "callback_at": AT}
        record_outcome(db, call=held.call, now=NOON, **given)
        for _ in range(2):
            write_promise(db, call=held.call, mail=mail, now=NOON)
        return held.contact.id


def test_a_promise_is_one_letter_with_a_calendar_entry_that_says_nothing_of_anybody(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, settings: Settings
) -> None:
    client.sign_in(cast.caller)
    claim_id = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    sent = {"outcome": "call_later", "callback_at": AT.isoformat(), "client_uuid": "one"}
    for _ in range(2):
        assert client.post_asking_json(f"/claims/{claim_id}/outcome", sent).status_code == 200
    with database.reading() as db:
        (letter,) = letters(db)
        contact = db.scalars(select(Contact).where(Contact.promised_at.is_not(None))).one()
        number = db.get_one(PhoneNumber, contact.number_id).e164
        db.expunge_all()
    assert letter.to == cast.caller.email
    assert letter.subject == "You promised a call: Tue 24 Nov, 16:00"
    assert letter.calendar is not None
    assert "DTSTART:20261124T160000Z" in letter.calendar
    for part in (letter.subject, letter.text, letter.html, letter.calendar):
        for hidden in ("Amina", "Kay", "Hove", number, number[3:]):
            assert hidden not in part
    for body in (letter.text, letter.html):
        assert "Tue 24 Nov, 16:00" in body
        assert settings.imprint in body
        assert f"{settings.base_url}/phonebanks/promises" in body
    page = client.get("/phonebanks/promises").text
    assert "Amina, Hove" in page
    assert number not in page
    client.sign_in(cast.stranger)
    assert "Amina" not in client.get("/phonebanks/promises").text


def test_who_wants_no_letters_gets_none_and_may_have_them_again(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    page = client.post_form("/phonebanks/promises", {"letters": "no"}, follow_redirects=True)
    assert "You get no mails for promises." in page.text
    claim_id = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    sent = {"outcome": "call_later", "callback_at": AT.isoformat()}
    assert client.post_asking_json(f"/claims/{claim_id}/outcome", sent).status_code == 200
    with database.reading() as db:
        assert letters(db) == []
    page = client.post_form("/phonebanks/promises", {"letters": "yes"}, follow_redirects=True)
    assert "You get a mail with an entry" in page.text


def test_a_promise_that_anyone_may_keep_is_in_nobodys_calendar(
    database: Database, cast: Cast, made: Made, mail: Mail
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        held = claim(db, phonebank, cast.caller)
        reveal(db, call=held.call, phonebank=phonebank, now=NOON)
        given = {"phonebank": phonebank, "outcome": "call_later", "callback_at": AT}
        record_outcome(db, call=held.call, now=NOON, anyone=True, **given)
        write_promise(db, call=held.call, mail=mail, now=NOON)
        assert letters(db) == []


@pytest.mark.parametrize("what", ["suppressed", "closed", "ends before", "taken off", "withdrawn"])
def test_what_no_longer_stands_leaves_the_calendar_once(
    database: Database, cast: Cast, made: Made, mail: Mail, promised: int, what: str
) -> None:
    with database.unit_of_work() as db:
        call_off(db, mail=mail, now=NOON)
        assert methods(db) == ["PUBLISH 0"]
        contact = db.get_one(Contact, promised)
        phonebank = db.get_one(Phonebank, contact.phonebank_id)
        actor = {"phonebank": phonebank, "actor_id": cast.organiser.id, "now": NOON}
        if what == "suppressed":
            hmac = db.get_one(PhoneNumber, contact.number_id).hmac
            people.suppress(db, hmac=hmac, reason="asked", source="page")
        elif what == "closed":
            setup.close(db, **actor)
        elif what == "ends before":
            phonebank.closes_at = AT
        elif what == "taken off":
            removing.remove(db, person=cast.caller, **actor)
        else:
            contact.state = "withdrawn"
        db.flush()
        for _ in range(2):
            call_off(db, mail=mail, now=NOON + timedelta(minutes=1))
        assert methods(db) == ["PUBLISH 0", "CANCEL 1"]
        assert letters(db)[1].subject == "A call you promised is off"


def test_a_promise_that_is_moved_moves_in_the_calendar(
    database: Database, cast: Cast, made: Made, mail: Mail, promised: int
) -> None:
    with database.unit_of_work() as db:
        contact = db.get_one(Contact, promised)
        phonebank = db.get_one(Phonebank, contact.phonebank_id)
        earlier = db.scalars(select(Call).where(Call.contact_id == promised)).one()
        now = NOON + timedelta(hours=1)
        given = {"outcome": "call_later", "callback_at": AT + timedelta(hours=1)}
        log_ring_back(
            db, earlier=earlier, phonebank=phonebank, now=now, client_uuid="back", **given
        )
        call = db.scalars(select(Call).where(Call.client_uuid == "back")).one()
        write_promise(db, call=call, mail=mail, now=now)
        call_off(db, mail=mail, now=now)
        assert methods(db) == ["PUBLISH 0", "PUBLISH 1"]
        first, second = letters(db)
        assert first.calendar
        assert second.calendar
        uid = first.calendar.split("UID:")[1].split()[0]
        assert f"UID:{uid}\r\nDTSTAMP:20261124T130000Z" in second.calendar
        assert "DTSTART:20261124T170000Z" in second.calendar


def test_what_was_kept_needs_no_letter_and_is_forgotten(
    database: Database, cast: Cast, made: Made, mail: Mail, promised: int
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        held = claim(db, phonebank, cast.caller, AT)
        assert held.contact.id == promised
        reveal(db, call=held.call, phonebank=phonebank, now=AT)
        record_outcome(db, call=held.call, phonebank=phonebank, outcome="talked", now=AT)
        call_off(db, mail=mail, now=AT + timedelta(minutes=5))
        assert methods(db) == ["PUBLISH 0"]
        call_off(db, mail=mail, now=AT + timedelta(days=1, seconds=1))
        assert list(db.scalars(select(Promise))) == []


def test_the_file_is_whole_and_no_line_is_too_long() -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    url = "https://a-rather-long-name-of-a-site.example.org/phonebanks/promises"
    text = calendar_of("abc", at=now, sequence=3, now=now, url=url, over=True)
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for words in ("METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3", "CLASS:PRIVATE"):
        assert words in text
