"""Many never-call numbers at once: few statements, and the same outcome as one by one."""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import event, func, select

from campaign.foundation import phone
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person, Suppression
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import never, tps
from campaign.phonebanks.operations.working import Shop
from tests.phonebanks import lists
from tests.phonebanks.making import KEY, NOON, claim, fictitious, fill, make_person, make_phonebank

ROWS = "Name,Phone,Do not call\r\n"


def statements(database: Database, work: Any) -> int:
    """How many statements some work sends to the database."""
    sent: list[str] = []
    engine = database.engine

    def heard(*given: Any) -> None:
        sent.append(given[2])

    event.listen(engine, "before_cursor_execute", heard)
    try:
        work()
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    return len(sent)


def never_rows(numbers: range) -> str:
    return ROWS + "".join(f"A,0{fictitious(n)[3:]},yes\r\n" for n in numbers)


def test_a_list_of_wishes_costs_as_many_statements_as_one_wish(bench_shop: Shop) -> None:
    database = bench_shop.database
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(400))

    def bring(numbers: range) -> None:
        lists.bring(bench_shop, phonebank, never_rows(numbers), basis="all_agreed")

    one = statements(database, lambda: bring(range(1)))
    many = statements(database, lambda: bring(range(1, 400)))
    assert many == one
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Suppression)) == 400
        states = db.scalars(select(Contact.state).distinct()).all()
        assert states == ["suppressed"]
        noted = select(AuditRow.details).where(AuditRow.action == "numbers suppressed by a list")
        assert [details[1] for details in db.scalars(noted.order_by(AuditRow.id))] == ["1", "399"]


def test_wishes_of_many_end_claims_and_promises_and_leave_practice_and_others_alone(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        practice = make_phonebank(db, is_practice=True, title="Practice")
        fill(db, phonebank, range(3))
        fill(db, practice, range(3))
        held = claim(db, phonebank, make_person(db))
        (kept,) = fill(db, phonebank, range(9, 10))
        promised = next(
            one
            for one in db.scalars(select(Contact).where(Contact.phonebank_id == phonebank.id))
            if one.state == "ready" and one is not kept
        )
        promised.state, promised.promised_at, promised.not_before = "callback", NOON, NOON
        hmacs = [phone.hmac_key(fictitious(n), KEY) for n in range(3)]
        never.suppress_many(db, hmacs, reason="imported", source="test", now=NOON)
        assert (promised.state, promised.promised_at, promised.not_before) == (
            "suppressed",
            None,
            None,
        ), "what is in hand is told too"
        states = dict(
            db.execute(
                select(Phonebank.title, func.count())
                .join(Contact, Contact.phonebank_id == Phonebank.id)
                .where(Contact.state == "suppressed")
                .group_by(Phonebank.title)
            ).all()
        )
        assert states == {phonebank.title: 3}
        assert kept.state == "ready"
        assert held.contact.claimed_by is None
        assert db.scalars(select(Call.status)).all() == ["revoked"]


def test_the_first_reason_for_a_number_stands(database: Database) -> None:
    with database.unit_of_work() as db:
        hmac = phone.hmac_key(fictitious(1), KEY)
        people.suppress(db, hmac=hmac, reason="asked", source="page")
        lines = [f"0{fictitious(n)[3:]}\r\n" for n in (1, 2)]
        never.load(
            lambda: nullcontext(db), lines, reason="imported", source="list", key=KEY, now=NOON
        )
        kept = db.execute(select(Suppression.hmac, Suppression.reason)).all()
        assert {row.hmac: row.reason for row in kept} == {
            hmac: "asked",
            phone.hmac_key(fictitious(2), KEY): "imported",
        }


def test_portions_add_up(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(never, "PORTION", 3)
    lines = ["07700900101", "what", *(f"0{fictitious(n)[3:]}" for n in range(300))]
    with database.unit_of_work() as db:
        found = never.load(
            lambda: nullcontext(db), lines, reason="imported", source="list", key=KEY, now=NOON
        )
        assert (found.lines, found.never, found.unreadable, found.places) == (302, 301, 1, ["2"])
        assert db.scalar(select(func.count()).select_from(Suppression)) == 301


@pytest.mark.parametrize(
    "text",
    [
        "07700900101",
        "+447700900101",
        "0770 0900 101",
        "020 7946 0142",
        "7700900101  ",
        "447700900101",
        "00447700900101",
        "+44 (0)7700 900101",
    ],
)
def test_the_short_way_reads_what_the_careful_way_reads(database: Database, text: str) -> None:
    careful = phone.parse(text, allow_unassigned=False).e164
    with database.unit_of_work() as db:
        never.load(
            lambda: nullcontext(db), [text], reason="imported", source="list", key=KEY, now=NOON
        )
        assert db.scalars(select(Suppression.hmac)).all() == [phone.hmac_key(careful, KEY)]


@pytest.mark.parametrize("is_tps", [True, False])
def test_others_write_while_a_file_is_read(database: Database, is_tps: bool) -> None:
    def written() -> Iterator[str]:
        for number in range(3):
            with database.unit_of_work() as db:
                make_person(db, f"Reader {number}")
            yield f"0{fictitious(number)[3:]}\r\n"

    given: dict[str, Any] = {"key": KEY, "now": NOON, "allow_unassigned": True}
    if is_tps:
        found = tps.load_tps(database.unit_of_work, written(), **given)
    else:
        named = {"reason": "imported", "source": "list"}
        found = never.load(database.unit_of_work, written(), **named, **given)
    assert found.never == 3
    with database.reading() as db:
        assert db.scalar(select(func.count()).select_from(Person)) == 3
