"""A list that brings somebody a new number never changes the one on a caller's screen."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.operations import storing
from campaign.phonebanks.operations.dispensing import Claim, claim_next
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.rules.claims import Nothing
from tests.phonebanks.lists import bring, rejects
from tests.phonebanks.making import NOON, make_person, make_phonebank

BEFORE = "Id,First name,Mobile,OK to ring\n7,Amina,07700 900101,yes\n"
AFTER = "Id,First name,Mobile,OK to ring\n7,Aminata,07700 900102,yes\n8,Joel,07700 900103,yes\n"
LONG = 60


def bring_list(shop: Shop, text: str) -> ImportBatch:
    with shop.database.reading() as db:
        phonebank = db.scalars(select(Phonebank)).one()
        db.expunge(phonebank)
    return bring(shop, phonebank, text)


def ready(shop: Shop) -> int:
    with shop.database.unit_of_work() as db:
        make_phonebank(db)
        caller_id = make_person(db).id
    bring_list(shop, BEFORE)
    return caller_id


def take(database: Database, caller_id: int, between: Callable[[], object]) -> Claim | Nothing:
    with database.unit_of_work() as db:
        phonebank = db.scalars(select(Phonebank)).one()
        found = claim_next(db, phonebank=phonebank, caller_id=caller_id, now=NOON, pace=False)
        between()
        return found


def numbers(database: Database) -> dict[str, str]:
    with database.reading() as db:
        joined = select(Contact.first_name, PhoneNumber.e164).join(Contact.number)
        return {name: e164 for name, e164 in db.execute(joined)}


def last_batch(shop: Shop) -> tuple[dict[str, int], dict[int, list[str]]]:
    with shop.database.reading() as db:
        batch = db.scalars(select(ImportBatch).order_by(ImportBatch.id.desc())).first()
        assert batch is not None
        return batch.counts, rejects(shop, batch)


def test_a_claim_that_is_not_yet_committed_keeps_its_number(shop: Shop) -> None:
    database = shop.database
    caller_id = ready(shop)
    claimed, go_on = threading.Event(), threading.Event()
    found: list[Claim | Nothing] = []

    def hold() -> None:
        claimed.set()
        go_on.wait(LONG)

    caller = threading.Thread(target=lambda: found.append(take(database, caller_id, hold)))
    caller.start()
    assert claimed.wait(LONG)
    importer = threading.Thread(target=bring_list, args=(shop, AFTER))
    importer.start()
    # The import either passes the claim by or waits for it; it must not win.
    importer.join(1)
    go_on.set()
    caller.join(LONG)
    importer.join(LONG)
    assert isinstance(found[0], Claim)
    assert numbers(database) == {"Amina": "+447700900101", "Joel": "+447700900103"}
    counts, held_back = last_batch(shop)
    assert (counts["held"], counts["updated"], counts["new"]) == (1, 0, 1)
    assert held_back == {2: ["", "Held back."]}


def test_a_number_that_is_on_a_screen_stays_and_comes_in_after_the_call(shop: Shop) -> None:
    database = shop.database
    caller_id = ready(shop)
    found = take(database, caller_id, lambda: None)
    assert isinstance(found, Claim)
    bring_list(shop, AFTER)
    assert numbers(database)["Amina"] == "+447700900101"
    with database.unit_of_work() as db:
        contact = db.get_one(Contact, found.contact.id)
        contact.state, contact.claimed_by = "ready", None
    bring_list(shop, AFTER)
    assert numbers(database)["Aminata"] == "+447700900102"


def test_who_asks_during_an_import_is_shown_the_number_that_is_kept(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller_id, database = ready(shop), shop.database
    moved, go_on = threading.Event(), threading.Event()
    store = storing.store

    def store_slowly(*args: Any, **given: Any) -> None:
        store(*args, **given)
        moved.set()
        go_on.wait(LONG)

    monkeypatch.setattr(storing, "store", store_slowly)
    importer = threading.Thread(target=bring_list, args=(shop, AFTER))
    importer.start()
    assert moved.wait(LONG)
    found: list[Claim | Nothing] = []
    caller = threading.Thread(target=lambda: found.append(take(database, caller_id, lambda: None)))
    caller.start()
    caller.join(1)
    go_on.set()
    caller.join(LONG)
    importer.join(LONG)
    if isinstance(found[0], Claim):
        kept = numbers(database)[found[0].contact.first_name]
        assert kept == found[0].number.e164
    assert numbers(database) == {"Aminata": "+447700900102", "Joel": "+447700900103"}
