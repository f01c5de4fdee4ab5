"""Lists: counted before anybody comes in, the same file twice changes nothing, wishes are kept."""

from __future__ import annotations

import time
from contextlib import nullcontext
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.spreadsheets import FileRefused
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import importing, never
from tests.phonebanks.making import KEY, NOON, make_phonebank

HEAD = "ID,First name,Surname,Phone,OK to ring\r\n"
GOOD = HEAD + (
    "A1,Amina,Kaplan,07700 900101,yes\r\n"
    "A2,Jonas,Lindqvist,7700900102,yes\r\n"
    "A3,Owen,Prosser,01632 960103,\r\n"
)
# Everything that people's files hold: a row each.
NASTY = (
    GOOD
    + "A4,Twice,Number,07700 900101,yes\r\n"
    + "A1,Twice,Person,07700 900104,yes\r\n"
    + "A6,Destroyed,,4.47701E+11,yes\r\n"
    + "A7,Letters,,O77OO 900107,yes\r\n"
    + "A8,Two,,07700 900108 / 07700 900109,yes\r\n"
    + "A9,Emergency,,999,yes\r\n"
    + "A10,None,,,yes\r\n"
    + "A11,Abroad,,+33 1 23 45 67 89,yes\r\n"
    + "A12,Jersey,,01534 123456,yes\r\n"
    + 'A13,"Over\r\ntwo lines",,07700 900113,yes\r\n'
    + "A14,Too,many,07700 900114,yes,here\r\n"
)


def preview(db: Session, phonebank: Phonebank, text: str | bytes = GOOD, **given: Any) -> Any:
    usual: dict[str, Any] = {
        "file_name": "people.csv",
        "source": "petition stall",
        "basis": "column",
        "collected_on": date(2026, 11, 14),
        "key": KEY,
        "now": NOON,
        "actor_id": None,
    }
    data = text if isinstance(text, bytes) else text.encode()
    return importing.preview(db, data, phonebank=phonebank, **usual | given)


def bring(db: Session, phonebank: Phonebank, text: str | bytes = GOOD, **given: Any) -> ImportBatch:
    batch = preview(db, phonebank, text, **given)
    return importing.bring_in(
        db, batch=batch, phonebank=phonebank, key=KEY, now=NOON, actor_id=None
    )


def listed(db: Session) -> list[tuple[str, str, str, str | None]]:
    query = (
        select(PhoneNumber.e164, Contact.first_name, Contact.state, Contact.external_id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .order_by(PhoneNumber.e164)
    )
    return [tuple(row) for row in db.execute(query)]


def count(db: Session, table: Any) -> int:
    return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_counts_every_row_and_brings_nobody_in(database: Database) -> None:
    with database.unit_of_work() as db:
        batch = preview(db, make_phonebank(db), NASTY)
        assert batch.counts == {
            "new": 3,
            "updated": 0,
            "fixed": 1,
            "duplicate": 2,
            "held": 2,
            "refused": 6,
        }
        assert sum(batch.counts.values()) == 14
        assert (count(db, Contact), count(db, PhoneNumber), count(db, Suppression)) == (0, 0, 0)


def test_each_row_that_stays_out_says_where_and_why(database: Database) -> None:
    with database.unit_of_work() as db:
        said = {row[0]: row[1:] for row in preview(db, make_phonebank(db), NASTY).rejects}
    assert said[5] == ["", "This number stands in the file twice."]
    assert said[6] == ["", "This person stands in the file twice."]
    assert said[7][0] == "Phone"
    assert "format the column as text" in said[7][1]
    assert said[11] == ["Phone", "There is no number here."]
    assert said[12] == ["", "Held back."]


def test_only_a_plain_yes_is_consent(database: Database) -> None:
    with database.unit_of_work() as db:
        bring(db, make_phonebank(db))
        assert listed(db) == [
            ("+441632960103", "Owen", "held", "A3"),
            ("+447700900101", "Amina", "ready", "A1"),
            ("+447700900102", "Jonas", "ready", "A2"),
        ]


def test_the_same_file_again_changes_nothing(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring(db, phonebank)
        contact = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        contact.state, contact.attempts = "done", 2
        db.flush()
        before = listed(db)
        again = bring(db, phonebank)
        assert (again.counts["updated"], again.counts["new"]) == (3, 0)
        assert listed(db) == before
        db.refresh(contact)
        assert (contact.state, contact.attempts) == ("done", 2)


def test_whoever_has_a_new_number_keeps_their_place(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring(db, phonebank)
        moved = GOOD.replace("07700 900101", "07700 900199")
        assert bring(db, phonebank, moved).counts["updated"] == 3
        assert ("+447700900199", "Amina", "ready", "A1") in listed(db)
        assert count(db, Contact) == 3
        # The id of another source is somebody else.
        assert bring(db, phonebank, GOOD, source="another list").counts["new"] == 1
        assert count(db, Contact) == 4


def test_a_number_on_a_screen_is_not_changed_under_the_caller(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring(db, phonebank)
        contact = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        contact.state, contact.claimed_by, contact.claimed_until = "claimed", 1, NOON
        db.flush()
        bring(db, phonebank, GOOD.replace("07700 900101", "07700 900199"))
        assert ("+447700900101", "Amina", "claimed", "A1") in listed(db)


def test_who_asked_never_to_be_rung_stays_out_and_nobody_is_told(database: Database) -> None:
    with database.unit_of_work() as db:
        hmac = phone.hmac_key("+447700900101", KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="page")
        batch = bring(db, make_phonebank(db))
        assert (batch.counts["held"], batch.counts["new"]) == (1, 1)
        assert batch.rejects == [[2, "", "Held back."]]
        assert "Amina" not in [row[1] for row in listed(db)]


def test_a_file_that_says_do_not_call_is_taken_at_its_word(database: Database) -> None:
    text = "Name,Phone,Do not call\r\nAmina,07700 900101,yes\r\nJonas,07700 900102,\r\n"
    with database.unit_of_work() as db:
        batch = bring(db, make_phonebank(db), text, basis="all_agreed")
        assert (batch.counts["held"], batch.counts["new"]) == (1, 1)
        assert [row[1] for row in listed(db)] == ["Jonas"]
        kept = db.scalars(select(Suppression)).one()
        assert (kept.hmac, kept.reason) == (phone.hmac_key("+447700900101", KEY), "imported")


def test_a_practice_list_takes_made_up_numbers_only_and_suppresses_nobody(
    database: Database,
) -> None:
    text = (
        "Name,Phone,Do not call\r\nReal,020 7219 3000,\r\n"
        "Made up,07700 900101,\r\nMade up too,07700 900102,yes\r\n"
    )
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, is_practice=True)
        batch = bring(db, phonebank, text, basis="all_agreed")
        assert (batch.counts["refused"], batch.counts["new"]) == (1, 1)
        assert count(db, Suppression) == 0


def test_a_batch_is_brought_in_once_or_thrown_away(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        batch = bring(db, phonebank)
        assert batch.data is None
        dropped = preview(db, phonebank)
        importing.drop(db, batch=dropped, actor_id=None)
        for over in (batch, dropped):
            with pytest.raises(Conflict):
                importing.drop(db, batch=over, actor_id=None)
            with pytest.raises(Conflict):
                importing.bring_in(
                    db, batch=over, phonebank=phonebank, key=KEY, now=NOON, actor_id=None
                )


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"source": " "}, "source"),
        ({"basis": "because"}, "basis"),
        ({"collected_on": date(2026, 11, 25)}, "collected_on"),
        ({"text": "Name,Town\r\nAmina,Hove\r\n"}, "file"),
    ],
)
def test_a_list_names_its_source_its_day_and_its_basis(
    database: Database, given: dict[str, Any], field: str
) -> None:
    with database.unit_of_work() as db:
        with pytest.raises(Refused) as refusal:
            preview(db, make_phonebank(db), **given)
        assert refusal.value.field == field


def test_another_kind_of_file_is_refused(database: Database) -> None:
    with database.unit_of_work() as db, pytest.raises(FileRefused):
        preview(db, make_phonebank(db), b"PK\x03\x04 a workbook xl/")


def test_garbled_names_can_be_read_another_way(database: Database) -> None:
    data = "Name,Phone\r\nŽofia,07700 900101\r\n".encode("mac-roman", errors="replace")
    data = data.replace(b"?ofia", b"\x8eofia")
    with database.unit_of_work() as db:
        bring(db, make_phonebank(db), data, basis="all_agreed", encoding="mac-roman")
        assert listed(db)[0][1] == "éofia"


@pytest.mark.timeout(60)
def test_twenty_thousand_people_come_in_within_seconds(database: Database) -> None:
    rows = "".join(f"B{n},Amina,Kaplan,+44 4{n:09d},yes\r\n" for n in range(20_000))
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        batch = preview(db, phonebank, HEAD + rows, allow_unassigned=True)
        started = time.monotonic()
        importing.bring_in(
            db,
            batch=batch,
            phonebank=phonebank,
            key=KEY,
            now=NOON,
            actor_id=None,
            allow_unassigned=True,
        )
        assert batch.counts["new"] == count(db, Contact) == 20_000
        # Measured at some four seconds; the machine may be busy.
        assert time.monotonic() - started < 30


def test_a_file_of_numbers_is_never_rung_again(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring(db, phonebank)
        lines = ["07700900101\r\n", "07700 900777", "", "07700900777 "]
        found = never.load(
            lambda: nullcontext(db), lines, reason="imported", source="list", key=KEY, now=NOON
        )
        assert (found.lines, found.unreadable) == (3, 0)
        states = {row[1]: row[2] for row in listed(db)}
        assert (states["Amina"], states["Jonas"]) == ("suppressed", "ready")
        never.load(
            lambda: nullcontext(db), lines, reason="imported", source="list", key=KEY, now=NOON
        )
        assert count(db, Suppression) == 2
