"""Bringing people in from a file: counted first, all or none, and nobody without hearing of it."""

import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from campaign.events import operations
from campaign.events.models import Event, Rsvp, RsvpFile
from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.outbox import OutboxLetter
from campaign.people.models import Person
from tests.cast import Cast
from tests.events.makers import announced, signed_up
from tests.proof_reader import ProofReadingClient

FILE = """Name,Email,Phone,Postcode,Guests
Ada Warren,ada@people.example,07700 900123,BN1 1YD,0
Bea Long,bea@people.example,7700900456,,2
Cy Moss,cy@people.example,07700 900789,,
Cy Moss,CY@people.example,,,
Di Noon,di@people.example,,,
Ed Park,ed@people.example,07700 900111,,
No Mail,,07700 900222,,
Bad Number,bad@people.example,4.47701E+11,,
Many Guests,many@people.example,,,12
"=Formula",evil@people.example,,,
"""


def made(database: Database, cast: Cast, **given: Any) -> str:
    with database.unit_of_work() as db:
        return announced(db, cast, **given).public_id


def send(client: ProofReadingClient, public_id: str, text: str | bytes) -> TestResponse:
    data = text if isinstance(text, bytes) else text.encode()
    given = {"file": (io.BytesIO(data), "people.csv")}
    return client.post_form(f"/events/{public_id}/roster/import", given)


def sign_ups(database: Database, public_id: str) -> dict[str, str]:
    with database.reading() as db:
        query = select(Rsvp).join(Event).where(Event.public_id == public_id).order_by(Rsvp.id)
        return {rsvp.name: rsvp.status for rsvp in db.scalars(query)}


def test_a_file_is_counted_first_and_brought_in_by_a_second_tap(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast, capacity=4)
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        signed_up(db, event, "Di Noon")
        ed = signed_up(db, event, "Ed Park").rsvp
        operations.cancel_rsvp(db, rsvp=ed)
        signed_up(db, event, "Cy Moss")
    client.sign_in(cast.organiser)
    sent = send(client, public_id, FILE)
    assert sent.status_code == 303
    address = sent.headers["Location"]
    with database.reading() as db:
        file = db.scalars(select(RsvpFile)).one()
        assert file.counts == {
            "new": 2,
            "updated": 1,
            "fixed": 1,
            "duplicate": 2,
            "held": 1,
            "refused": 3,
        }
    assert set(sign_ups(database, public_id)) == {"Di Noon", "Ed Park", "Cy Moss"}
    page = client.get(address)
    assert "nobody could tell them" in page.text
    assert "0 to 9" in page.text
    rejects = client.get(f"{address}/rejects.csv").text
    assert "Held back." in rejects
    assert "ed@people.example" not in rejects
    assert "8,," in rejects or "8,Email," in rejects
    assert client.post_form(address, most_queries=120).status_code == 303
    again = client.post_form(address)
    assert again.status_code == 409
    now = sign_ups(database, public_id)
    assert now["Ada Warren"] == "accepted"
    assert now["Bea Long"] == "waiting", "three do not fit"
    assert now["Ed Park"] == "cancelled", "who cancelled is not brought back"
    with database.reading() as db:
        ada = db.scalars(select(Rsvp).where(Rsvp.name == "Ada Warren")).one()
        assert (ada.source, ada.phone, ada.postcode) == ("import", "+447700900123", "BN1 1YD")
        cy = db.scalars(select(Rsvp).where(Rsvp.name == "Cy Moss")).one()
        assert (cy.phone, cy.source) == ("+447700900789", "page")
        assert db.scalars(select(RsvpFile.data)).one() is None, "the file is gone"


def test_each_who_is_brought_in_hears_by_whom_and_says_no_thanks_with_one_tap(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    client.sign_in(cast.organiser)
    address = send(client, public_id, "Name,Email\nAda Warren,ada@people.example\n").headers[
        "Location"
    ]
    client.post_form(address, most_queries=60)
    with database.reading() as db:
        letter = db.scalars(select(OutboxLetter)).one()
        assert letter.to == "ada@people.example"
        text = letter.text
    assert "Olwen Organiser added you" in text
    client.sign_out()
    key = text.partition("/rsvps/")[2].partition("/no-thanks")[0]
    page = client.get(f"/rsvps/{key}/no-thanks")
    assert "take me off" in page.text
    assert sign_ups(database, public_id)["Ada Warren"] == "accepted"
    assert client.post_form(f"/rsvps/{key}/no-thanks").status_code == 303
    assert sign_ups(database, public_id) == {"Somebody": "cancelled"}
    with database.reading() as db:
        assert db.scalar(select(Person.id).where(Person.email == "ada@people.example")) is None
    assert client.get(f"/rsvps/{key}/no-thanks").status_code == 404


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "file"),
        (b"%PDF-1.7 x", "PDF"),
        (b"Name,Phone\nAda,07700 900123\n", "at least"),
        (b"Name,Email,Email\nAda,a@b.example,c@d.example\n", "columns"),
        (b'Name,Email\n"Ada,a@people.example\n', "quot"),
        ("Name,Email\n" + "Ada,a{}@p.example\n" * 501, "at most 500"),
    ],
)
def test_a_bad_file_is_refused_with_a_sentence(
    client: ProofReadingClient, database: Database, cast: Cast, data: Any, sentence: str
) -> None:
    public_id = made(database, cast)
    client.sign_in(cast.organiser)
    page = send(client, public_id, data)
    assert page.status_code == 422
    assert sentence in page.text
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(RsvpFile)) == 0


def test_names_of_other_systems_are_understood(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    client.sign_in(cast.organiser)
    text = "given_name;family_name;email_address;postal_code\nAda;Warren;ada@people.example;BN1 1YD"
    client.post_form(send(client, public_id, text).headers["Location"], most_queries=60)
    assert sign_ups(database, public_id) == {"Ada Warren": "accepted"}


def test_our_own_table_can_be_brought_back_in(
    client: ProofReadingClient, database: Database, cast: Cast
) -> None:
    public_id = made(database, cast)
    other = made(database, cast)
    with database.unit_of_work() as db:
        event = db.scalars(select(Event).where(Event.public_id == public_id)).one()
        signed_up(db, event, "=cmd", guests=1, guest_names="Bea", email="evil@people.example")
    client.sign_in(cast.organiser)
    table = client.get(f"/events/{public_id}/roster.csv").data
    assert table.startswith(b"\xef\xbb\xbf")
    assert b"'=cmd" in table
    assert b"+00:00" in table or b"+01:00" in table
    assert not client.get(f"/events/{public_id}/roster.csv?bom=0").data.startswith(b"\xef")
    client.post_form(send(client, other, table).headers["Location"], most_queries=60)
    assert sign_ups(database, other) == {"=cmd": "accepted"}


@pytest.mark.parametrize(("who", "code"), [("stranger", 404), ("caller", 403), ("officer", 404)])
def test_only_who_runs_the_event_brings_people_in(
    client: ProofReadingClient, database: Database, cast: Cast, who: str, code: int
) -> None:
    public_id = made(database, cast)
    client.sign_in(cast.organiser)
    address = send(client, public_id, FILE).headers["Location"]
    client.sign_out()
    client.sign_in(getattr(cast, who))
    assert send(client, public_id, FILE).status_code == code
    for path in (address, f"{address}/rejects.csv", f"/events/{public_id}/roster/import"):
        assert client.get(path).status_code == code
    assert client.post_form(address).status_code == code
    client.sign_in(cast.organiser)
    with clock.at(clock.now() + timedelta(minutes=11)):
        for path in (f"/events/{public_id}/roster/import", f"/events/{public_id}/roster.csv"):
            assert client.get(path).headers["Location"].startswith("/sign-in")
    other = made(database, cast)
    file_id = address.rpartition("/")[2]
    assert client.get(f"/events/{other}/roster/import/{file_id}").status_code == 404
    assert client.post_form(address, {"drop": "1"}).status_code == 303
    with database.reading() as db:
        assert db.scalars(select(RsvpFile.state)).one() == "dropped"
