"""Lists: counted before anybody comes in, the same file twice changes nothing, wishes are kept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select

from campaign.foundation import phone
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.spreadsheets import FileRefused
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import never
from campaign.phonebanks.operations.working import Shop
from tests.phonebanks.lists import bring, bring_in, decide, give, preview, rejects, stop
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


def there(database: Database, **values: Any) -> Phonebank:
    with database.unit_of_work() as db:
        return make_phonebank(db, **values)


def listed(database: Database) -> list[tuple[str, str, str, str | None]]:
    query = (
        select(PhoneNumber.e164, Contact.first_name, Contact.state, Contact.external_id)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .order_by(PhoneNumber.e164)
    )
    with database.reading() as db:
        return [tuple(row) for row in db.execute(query)]


def count(database: Database, table: Any) -> int:
    with database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def test_a_dry_run_counts_every_row_and_brings_nobody_in(shop: Shop) -> None:
    batch = preview(shop, there(shop.database), NASTY)
    assert batch.counts == {
        "new": 3,
        "updated": 0,
        "fixed": 1,
        # The same number under another name is somebody else at that telephone.
        "shared": 1,
        "duplicate": 1,
        "held": 2,
        "refused": 6,
    }
    assert sum(batch.counts.values()) == batch.rows == 14
    assert [count(shop.database, table) for table in (Contact, PhoneNumber, Suppression)] == [0] * 3


def test_each_row_that_stays_out_says_where_and_why(shop: Shop) -> None:
    batch = preview(shop, there(shop.database), NASTY)
    said = rejects(shop, batch)
    assert list(said) == sorted(said)
    assert 5 not in said
    assert said[6] == ["", "This person stands in the file twice."]
    assert said[7][0] == "Phone"
    assert "format the column as text" in said[7][1]
    assert said[11] == ["Phone", "There is no number here."]
    assert said[12] == ["", "Held back."]
    assert ["Held back.", 2, 12, ""] in batch.reasons
    assert sum(line[1] for line in batch.reasons) == len(said) == 9


def test_only_a_plain_yes_is_consent(shop: Shop) -> None:
    bring(shop, there(shop.database), GOOD)
    assert listed(shop.database) == [
        ("+441632960103", "Owen", "held", "A3"),
        ("+447700900101", "Amina", "ready", "A1"),
        ("+447700900102", "Jonas", "ready", "A2"),
    ]


def test_a_no_where_the_yes_came_from_takes_it_back_and_another_list_s_does_not(
    shop: Shop,
) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    no = HEAD + "A1,Amina,Kay,07700 900101,No\r\nA2,Jonas,Lindqvist,07700 900102,\r\n"
    for source, agreed, state in (
        ("another list", True, "ready"),
        ("petition stall", False, "held"),
        ("petition stall", False, "held"),
    ):
        bring(shop, phonebank, no, source=source)
        with shop.database.reading() as db:
            amina = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
            assert (amina.consent, amina.screened, amina.state) == (agreed, False, state)
            jonas = db.scalars(select(Contact).where(Contact.external_id == "A2")).one()
            assert jonas.consent, "a blank takes nothing away"
    bring(shop, phonebank, no.replace(",No", ",yes"))
    with shop.database.reading() as db:
        amina = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        assert (amina.consent, amina.state) == (True, "ready")


def test_the_same_file_again_changes_nothing(shop: Shop) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    with shop.database.unit_of_work() as db:
        contact = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        contact.state, contact.attempts = "done", 2
    before = listed(shop.database)
    again = bring(shop, phonebank, GOOD)
    assert (again.counts["updated"], again.counts["new"]) == (3, 0)
    assert listed(shop.database) == before
    with shop.database.reading() as db:
        kept = db.get_one(Contact, contact.id)
        assert (kept.state, kept.attempts, kept.version) == ("done", 2, contact.version)


def test_newer_words_come_in_and_a_blank_takes_nothing_away(shop: Shop) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    bring(shop, phonebank, HEAD + "A1,Amina,Kay,07700 900101,yes\r\nA2,,,07700 900102,\r\n")
    with shop.database.reading() as db:
        rows = db.execute(
            select(Contact.first_name, Contact.last_name, Contact.consent).order_by(Contact.id)
        )
        assert [tuple(row) for row in rows] == [
            ("Amina", "Kay", True),
            ("Jonas", "Lindqvist", True),
            ("Owen", "Prosser", False),
        ]


def test_whoever_has_a_new_number_keeps_their_place(shop: Shop) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    moved = GOOD.replace("07700 900101", "07700 900199")
    assert bring(shop, phonebank, moved).counts["updated"] == 3
    assert ("+447700900199", "Amina", "ready", "A1") in listed(shop.database)
    assert count(shop.database, Contact) == 3
    # The id of another source is somebody else.
    assert bring(shop, phonebank, GOOD, source="another list").counts["new"] == 1
    assert count(shop.database, Contact) == 4


def test_a_number_that_changed_hands_makes_nobody_somebody_else(shop: Shop) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    with shop.database.unit_of_work() as db:
        amina = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        amina.attempts = 2
    rows = "A9,Zoë,Hart,07700 900101,yes\r\nA1,Amina,Kaplan,07700 900199,yes\r\n"
    batch = bring(shop, phonebank, HEAD + rows)
    assert (batch.counts["updated"], batch.counts["new"]) == (1, 1)
    with shop.database.reading() as db:
        kept = db.get_one(Contact, amina.id)
        assert (kept.first_name, kept.external_id, kept.attempts) == ("Amina", "A1", 2)
    assert ("+447700900101", "Zoë", "ready", "A9") in listed(shop.database)
    assert ("+447700900199", "Amina", "ready", "A1") in listed(shop.database)


def test_a_number_on_a_screen_is_not_changed_under_the_caller(shop: Shop) -> None:
    phonebank = there(shop.database)
    bring(shop, phonebank, GOOD)
    with shop.database.unit_of_work() as db:
        contact = db.scalars(select(Contact).where(Contact.external_id == "A1")).one()
        contact.state, contact.claimed_by, contact.claimed_until = "claimed", 1, NOON
    batch = bring(shop, phonebank, GOOD.replace("07700 900101", "07700 900199"))
    assert ("+447700900101", "Amina", "claimed", "A1") in listed(shop.database)
    assert (batch.counts["updated"], batch.counts["held"]) == (2, 1)
    assert rejects(shop, batch) == {2: ["", "Held back."]}
    assert batch.reasons == [["Held back.", 1, 2, ""]]


def test_who_asked_never_to_be_rung_stays_out_and_nobody_is_told(shop: Shop) -> None:
    with shop.database.unit_of_work() as db:
        hmac = phone.hmac_key("+447700900101", KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="page")
    batch = bring(shop, there(shop.database), GOOD)
    assert (batch.counts["held"], batch.counts["new"]) == (1, 1)
    assert rejects(shop, batch) == {2: ["", "Held back."]}
    assert "Amina" not in [row[1] for row in listed(shop.database)]


def test_who_asks_after_the_dry_run_stays_out_too(shop: Shop) -> None:
    batch = preview(shop, there(shop.database), GOOD)
    assert batch.counts["held"] == 0
    with shop.database.unit_of_work() as db:
        hmac = phone.hmac_key("+447700900101", KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="page")
    assert bring_in(shop, batch.id).counts["held"] == 1
    assert "Amina" not in [row[1] for row in listed(shop.database)]


def test_a_file_that_says_do_not_call_is_taken_at_its_word(shop: Shop) -> None:
    text = "Name,Phone,Do not call\r\nAmina,07700 900101,yes\r\nJonas,07700 900102,\r\n"
    batch = bring(shop, there(shop.database), text, basis="all_agreed")
    assert (batch.counts["held"], batch.counts["new"]) == (1, 1)
    assert [row[1] for row in listed(shop.database)] == ["Jonas"]
    with shop.database.reading() as db:
        kept = db.scalars(select(Suppression)).one()
        assert (kept.hmac, kept.reason) == (phone.hmac_key("+447700900101", KEY), "imported")


def test_a_dry_run_suppresses_nobody_and_a_dropped_file_neither(shop: Shop) -> None:
    text = "Name,Phone,Do not call\r\nAmina,07700 900101,yes\r\n"
    batch = preview(shop, there(shop.database), text, basis="all_agreed")
    stop(shop, batch.id)
    assert count(shop.database, Suppression) == 0


def test_a_practice_list_takes_made_up_numbers_only_and_suppresses_nobody(shop: Shop) -> None:
    text = (
        "Name,Phone,Do not call\r\nReal,020 7219 3000,\r\n"
        "Made up,07700 900101,\r\nMade up too,07700 900102,yes\r\n"
    )
    batch = bring(shop, there(shop.database, is_practice=True), text, basis="all_agreed")
    assert (batch.counts["refused"], batch.counts["new"]) == (1, 1)
    assert count(shop.database, Suppression) == 0


def test_a_batch_is_brought_in_once_or_thrown_away(shop: Shop) -> None:
    phonebank = there(shop.database)
    brought, dropped = bring(shop, phonebank, GOOD), preview(shop, phonebank, GOOD)
    stop(shop, dropped.id)
    for over in (brought, dropped):
        with pytest.raises(Conflict):
            stop(shop, over.id)
        with pytest.raises(Conflict):
            decide(shop, over.id)


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
    shop: Shop, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        give(shop, there(shop.database), **{"text": GOOD, **given})
    assert refusal.value.field == field
    assert count(shop.database, ImportBatch) == 0
    assert not shop.folder.exists() or not list(shop.folder.iterdir())


def test_a_list_of_a_summer_day_comes_in_just_after_midnight_and_one_of_tomorrow_does_not(
    shop: Shop,
) -> None:
    phonebank, now = there(shop.database), datetime(2027, 7, 3, 23, 15, tzinfo=UTC)
    with pytest.raises(Refused, match="still to come"):
        give(shop, phonebank, GOOD, collected_on=date(2027, 7, 5), now=now)
    give(shop, phonebank, GOOD, collected_on=date(2027, 7, 4), now=now)
    assert count(shop.database, ImportBatch) == 1


def test_another_kind_of_file_is_refused(shop: Shop) -> None:
    with pytest.raises(FileRefused):
        give(shop, there(shop.database), b"PK\x03\x04 a workbook xl/")


def test_garbled_names_can_be_read_another_way(shop: Shop) -> None:
    data = "Name,Phone\r\nŽofia,07700 900101\r\n".encode("mac-roman", errors="replace")
    data = data.replace(b"?ofia", b"\x8eofia")
    bring(shop, there(shop.database), data, basis="all_agreed", encoding="mac-roman")
    assert listed(shop.database)[0][1] == "éofia"


def test_many_people_come_in_in_portions_and_each_once(bench_shop: Shop) -> None:
    rows = "".join(f"B{n},Amina,Kaplan,+44 4{n:09d},yes\r\n" for n in range(21_000))
    twice = "".join(f"B{n},Amina,Kaplan,+44 4{n:09d},yes\r\n" for n in range(0, 21_000, 1_000))
    phonebank = there(bench_shop.database)
    batch = bring(bench_shop, phonebank, HEAD + rows + twice)
    assert batch.counts["new"] == count(bench_shop.database, Contact) == 21_000
    assert batch.counts["duplicate"] == 21


def test_a_file_of_numbers_is_never_rung_again(shop: Shop) -> None:
    bring(shop, there(shop.database), GOOD)
    lines = ["07700900101\r\n", "07700 900777", "", "07700900777 "]
    given: dict[str, Any] = {"reason": "imported", "source": "list", "key": KEY, "now": NOON}
    found = never.load(shop.database.unit_of_work, lines, **given)
    assert (found.lines, found.unreadable) == (3, 0)
    states = {name: state for _, name, state, _ in listed(shop.database)}
    assert (states["Amina"], states["Jonas"]) == ("suppressed", "ready")
    never.load(shop.database.unit_of_work, lines, **given)
    assert count(shop.database, Suppression) == 2
