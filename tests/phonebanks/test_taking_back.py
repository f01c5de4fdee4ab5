"""A lead sees who has whom, and takes somebody back from a caller's hands."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.taking_back import take_back
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def path_of(claim_id: str, bank: str = BANK) -> str:
    return f"{bank}/claims/{claim_id}/take-back"


def held_by_the_caller(client: ProofReadingClient, cast: Cast, *, shown: bool = False) -> str:
    client.sign_in(cast.caller)
    claim_id = str(claim_json(client)["claim"]["id"])
    if shown:
        assert client.post_asking_json(f"/claims/{claim_id}/reveal").status_code == 200
    return claim_id


def test_the_board_says_who_has_whom_since_when_and_no_number(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = held_by_the_caller(client, cast, shown=True)
    number = client.get(f"{BANK}/call").text.split('class="number">')[1].split("<")[0]
    client.sign_in(cast.organiser)
    with clock.at(NOON + timedelta(minutes=7, seconds=30)):
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
    assert "In a call with Amina, 7 min" in board
    assert path_of(claim_id) in board
    assert number not in board
    assert "+44" not in board


def test_a_claim_that_ran_out_is_on_nobodys_board(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    claim_id = held_by_the_caller(client, cast)
    with clock.at(NOON + timedelta(minutes=21)):
        client.sign_in(cast.organiser)
        board = client.get(f"{BANK}/lead").text
    assert "Between calls" in board
    assert path_of(claim_id) not in board


def test_who_is_taken_back_goes_off_the_screen_with_a_sentence_and_is_reported_late(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    claim_id = held_by_the_caller(client, cast, shown=True)
    client.sign_in(cast.organiser)
    answer = client.post_form(path_of(claim_id), follow_redirects=True)
    assert "Taken back." in answer.text
    assert path_of(claim_id) not in answer.text
    again = client.post_form(path_of(claim_id), follow_redirects=True)
    assert "Nothing was changed." in again.text
    with database.reading() as db:
        rows = list(db.scalars(select(AuditRow).where(AuditRow.action == "claim taken back")))
        call = db.scalars(select(Call)).one()
        assert [(row.actor_id, row.details) for row in rows] == [
            (cast.organiser.id, [f"call:{call.id}", f"person:{cast.caller.id}"])
        ]
    client.sign_in(cast.caller)
    said = "A lead has taken Amina back. If you spoke, say how it went."
    assert client.get(f"/claims/{claim_id}").json == {"live": False, "never": False, "said": said}
    # Without scripts the next page says the same, and leads to the report.
    screen = client.get(f"{BANK}/call").text
    assert said in screen
    assert f"{BANK}/call/late" in screen
    late = client.get(f"{BANK}/call/late").text
    assert "How did it go?" in late
    assert 'class="number"' not in late
    # What is wrong is said on the same page, and what was typed stays.
    mend = client.post_form(f"/claims/{claim_id}/outcome", {"outcome": "call_later", "note": "Hm"})
    assert mend.status_code == 422
    assert "Hm" in mend.text
    sent = {"outcome": "talked", "answer-come": "yes", "then": "stop"}
    assert client.post_form(f"/claims/{claim_id}/outcome", sent).status_code == 303
    assert client.get(f"{BANK}/call/late").status_code == 404
    with database.reading() as db:
        call = db.scalars(select(Call)).one()
        assert (call.status, call.late, call.answers) == ("reported", True, {"come": "yes"})
        assert db.get_one(Contact, call.contact_id).state == "done"


def test_who_was_not_rung_goes_to_the_next_caller(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        first, second, lead = (make_person(db, name) for name in ("Ama", "Bea", "Lena"))
        held = claim(db, phonebank, first)
        assert take_back(db, phonebank=phonebank, call=held.call, actor_id=lead.id, now=NOON)
        assert held.contact.attempts == 0
        again = claim(db, phonebank, second, NOON + timedelta(seconds=1))
        assert again.contact.id == held.contact.id
        # Pressed on a board that is a moment old, it takes nobody from the next caller.
        assert not take_back(db, phonebank=phonebank, call=held.call, actor_id=lead.id, now=NOON)
        assert again.contact.claimed_by == second.id


def test_a_late_report_takes_nobody_from_the_next_caller(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cooldown_minutes=0)
        fill(db, phonebank, range(1))
        first, lead = make_person(db, "Ama"), make_person(db, "Lena")
        held = claim(db, phonebank, first)
        held.call.status, held.call.revealed_at = "revealed", NOON
        take_back(db, phonebank=phonebank, call=held.call, actor_id=lead.id, now=NOON)
        assert held.contact.attempts == 1
        after = NOON + timedelta(hours=23)
        saved = report(db, call=held.call, phonebank=phonebank, outcome="no_answer", now=after)
        assert saved.late
        assert held.contact.attempts == 1


@pytest.mark.parametrize(
    ("part", "status"),
    [("stranger", 404), ("caller", 403), ("administrator", 404), ("officer", 404)],
)
def test_nobody_but_the_leads_takes_anybody_back(
    client: ProofReadingClient,
    cast: Cast,
    made: Made,
    database: Database,
    part: str,
    status: int,
) -> None:
    claim_id = held_by_the_caller(client, cast)
    client.sign_in(cast.everybody[part])
    assert client.post_form(path_of(claim_id)).status_code == status
    with database.reading() as db:
        assert db.scalars(select(Call.status)).one() == "claimed"


def test_a_lead_reaches_no_call_of_another_phonebank(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        other = make_phonebank(db, cast.other_group, public_id="other", access="open")
        fill(db, other, range(50, 53))
        held = claim(db, db.get_one(Phonebank, other.id), cast.stranger)
        claim_id = held.call.public_id
    client.sign_in(cast.organiser)
    assert client.post_form(path_of(claim_id)).status_code == 404
    assert client.post_form(path_of(claim_id, "/phonebanks/other")).status_code == 404
