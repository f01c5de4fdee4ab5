"""A list is read and counted first, brought in once, and takes everybody at their word."""

from datetime import date

import pytest
from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.phone import hmac_key
from campaign.people import operations as people
from campaign.people.models import Suppression
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import importing
from campaign.phonebanks.rules.lists import find_columns
from tests.phonebanks.making import KEY, NOON, make_phonebank

FILE = b"""First name,Surname,Mobile,Town,OK to ring,Do not call
Amina,Kay,07700 900142,Hove,yes,
Joel,Tandy,7700900118,Brighton,Yes,
Nadia,Holt,07700 900715,Lewes,,
Amina,Kay,+447700900142,Hove,yes,
Kit,Rowe,4.47701E+11,Hove,yes,
Bea,Lind,,Hove,yes,
Rob,Eno,07700 900300,Hove,yes,
Ada,West,07700 900301,Hove,yes,yes
"""


def preview(db: object, phonebank: Phonebank, data: bytes = FILE, **given: object) -> ImportBatch:
    values: dict[str, object] = {
        "file_name": "list.csv",
        "source": "stall",
        "basis": "column",
        "actor_id": None,
    }
    values["collected_on"] = date(2026, 11, 14)
    return importing.preview(
        db, data, phonebank=phonebank, key=KEY, now=NOON, **{**values, **given}
    )  # type: ignore[arg-type]


def bring_in(db: object, phonebank: Phonebank, batch: ImportBatch) -> ImportBatch:
    return importing.bring_in(  # type: ignore[arg-type]
        db, batch=batch, phonebank=phonebank, key=KEY, now=NOON, actor_id=None
    )


def count(db: object, table: type) -> int:
    return db.scalar(select(func.count()).select_from(table))  # type: ignore[attr-defined, no-any-return]


def test_the_dry_run_counts_every_row_once_and_changes_nothing(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        hmac = hmac_key("+447700900300", KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="test")
        batch = preview(db, phonebank)
        assert batch.counts == {
            "new": 2,
            "updated": 0,
            "fixed": 1,
            "duplicate": 1,
            "held": 2,
            "refused": 2,
        }
        assert sum(batch.counts.values()) == FILE.count(b"\n") - 1
        assert count(db, Contact) == 0
        assert count(db, Suppression) == 1
        reasons = {row[0]: row[2] for row in batch.rejects}
        assert "destroyed this number" in reasons[6]
        assert "no number" in reasons[7]
        assert (reasons[8], reasons[9]) == ("Held back.", "Held back."), "neither why nor whose"
        comes_in = sum(batch.counts[name] for name in ("new", "updated", "fixed"))
        assert comes_in + len(batch.rejects) == FILE.count(b"\n") - 1


def test_the_same_file_again_changes_nobody(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring_in(db, phonebank, preview(db, phonebank))
        before = count(db, Contact)
        again = bring_in(db, phonebank, preview(db, phonebank))
        assert count(db, Contact) == before == 4
        assert (again.counts["new"], again.counts["updated"]) == (0, 4)


def test_a_file_is_brought_in_once_and_then_forgotten(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        batch = bring_in(db, phonebank, preview(db, phonebank))
        assert batch.data is None
        with pytest.raises(Conflict):
            bring_in(db, phonebank, batch)


def test_a_file_that_was_thrown_away_leaves_nothing(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        batch = preview(db, phonebank)
        importing.drop(db, batch=batch, actor_id=None)
        assert (batch.data, batch.rejects) == (None, [])
        with pytest.raises(Conflict):
            bring_in(db, phonebank, batch)
        assert count(db, Contact) == 0


def test_a_blank_is_no_consent_whatever_was_said_of_the_file(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring_in(db, phonebank, preview(db, phonebank, basis="all_agreed"))
        nadia = db.scalars(select(Contact).where(Contact.first_name == "Nadia")).one()
        assert (nadia.state, nadia.consent) == ("held", False)


@pytest.mark.parametrize(
    "heading", ["agreed", "Consent", "consent_to_call", "Opt-in", "Permission", "Agreed to calls"]
)
def test_headings_that_say_who_agreed_are_known(heading: str) -> None:
    assert list(find_columns(["Phone", heading]).consent) == [1]


def test_do_not_call_in_a_file_is_taken_at_its_word_everywhere(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        bring_in(db, phonebank, preview(db, phonebank))
        assert db.scalars(select(Suppression.hmac)).all() == [hmac_key("+447700900301", KEY)]
        assert not db.scalars(select(Contact).where(Contact.first_name == "Ada")).all()


@pytest.mark.parametrize("wrong", [{"source": " "}, {"basis": "because"}])
def test_a_list_without_source_or_basis_cannot_start(
    database: Database, wrong: dict[str, str]
) -> None:
    with database.unit_of_work() as db:
        with pytest.raises(Refused):
            preview(db, make_phonebank(db), **wrong)
        assert count(db, ImportBatch) == 0


def test_a_file_without_telephones_is_refused(database: Database) -> None:
    with database.unit_of_work() as db, pytest.raises(Refused):
        preview(db, make_phonebank(db), b"First name,Town\nAmina,Hove\n")


def test_a_practice_list_takes_fictitious_numbers_only(database: Database) -> None:
    with database.unit_of_work() as db:
        practice = make_phonebank(db, is_practice=True)
        data = b"First name,Mobile,Consent\nAmina,07700 900142,yes\nReal,020 7219 3000,yes\n"
        batch = preview(db, practice, data)
        assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
