"""A “do not call” and a no are kept, whichever row of a list they stand in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.foundation.phone import hmac_key
from campaign.foundation.staging import rows_of
from campaign.people.models import Suppression
from campaign.phonebanks.models import Contact, Phonebank, Sharer
from campaign.phonebanks.operations import staging
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.staging import Terms, read_into
from tests.phonebanks.lists import bring, open_shop
from tests.phonebanks.making import KEY, NOON, make_person, make_phonebank

HEAD = "ID,First name,Surname,Mobile,OK to ring,Do not call\n"
A, B, C = ("+447700900123", "+447700900124", "+447700900125")


def row(person: str, name: str, number: str, ok: str = "yes", never: str = "") -> str:
    return f"{person},{name},Kay,{number},{ok},{never}\n"


@pytest.fixture
def phonebank(database: Database) -> Phonebank:
    with database.unit_of_work() as db:
        return make_phonebank(db)


def never_rung(database: Database) -> set[str]:
    """Which of the three numbers nobody rings any more."""
    with database.reading() as db:
        kept = set(db.scalars(select(Suppression.hmac)))
    return {number for number in (A, B, C) if hmac_key(number, KEY) in kept}


def is_anybody_rung(database: Database, phonebank: Phonebank) -> bool:
    with database.unit_of_work() as db:
        asked: dict[str, Any] = {"phonebank": phonebank, "caller_id": make_person(db).id}
        asked |= {"now": NOON, "pace": False}
        return isinstance(claim_next(db, **asked), Claim)


def states(database: Database) -> list[tuple[str | None, str, bool]]:
    with database.reading() as db:
        found = select(Contact.external_id, Contact.state, Contact.consent)
        return [(of, state, yes) for of, state, yes in db.execute(found.order_by(Contact.id))]


def judged(tmp_path: Path, text: str) -> dict[int, tuple[bool, bool, bool]]:
    """Of each row that is kept: whether it agrees, says no, asks never to be rung."""
    (tmp_path / "list").write_text(HEAD + text)
    terms = Terms("column", "", KEY, practice=False, allow_unassigned=False)
    read_into(tmp_path / "rows", tmp_path / "list", terms, lambda *_: None)
    marks = "SELECT place, consent, said_no, asked_never FROM"
    found = rows_of(tmp_path / "rows", f"{marks} staged UNION ALL {marks} shared")
    return {place: (bool(yes), bool(no), bool(never)) for place, yes, no, never in found}


AGREES, SAYS_NO, NEVER = (True, False, False), (False, True, False), (True, False, True)


@pytest.mark.parametrize("wishes", [20, 0, 7])
def test_the_wish_of_one_of_more_than_twenty_at_a_number_is_kept(
    database: Database, phonebank: Phonebank, tmp_path: Path, wishes: int
) -> None:
    people = [row(f"M{n}", f"N{n}", A, never="yes" if n == wishes else "") for n in range(21)]
    counts = bring(open_shop(database, tmp_path), phonebank, HEAD + "".join(people)).counts
    assert never_rung(database) == {A}
    assert not is_anybody_rung(database, phonebank)
    assert (counts["new"], counts["shared"]) == (0, 0)
    assert counts["held"] + counts["refused"] == 21


def test_the_wish_of_one_more_than_twenty_is_kept_for_a_number_on_the_list_already(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    people = [row(f"M{n}", f"N{n}", A) for n in range(20)]
    bring(shop, phonebank, HEAD + "".join(people))
    assert states(database) == [("M0", "ready", True)]
    bring(shop, phonebank, HEAD + "".join([*people, row("M20", "N20", A, never="yes")]))
    assert states(database) == [("M0", "suppressed", True)]


@pytest.mark.parametrize("person", ["M1", ""])
@pytest.mark.parametrize("first", ["", "yes"])
def test_a_wish_in_either_of_two_rows_of_one_person_is_kept(
    database: Database, phonebank: Phonebank, tmp_path: Path, person: str, first: str
) -> None:
    rows = [row(person, "Ann", A, never=first), row(person, "Ann", A, never="" if first else "yes")]
    counts = bring(open_shop(database, tmp_path), phonebank, HEAD + "".join(rows)).counts
    assert never_rung(database) == {A}
    assert not is_anybody_rung(database, phonebank)
    assert counts["new"] == 0
    assert sum(counts.values()) == 2


@pytest.mark.parametrize("portion", [1, 2, 5_000])
@pytest.mark.parametrize("other", [False, True], ids=["alone", "beside another"])
def test_a_wish_in_a_row_with_another_number_is_kept_for_both_numbers(
    database: Database,
    phonebank: Phonebank,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    portion: int,
    other: bool,
) -> None:
    monkeypatch.setattr(staging, "PORTION", portion)
    rows = [row("M1", "Ann", A), row("M1", "Ann", B, never="yes")]
    rows += [row("M9", "Zoë", B)] if other else []
    bring(open_shop(database, tmp_path), phonebank, HEAD + "".join(rows))
    assert never_rung(database) == {A, B}
    assert not is_anybody_rung(database, phonebank)


@pytest.mark.parametrize("portion", [1, 5_000])
@pytest.mark.parametrize("wish", [1, 2])
def test_who_shares_a_number_and_has_one_of_their_own_is_rung_at_neither(
    database: Database,
    phonebank: Phonebank,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    portion: int,
    wish: int,
) -> None:
    monkeypatch.setattr(staging, "PORTION", portion)
    never = ["yes" if wish == n else "" for n in (1, 2)]
    rows = [row("M9", "Zoë", A), row("M1", "Ann", A, never=never[0])]
    bring(
        open_shop(database, tmp_path),
        phonebank,
        HEAD + "".join([*rows, row("M1", "Ann", B, never=never[1])]),
    )
    assert never_rung(database) == {A, B}
    assert not is_anybody_rung(database, phonebank)


@pytest.mark.parametrize("person", ["M1", ""])
def test_a_no_in_the_second_row_of_one_person_is_a_no(
    database: Database, phonebank: Phonebank, tmp_path: Path, person: str
) -> None:
    rows = row(person, "Ann", A) + row(person, "Ann", A, ok="no")
    assert judged(tmp_path, rows) == {2: SAYS_NO}
    counts = bring(open_shop(database, tmp_path), phonebank, HEAD + rows).counts
    assert states(database) == [(person or None, "held", False)]
    assert counts["duplicate"] == 1
    assert never_rung(database) == set()


def test_a_no_in_a_second_row_takes_a_yes_of_an_earlier_file_back(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEAD + row("M1", "Ann", A))
    bring(shop, phonebank, HEAD + row("M1", "Ann", A) + row("M1", "Ann", A, ok="no"))
    assert states(database) == [("M1", "held", False)]


def test_a_no_is_of_whoever_said_it_and_of_nobody_else_at_the_number(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    rows = row("M1", "Ann", A) + row("M2", "Bo", A) + row("M3", "Cy", A)
    rows += row("M2", "Bo", A, ok="no")
    assert judged(tmp_path, rows) == {2: AGREES, 3: SAYS_NO, 4: AGREES}
    bring(open_shop(database, tmp_path), phonebank, HEAD + rows)
    assert states(database) == [("M1", "ready", True)]
    with database.reading() as db:
        said = db.execute(select(Sharer.first_name, Sharer.consent).order_by(Sharer.first_name))
        assert said.all() == [("Bo", False), ("Cy", True)]


@pytest.mark.parametrize("portion", [1, 5_000])
@pytest.mark.parametrize(("rows", "found"), [
    (row("M1", "Ann", A) + row("M1", "Ann", B, ok="no"), {2: SAYS_NO}),
    (row("M9", "Zoë", A) + row("M1", "Ann", A) + row("M1", "Ann", B, ok="no"),
     {2: AGREES, 3: SAYS_NO, 4: SAYS_NO}),
    (row("M9", "Zoë", A) + row("M1", "Ann", A, ok="no") + row("M1", "Ann", B),
     {2: AGREES, 3: SAYS_NO, 4: SAYS_NO}),
    (row("M1", "Ann", A) + row("M1", "Ann", A, ok=""), {2: AGREES}),
    (row("M1", "Ann", A) + row("M2", "Ann", A, ok="no"), {2: AGREES, 3: SAYS_NO}),
    (row("M1", "Ann", A) + row("M2", "Bo", A, never="yes"), {2: AGREES, 3: NEVER}),
])  # fmt: skip
def test_what_one_row_says_holds_for_all_of_that_person_and_no_others(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    portion: int,
    rows: str,
    found: dict[int, tuple[bool, bool, bool]],
) -> None:
    monkeypatch.setattr(staging, "PORTION", portion)
    kept = judged(tmp_path, rows)
    # In one portion, who has a number of their own is not kept at another's as well.
    assert kept.keys() <= found.keys()
    assert kept == {place: marks for place, marks in found.items() if place in kept}
    assert kept.keys() == found.keys() or portion > 1


def test_who_asks_never_to_be_rung_with_a_new_number_is_rung_at_neither(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEAD + row("M1", "J", A) + row("M9", "Zoë", C, ok=""))
    assert states(database)[0] == ("M1", "ready", True)
    batch = bring(shop, phonebank, HEAD + row("M1", "J", B, never="yes"))
    assert batch.counts["held"] == 1
    assert never_rung(database) == {A, B}
    assert states(database) == [("M1", "suppressed", True), ("M9", "held", False)]
    assert not is_anybody_rung(database, phonebank)


@pytest.mark.parametrize("rows", [
    row("M1", "J", B) + row("M1", "J", B, never="yes"),
    row("M1", "J", B) + row("", "J", B, never="yes"),
    row("M9", "Zoë", B) + row("M1", "J", B, never="yes"),
    "".join(row(f"M{n}", f"N{n}", B) for n in range(30, 50)) + row("M1", "J", B, never="yes"),
], ids=["the same row", "without an id", "sharing it", "one more than twenty"])  # fmt: skip
def test_a_wish_with_a_new_number_is_kept_in_whichever_row_it_stands(
    database: Database, phonebank: Phonebank, tmp_path: Path, rows: str
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEAD + row("M1", "J", A))
    bring(shop, phonebank, HEAD + rows)
    assert never_rung(database) == {A, B}
    assert not is_anybody_rung(database, phonebank)


def test_who_shares_a_known_number_asks_for_it_too(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    bring(shop, phonebank, HEAD + row("M9", "Zoë", A) + row("M1", "J", A))
    bring(shop, phonebank, HEAD + row("M1", "J", B, never="yes"))
    assert never_rung(database) == {A, B}
    assert states(database) == [("M9", "suppressed", True)]


def test_an_id_of_another_source_or_phonebank_and_who_only_shares_the_number_ask_for_nobody(
    database: Database, phonebank: Phonebank, tmp_path: Path
) -> None:
    shop = open_shop(database, tmp_path)
    with database.unit_of_work() as db:
        elsewhere = make_phonebank(db)
    bring(shop, phonebank, HEAD + row("M1", "J", A), source="another")
    bring(shop, phonebank, HEAD + row("M9", "Zoë", C))
    bring(shop, elsewhere, HEAD + row("M1", "J", A))
    bring(shop, phonebank, HEAD + row("M1", "J", B, never="yes") + row("M9", "Zoë", B))
    assert never_rung(database) == {B}
    assert {state for _, state, _ in states(database)} == {"ready"}
