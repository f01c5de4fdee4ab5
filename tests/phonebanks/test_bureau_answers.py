"""A bureau's answer for one list: who is on the TPS, who is clear, of whom it says nothing."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from campaign.foundation import clock, phone, schema
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.people import operations as people
from campaign.phonebanks.models import (
    BureauAnswer,
    Contact,
    Phonebank,
    PhonebankRole,
    ScreenedNumber,
)
from campaign.phonebanks.operations import answering, forgetting
from campaign.phonebanks.operations.dispensing import Claim, claim_next, moment_of
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries import queue, screening
from campaign.phonebanks.rules.answers import read_answer
from campaign.phonebanks.rules.claims import Nothing
from tests.cast import Cast
from tests.phonebanks.making import (
    KEY,
    NOON,
    claim,
    fictitious,
    fill,
    make_person,
    make_phonebank,
)
from tests.phonebanks.test_screening import load_tps
from tests.proof_reader import ProofReadingClient

TODAY, DAY = NOON.date(), timedelta(days=1)
NO_ANSWER = {"consent": False, "state": "held", "hold_reason": "no_consent"}
SAID_NO = {"consent": False, "state": "held", "hold_reason": "said_no"}
SCREENED = {"consent": False, "screened": True}


def table(listed: Iterable[int] = (), clear: Iterable[int] = ()) -> str:
    """What a bureau sends back."""
    rows = [(number, "Y") for number in listed] + [(number, "N") for number in clear]
    return "Name,Phone,TPS\r\n" + "".join(f"A,0{fictitious(n)[3:]},{flag}\r\n" for n, flag in rows)


def answer(
    db: Session, phonebank: Phonebank, written: str, dated: date = TODAY, now: Any = NOON
) -> BureauAnswer:
    ours = screening.keys_of_list(db, phonebank.id)
    read = read_answer(written.splitlines(), ours, key=KEY, allow_unassigned=True)
    given = {"file_name": "answer.csv", "dated": dated, "now": now, "actor_id": None}
    return answering.take_answer(db, read, phonebank=phonebank, **given)


def reasons(db: Session, phonebank: Phonebank, now: Any = NOON) -> dict[str, int]:
    return queue.reasons(db, phonebank, moment_of(phonebank, now=now))


def test_who_is_clear_is_rung_who_is_listed_never_and_the_rest_waits(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(5), **NO_ANSWER)
        fill(db, phonebank, range(5, 6), **SAID_NO)
        made = answer(db, phonebank, table(listed=[0, 1], clear=[2, 5, 900]))
        assert made.counts == {
            "listed": 2,
            "clear": 2,
            "missing": 2,
            "elsewhere": 1,
            "unreadable": 0,
        }
        assert reasons(db, phonebank) == {"ready": 1, "no_consent": 5}
        found = claim(db, phonebank, make_person(db))
        assert found.number.e164 == fictitious(2)
        assert reveal(db, call=found.call, phonebank=phonebank, now=NOON, pace=False) == found
        standing = screening.standing_of(db, phonebank.id, now=NOON)
        assert standing == {"clear": 1, "listed": 2, "unscreened": 2, "said_no": 1}


def test_an_answer_counts_for_its_list_alone_and_consent_wins(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        other = make_phonebank(db, title="Another")
        fill(db, phonebank, range(3), **SCREENED)
        fill(db, phonebank, range(3, 4))
        fill(db, other, range(3), **SCREENED)
        people.suppress(db, hmac=phone.hmac_key(fictitious(2), KEY), reason="asked", source="page")
        answer(db, phonebank, table(listed=[0, 3], clear=[1, 2]))
        assert reasons(db, phonebank) == {"on_tps": 1, "ready": 2, "never": 1}
        assert reasons(db, other) == {"tps_old": 2, "never": 1}
        load_tps(db, 1)
        assert reasons(db, phonebank) == {"on_tps": 2, "ready": 1, "never": 1}
        assert reasons(db, other) == {"on_tps": 1, "ready": 1, "never": 1}


@pytest.mark.parametrize(("days", "good"), [(0, True), (27, True), (28, False)])
def test_a_clear_number_holds_28_days_from_the_day_of_the_answer(
    database: Database, days: int, good: bool
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), **NO_ANSWER)
        answer(db, phonebank, table(clear=[0]))
        later, caller = NOON + days * DAY, make_person(db).id
        found = claim_next(db, phonebank=phonebank, caller_id=caller, now=later, pace=False)
        assert isinstance(found, Claim) if good else found == Nothing("tps_old")


def test_who_turns_out_to_be_listed_after_the_claim_is_not_shown(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1), **NO_ANSWER)
        answer(db, phonebank, table(clear=[0]))
        found = claim(db, phonebank, make_person(db))
        answer(db, phonebank, table(listed=[0]))
        shown = reveal(db, call=found.call, phonebank=phonebank, now=NOON, pace=False)
        assert shown == Nothing("on_tps")


def test_the_newest_day_counts_and_on_one_day_the_last_word(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(2), **SCREENED)
        answer(db, phonebank, table(listed=[0], clear=[1]), TODAY - DAY)
        answer(db, phonebank, table(listed=[1], clear=[0]), TODAY - 3 * DAY)
        listed = select(ScreenedNumber.is_listed).order_by(ScreenedNumber.number_id)
        assert db.scalars(listed).all() == [True, False]
        answer(db, phonebank, table(listed=[1], clear=[0]), TODAY - DAY)
        assert db.scalars(listed).all() == [False, True]
        answer(db, phonebank, table(listed=[0], clear=[0, 1]), TODAY)
        assert db.scalars(listed).all() == [True, False], "twice in a file: listed"


def test_somebody_with_a_new_number_is_no_longer_clear(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        (person,) = fill(db, phonebank, range(1), **NO_ANSWER)
        answer(db, phonebank, table(clear=[0]))
        (other,) = fill(db, make_phonebank(db, title="Another"), range(7, 8))
        person.number_id = other.number_id
        db.flush()
        assert reasons(db, phonebank) == {"tps_old": 1}


def test_who_is_erased_is_in_no_answer(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        person = make_person(db, email_confirmed_at=NOON)
        fill(db, phonebank, range(1), **NO_ANSWER, email=person.email)
        answer(db, phonebank, table(listed=[0]))
        forgetting.forget_person(db, person_id=person.id)
        assert not db.scalars(select(ScreenedNumber.number_id)).all()


@pytest.mark.parametrize(
    ("written", "dated", "said"),
    [
        (table(listed=[1], clear=[900, 901, 902]), TODAY, "Only 1 of the 4 numbers"),
        (table(clear=[900]), TODAY, "Only 0 of the 1 numbers"),
        ("Phone\r\n07700900101\r\n", TODAY, "No column says which numbers are on the TPS"),
        ("07700900101\r\n07700900102\r\n", TODAY, "No column says which numbers"),
        ("Phone,TPS\r\n04000000001,perhaps\r\n", TODAY, r"line 2 \(column “TPS”\)"),
        ("Phone,TPS\r\n04000000001\r\n", TODAY, r"line 2 \(column “TPS”\)"),
        ("Phone,TPS\r\n\r\n040000000x1,N\r\n", TODAY, r"line 3 \(column “Phone”\)"),
        ("", TODAY, "empty"),
        (table(clear=[1]), TODAY + DAY, "That day has not come yet"),
        (table(clear=[1]), TODAY - 29 * DAY, "it holds for 28 days"),
    ],
)
def test_what_is_no_answer_for_this_list_changes_nothing(
    database: Database, written: str, dated: date, said: str
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(3), **NO_ANSWER)
        with pytest.raises(Refused, match=said):
            answer(db, phonebank, written, dated)
        assert not db.scalars(select(BureauAnswer)).all()
        assert reasons(db, phonebank) == {"no_consent": 3}


def test_the_warning_is_of_the_check_that_somebody_depends_on(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(3), **SCREENED)
        answer(db, phonebank, table(clear=[0, 1, 2]))

        def warned(days: int) -> Any:
            return screening.tps_warning(db, phonebank.id, now=NOON + days * DAY)

        assert warned(20) is None
        assert (warned(21).people, warned(21).is_over) == (3, False)
        assert warned(21).until == NOON.replace(hour=0) + 28 * DAY
        assert warned(28).is_over
        load_tps(db, 99, now=NOON + 14 * DAY)
        assert warned(30) is None
        answer(db, phonebank, table(clear=[0]), TODAY + 20 * DAY, now=NOON + 20 * DAY)
        assert warned(36).people == 2


def send(client: ProofReadingClient, path: str, data: str | bytes, dated: date = TODAY) -> Any:
    raw = data.encode() if isinstance(data, str) else data
    fields = {"file": (io.BytesIO(raw), "answer.csv"), "dated": f"{dated}"}
    return client.post_form(path, fields, content_type="multipart/form-data")


@pytest.fixture
def listed(database: Database, cast: Cast) -> Phonebank:
    """A phonebank of the cast's group with six people who never said whether they agree."""
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        db.add(PhonebankRole(phonebank_id=phonebank.id, person_id=cast.lead.id, role="lead"))
        fill(db, phonebank, range(6), **NO_ANSWER)
        return phonebank


def test_an_organiser_takes_an_answer_in_and_sees_how_the_list_stands(
    client: ProofReadingClient, database: Database, cast: Cast, listed: Phonebank
) -> None:
    path = f"/phonebanks/{listed.public_id}/screening"
    with clock.at(NOON):
        client.sign_in(cast.organiser)
        assert "Not screened" in client.get(path).text
        # A bureau's workbook saves as UTF-16 on some machines.
        data = table(listed=[0], clear=[1, 2, 3]).encode("utf-16")
        assert send(client, path, data).status_code == 303
        page = client.get(path).text
        assert "3</b> <span>of 6 people without consent" in page
        assert "2 of this list were not in the file" in page
        assert "Screened on Tue 24 Nov, and good until the end of Mon 21 Dec" in page
    with database.reading() as db:
        assert reasons(db, listed) == {"ready": 3, "no_consent": 3}
        noted = db.scalars(select(AuditRow).where(AuditRow.action == "bureau's answer taken in"))
        assert [(row.actor_id, row.details[1:]) for row in noted] == [
            (
                cast.organiser.id,
                ["listed:1", "clear:3", "missing:2", "elsewhere:0", "unreadable:0"],
            )
        ]


@pytest.mark.parametrize(
    ("data", "dated", "said"),
    [
        (table(clear=[900, 901]), TODAY, "Only 0 of the 2 numbers in this file"),
        (b"\x1f\x8b\x08\x00\x00", TODAY, "packed with gzip"),
        (b"PK\x03\x04rest", TODAY, "zip file or a workbook"),
        (b"Phone,TPS\n\xff\xfe\xe9,\x00maybe\n", TODAY, "line 2"),
        (b"", TODAY, "This file is empty"),
        (table(clear=[1]), TODAY + 2 * DAY, "That day has not come yet"),
        (table(clear=[1]), TODAY - 40 * DAY, "holds for 28 days"),
    ],
)
def test_a_wrong_file_or_day_is_told_at_its_field(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    listed: Phonebank,
    data: str | bytes,
    dated: date,
    said: str,
) -> None:
    with clock.at(NOON):
        client.sign_in(cast.organiser)
        refused = send(client, f"/phonebanks/{listed.public_id}/screening", data, dated)
        assert refused.status_code == 422
        assert said in refused.text
    with database.reading() as db:
        assert reasons(db, listed) == {"no_consent": 6}


@pytest.mark.parametrize(("who", "code"), [("stranger", 404), ("caller", 403), ("lead", 200)])
def test_who_may_not_bring_people_in_may_not_screen_them(
    client: ProofReadingClient,
    database: Database,
    cast: Cast,
    listed: Phonebank,
    who: str,
    code: int,
) -> None:
    path = f"/phonebanks/{listed.public_id}/screening"
    with clock.at(NOON):
        client.sign_in(cast.everybody[who])
        assert client.get(path).status_code == code
        sent = send(client, path, table(clear=range(6)))
        assert sent.status_code == (303 if code == 200 else code)
    with database.reading() as db:
        assert bool(db.scalars(select(BureauAnswer)).all()) is (code == 200)


def test_an_answer_wants_a_sign_in_of_the_last_minutes_and_no_practice_list(
    client: ProofReadingClient, database: Database, cast: Cast, listed: Phonebank
) -> None:
    path = f"/phonebanks/{listed.public_id}/screening"
    with clock.at(NOON):
        client.sign_in(cast.organiser)
    with clock.at(NOON + timedelta(minutes=11)):
        assert "/sign-in" in client.get(path).headers["Location"]
        assert "/sign-in" in send(client, path, table(clear=[1])).headers["Location"]
    with database.unit_of_work() as db:
        assert not db.scalars(select(BureauAnswer)).all()
        practice = make_phonebank(db, cast.group, is_practice=True, title="Practice")
    with clock.at(NOON):
        client.sign_in(cast.organiser)
        assert client.get(f"/phonebanks/{practice.public_id}/screening").status_code == 404


def test_a_list_is_brought_by_who_signed_in_in_the_last_minutes(
    client: ProofReadingClient, cast: Cast, listed: Phonebank
) -> None:
    with clock.at(NOON):
        client.sign_in(cast.organiser)
        assert client.get(f"/phonebanks/{listed.public_id}/import").status_code == 200
    with clock.at(NOON + timedelta(minutes=11)):
        again = client.get(f"/phonebanks/{listed.public_id}/import").headers["Location"]
    assert "again=1" in again


def test_the_answers_go_down_and_up_with_people_in_them(
    database: Database, listed: Phonebank
) -> None:
    scripts = ScriptDirectory.from_config(schema.configuration())
    before = scripts.get_revision("20261127_bureau_answers").down_revision
    assert isinstance(before, str)
    with database.unit_of_work() as db:
        answer(db, listed, table(listed=[0], clear=[1, 2]))
    schema.downgrade(database, before)
    with database.reading() as db:
        rows = db.execute(text("SELECT screened, state FROM contact")).all()
        assert {(bool(row[0]), row[1]) for row in rows} == {(False, "held")}
    schema.upgrade(database)
    with database.reading() as db:
        assert not db.scalars(select(Contact).where(Contact.screened)).all()
        assert reasons(db, listed) == {"no_consent": 6}
