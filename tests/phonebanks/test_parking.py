"""Who is on the TPS waits aside, so that claims need not step over them, and comes back."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations import parking, tps, working
from campaign.phonebanks.operations.answering import take_answer
from campaign.phonebanks.operations.dispensing import moment_of
from campaign.phonebanks.operations.working import Shop
from campaign.phonebanks.queries import queue
from campaign.phonebanks.rules.answers import Answer
from tests.phonebanks import lists
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank
from tests.phonebanks.test_screening import SCREENED, load_tps

DAY = timedelta(days=1)
TODAY = datetime(2026, 11, 24, tzinfo=UTC).date()


def states(db: Session, phonebank: Phonebank) -> list[tuple[str, str | None]]:
    """How each of a list stands, in the order of the list."""
    db.expire_all()
    asked = select(Contact.state, Contact.hold_reason).where(Contact.phonebank_id == phonebank.id)
    return [(state, why) for state, why in db.execute(asked.order_by(Contact.id))]


def reasons(db: Session, phonebank: Phonebank, now: Any = NOON) -> dict[str, int]:
    return queue.reasons(db, phonebank, moment_of(phonebank, now=now))


def park(db: Session, phonebank: Phonebank | None = None) -> int:
    return parking.park(lambda: nullcontext(db), phonebank.id if phonebank else None)


READY, ASIDE = ("ready", None), ("held", "on_tps")


def test_a_new_file_puts_aside_whom_it_lists_and_back_whom_it_does_not(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "PORTION", 2)
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        people = fill(db, phonebank, range(7), **SCREENED)
        people[5].attempts = 2
        load_tps(db, 0, 1, 2, 3, 5)
        aside = [ASIDE, ASIDE, ASIDE, ASIDE, READY, ASIDE, READY]
        assert states(db, phonebank) == aside
        assert reasons(db, phonebank) == {"on_tps": 5, "ready": 2}
        assert park(db) == 0, "again changes nothing"
        load_tps(db, 3, 6, now=NOON + DAY)
        assert states(db, phonebank) == [READY, READY, READY, ASIDE, READY, READY, ASIDE]
        assert reasons(db, phonebank, NOON + DAY) == {"on_tps": 2, "ready": 5}
        assert db.get_one(Contact, people[5].id).attempts == 2


def test_consent_promises_hands_practice_and_what_has_ended_stay_as_they_are(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, practice = make_phonebank(db), make_phonebank(db, is_practice=True)
        over = make_phonebank(db, status="closed")
        fill(db, phonebank, range(1))
        promised = {"state": "callback", "promised_at": NOON + DAY, "not_before": NOON + DAY}
        fill(db, phonebank, range(1, 2), **SCREENED, **promised)
        fill(db, phonebank, range(2, 3), **SCREENED)
        fill(db, practice, range(3, 4), **SCREENED)
        fill(db, over, range(4, 5), **SCREENED)
        load_tps(db, 9)
        caller = make_person(db)
        db.execute(update(Contact).where(Contact.consent).values(not_before=NOON + DAY))
        claim(db, phonebank, caller)
        load_tps(db, *range(5), now=NOON + timedelta(hours=1))
        assert [state for state, _ in states(db, phonebank)] == ["ready", "callback", "claimed"]
        assert states(db, practice) == states(db, over) == [READY]


def test_who_was_released_meanwhile_is_put_aside_the_next_time(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), **SCREENED)
        load_tps(db, 0)
        db.execute(update(Contact).values(state="ready", hold_reason=None))
        assert park(db, make_phonebank(db, title="Another")) == 0
        assert park(db, phonebank) == 1
        assert states(db, phonebank) == [ASIDE, READY]


def test_a_bureaus_answer_holds_at_once_for_its_own_list(database: Database) -> None:
    with database.unit_of_work() as db:
        mine, other = make_phonebank(db), make_phonebank(db, title="Another")
        numbers = [one.number_id for one in fill(db, mine, range(3), **SCREENED)]
        fill(db, other, range(3), **SCREENED)
        load_tps(db, 9)
        told = {"phonebank": mine, "file_name": "b.csv", "actor_id": None}
        listed = Answer(listed={numbers[0], numbers[1]}, clear={numbers[2]})
        take_answer(db, listed, dated=TODAY, now=NOON, **told)
        assert states(db, mine) == [ASIDE, ASIDE, READY]
        assert states(db, other) == [READY] * 3
        clear = Answer(listed={numbers[1]}, clear={numbers[0]})
        take_answer(db, clear, dated=TODAY + DAY, now=NOON + DAY, **told)
        assert states(db, mine) == [READY, ASIDE, READY]


def test_a_yes_lets_them_be_rung_at_once_and_a_no_outlasts_a_new_file(
    shop: Shop, database: Database
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        db.flush()
        db.expunge(phonebank)
    head = "Name,Phone,Id,Consent\r\n"
    rows = "Amina,07700 900001,1,{}\r\nBilal,07700 900002,2,{}\r\nCarys,07700 900003,3,{}\r\n"
    lists.bring(shop, phonebank, head + rows.format("", "", ""), basis="screened")
    with database.unit_of_work() as db:
        db.execute(update(Contact).values(screened=True, state="held", hold_reason="on_tps"))
    batch = lists.bring(shop, phonebank, head + rows.format("yes", "no", ""), basis="screened")
    said_no = ("held", "said_no")
    with database.reading() as db:
        assert states(db, phonebank) == [READY, said_no, ASIDE]
    # Nothing lists Carys: she is back once the list is cleared away.
    working.clear_away(shop, batch.id)
    with database.reading() as db:
        assert states(db, phonebank) == [READY, said_no, READY]


def test_whom_a_list_brings_is_put_aside_once_it_is_in(shop: Shop, database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        lines = ["07700900001\r\n", "07700900777\r\n"]
        tps.load_tps(lambda: nullcontext(db), lines, key=shop.key, now=NOON)
        db.flush()
        db.expunge(phonebank)
    text = "Name,Phone,Id\r\nAmina,07700 900001,1\r\nBilal,07700 900002,2\r\n"
    working.clear_away(shop, lists.bring(shop, phonebank, text, basis="screened").id)
    with database.reading() as db:
        assert states(db, phonebank) == [ASIDE, READY]
