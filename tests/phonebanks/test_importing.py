"""A list is read and counted first, brought in once, and takes everybody at their word."""

from typing import Any

import pytest
from sqlalchemy import func, select

from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.phone import hmac_key
from campaign.people import operations as people
from campaign.people.models import Suppression
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import working
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.rules.lists import find_columns
from tests.phonebanks.lists import bring, decide, preview, rejects, stop
from tests.phonebanks.making import KEY, make_phonebank

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


def count(shop: Shop, table: type) -> int:
    with shop.database.reading() as db:
        return db.scalar(select(func.count()).select_from(table)) or 0


def there(shop: Shop, **values: Any) -> Phonebank:
    with shop.database.unit_of_work() as db:
        return make_phonebank(db, **values)


def test_the_dry_run_counts_every_row_once_and_changes_nothing(shop: Shop) -> None:
    with shop.database.unit_of_work() as db:
        hmac = hmac_key("+447700900300", KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="test")
    batch = preview(shop, there(shop), FILE)
    assert batch.counts == {
        "new": 2,
        "updated": 0,
        "fixed": 1,
        "shared": 0,
        "duplicate": 1,
        "held": 2,
        "refused": 2,
    }
    assert sum(batch.counts.values()) == FILE.count(b"\n") - 1
    assert (count(shop, Contact), count(shop, Suppression)) == (0, 1)
    reasons = {place: why for place, (_, why) in rejects(shop, batch).items()}
    assert "destroyed this number" in reasons[6]
    assert "no number" in reasons[7]
    assert (reasons[8], reasons[9]) == ("Held back.", "Held back."), "neither why nor whose"
    comes_in = sum(batch.counts[name] for name in ("new", "updated", "fixed", "shared"))
    assert comes_in + len(reasons) == FILE.count(b"\n") - 1


def test_the_same_file_again_changes_nobody(shop: Shop) -> None:
    phonebank = there(shop)
    bring(shop, phonebank, FILE)
    before = count(shop, Contact)
    again = bring(shop, phonebank, FILE)
    assert count(shop, Contact) == before == 4
    assert (again.counts["new"], again.counts["updated"]) == (0, 4)


def test_a_file_is_brought_in_once_and_then_forgotten(shop: Shop) -> None:
    batch = bring(shop, there(shop), FILE)
    working.clear_away(shop, batch.id)
    assert [path.name for path in (shop.folder / batch.public_id).iterdir()] == ["rejects.csv"]
    with pytest.raises(Conflict):
        decide(shop, batch.id)


def test_a_file_that_was_thrown_away_leaves_nothing(shop: Shop) -> None:
    batch = preview(shop, there(shop), FILE)
    stop(shop, batch.id)
    with pytest.raises(Conflict):
        decide(shop, batch.id)
    working.clear_away(shop, batch.id)
    assert list(shop.folder.iterdir()) == []
    assert count(shop, Contact) == 0


def test_a_blank_is_no_consent_whatever_was_said_of_the_file(shop: Shop) -> None:
    bring(shop, there(shop), FILE, basis="all_agreed")
    with shop.database.reading() as db:
        nadia = db.scalars(select(Contact).where(Contact.first_name == "Nadia")).one()
        assert (nadia.state, nadia.consent) == ("held", False)


@pytest.mark.parametrize(
    "heading", ["agreed", "Consent", "consent_to_call", "Opt-in", "Permission", "Agreed to calls"]
)
def test_headings_that_say_who_agreed_are_known(heading: str) -> None:
    assert list(find_columns(["Phone", heading]).consent) == [1]


def test_do_not_call_in_a_file_is_taken_at_its_word_everywhere(shop: Shop) -> None:
    bring(shop, there(shop), FILE)
    with shop.database.reading() as db:
        assert db.scalars(select(Suppression.hmac)).all() == [hmac_key("+447700900301", KEY)]
        assert not db.scalars(select(Contact).where(Contact.first_name == "Ada")).all()


@pytest.mark.parametrize("wrong", [{"source": " "}, {"basis": "because"}])
def test_a_list_without_source_or_basis_cannot_start(shop: Shop, wrong: dict[str, str]) -> None:
    with pytest.raises(Refused):
        preview(shop, there(shop), FILE, **wrong)
    assert count(shop, ImportBatch) == 0


def test_a_file_without_telephones_is_refused(shop: Shop) -> None:
    with pytest.raises(Refused):
        preview(shop, there(shop), b"First name,Town\nAmina,Hove\n")
    assert list(shop.folder.iterdir()) == []


def test_a_practice_list_takes_fictitious_numbers_only(shop: Shop) -> None:
    data = b"First name,Mobile,Consent\nAmina,07700 900142,yes\nReal,020 7219 3000,yes\n"
    batch = preview(shop, there(shop, is_practice=True), data)
    assert (batch.counts["new"], batch.counts["refused"]) == (1, 1)
