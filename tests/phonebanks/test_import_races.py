"""Others write while a list comes in: what was there before stands, and all else comes in."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import func, literal, select

from campaign.foundation.database import Database
from campaign.foundation.phone import hmac_key
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import storing_newer
from campaign.phonebanks.operations.many import add_all
from campaign.phonebanks.operations.working import Shop
from tests.phonebanks.lists import bring_in, preview, rejects
from tests.phonebanks.making import KEY, fictitious, fill, make_phonebank
from tests.phonebanks.test_import_jobs import rows

LONG = 60
NUMBER = ("e164", "hmac", "kind", "state", "fictitious", "time_zone")


def test_whoever_got_a_number_a_moment_ago_keeps_it(
    bench_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bench_shop.database.unit_of_work() as db:
        phonebank = make_phonebank(db)
    batch_id = preview(bench_shop, phonebank, rows(6)).id
    find = storing_newer.find_newer

    def meanwhile(db: Any, source: str) -> None:
        find(db, source)
        with bench_shop.database.unit_of_work() as other:
            fill(other, other.get_one(Phonebank, phonebank.id), range(2, 4), first_name="Zoë")

    monkeypatch.setattr(storing_newer, "find_newer", meanwhile)
    batch = bring_in(bench_shop, batch_id)
    assert (batch.counts["new"], batch.counts["held"], batch.rows) == (4, 2, 6)
    assert rejects(bench_shop, batch) == {4: ["", "Held back."], 5: ["", "Held back."]}
    with bench_shop.database.reading() as db:
        names = db.execute(
            select(PhoneNumber.e164, Contact.first_name)
            .join(Contact, Contact.number_id == PhoneNumber.id)
            .order_by(PhoneNumber.e164)
        ).all()
    assert [name for _, name in names] == ["Amina", "Amina", "Zoë", "Zoë", "Amina", "Amina"]


def numbers(which: range) -> Any:
    """These numbers as a SELECT that fills the columns of a number."""
    given = [
        select(
            literal(fictitious(one)),
            literal(hmac_key(fictitious(one), KEY)),
            *(literal(value) for value in ("unknown", "ok", True, "Europe/London")),
        )
        for one in which
    ]
    return select(given[0].union_all(*given[1:]).subquery())


def test_numbers_that_another_is_writing_are_waited_for_and_left(database: Database) -> None:
    """Begun when the other had written and not yet kept: neither fails, and each stands once."""
    written, begun = threading.Event(), threading.Event()

    def first() -> None:
        with database.unit_of_work() as db:
            add_all(db, PhoneNumber, numbers(range(3)), *NUMBER)
            db.flush()
            written.set()
            begun.wait(LONG)

    def second() -> None:
        written.wait(LONG)
        threading.Timer(0.2, begun.set).start()
        with database.unit_of_work() as db:
            add_all(db, PhoneNumber, numbers(range(6)), *NUMBER)

    workers = [threading.Thread(target=one) for one in (first, second)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(LONG)
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(PhoneNumber)) == 6
