"""Calling together: help, the lead's line, who sits with whom, and the board that shows it."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event as sa_event
from sqlalchemy import select, text

from campaign.foundation.database import Database, is_postgresql
from campaign.people import operations as people
from campaign.phonebanks.models import Broadcast, Call, Contact, HelpRequest, Pairing, Phonebank
from campaign.phonebanks.operations import helping as operations
from campaign.phonebanks.operations.retiring import forget_helping, helping_due
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries import helping as queries
from campaign.phonebanks.queries.board.present import present_query
from campaign.phonebanks.rules.shift import Doing
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"


def a_call(client: ProofReadingClient, cast: Cast) -> dict[str, Any]:
    """The caller has somebody on the telephone."""
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    shown = client.post_asking_json(f"/claims/{held['id']}/reveal").json or {}
    return dict(shown["claim"])


def asked_id(database: Database) -> str:
    with database.reading() as db:
        return db.scalars(select(HelpRequest.public_id).order_by(HelpRequest.id.desc())).first()  # type: ignore[return-value]


def test_a_caller_asks_for_help_and_reads_who_is_coming(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    held = a_call(client, cast)
    before = client.get(f"/claims/{held['id']}").json["word"]
    client.post_form(f"{BANK}/help", {"words": "They ask who pays us, 020 7946 0123"})
    page = client.get(f"{BANK}/call").text
    assert "Your lead can see it" in page
    assert client.get(f"/claims/{held['id']}").json["word"] != before

    client.sign_in(cast.organiser)
    board = client.get(f"{BANK}/lead").text
    assert "Cal Caller</b> asks for help" in board
    assert "in a call with Amina" in board
    assert "They ask who pays us" in board
    assert "7946" not in board, "a number is no matter for the queue"
    assert held["number"]["display"] not in board
    assert "Asked for help" in board

    answer = client.post_form(f"{BANK}/helps/{asked_id(database)}")
    assert answer.status_code == 303
    assert "Olwen</b> goes to <b>Cal Caller" in client.get(f"{BANK}/lead").text
    client.sign_in(cast.caller)
    word = client.get(f"{BANK}/word", headers={"HX-Request": "true"}).text
    assert "Olwen is coming." in word
    client.post_form(f"{BANK}/help/over")
    assert "is coming" not in client.get(f"{BANK}/call").text
    with database.reading() as db:
        over = db.scalars(select(HelpRequest)).one()
        assert over.ended_at
        assert over.words == "", "what they wrote has gone"


def test_pressed_twice_it_is_one_request_and_a_fragment_keeps_the_page(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    a_call(client, cast)
    client.post_form(f"{BANK}/help", {"words": "first"})
    headers = {"HX-Request": "true"}
    word = client.post_form(f"{BANK}/help", {"words": "second"}, headers=headers)
    assert "Your lead can see it" in word.text
    with database.reading() as db:
        assert db.scalars(select(HelpRequest.words)).all() == ["second"]


def test_a_line_stands_on_every_screen_until_it_is_taken_down(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    held = a_call(client, cast)
    before = client.get(f"/claims/{held['id']}").json["word"]
    client.sign_in(cast.organiser)
    wrong = client.post_form(f"{BANK}/line", {"words": "Ring 020 7946 0123 again"})
    assert wrong.status_code == 422
    assert "Leave telephone numbers out" in wrong.text
    assert "Ring 020 7946 0123 again" in wrong.text, "nothing typed is lost"
    client.post_form(f"{BANK}/line", {"words": "Tea is ready."})
    client.post_form(f"{BANK}/line", {"words": "Ten more minutes."})
    assert "On every screen:</b> “Ten more minutes.”" in client.get(f"{BANK}/lead").text

    client.sign_in(cast.caller)
    page = client.get(f"{BANK}/call").text
    assert "Ten more minutes." in page
    assert "Tea is ready" not in page
    assert client.get(f"/claims/{held['id']}").json["word"] != before
    client.post_form(f"/claims/{held['id']}/outcome", {"outcome": "no_answer", "then": "stop"})
    assert "Ten more minutes." in client.get(f"{BANK}/call").text, "on the waiting page, too"

    client.sign_in(cast.organiser)
    client.post_form(f"{BANK}/line/down")
    client.sign_in(cast.caller)
    assert "Ten more minutes." not in client.get(f"{BANK}/call").text
    with database.reading() as db:
        assert len(db.scalars(select(Broadcast).where(Broadcast.down_at.is_not(None))).all()) == 2


def test_a_newcomer_is_paired_in_one_tap_and_both_read_it(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        sian = make_person(db, "Sian Owen")
        for n in range(21):
            call = claim(db, bank, sian, now=NOON - timedelta(minutes=25)).call
            report(db, call=call, phonebank=bank, outcome="busy", now=NOON - timedelta(minutes=9))
            db.get_one(Contact, call.contact_id).not_before = None
            db.get_one(Contact, call.contact_id).busy_count = 0
            assert n < 30
    a_call(client, cast)
    client.sign_in(cast.organiser)
    board_page = client.get(f"{BANK}/lead").text
    assert "with Sian</button>" in board_page
    assert "Quiet for 9 min" in board_page
    client.post_form(f"{BANK}/callers/{cast.caller.public_id}/pair")
    assert 'class="sits">with Sian Owen' in client.get(f"{BANK}/lead").text
    client.sign_in(cast.caller)
    assert "<b>Sian</b> sits with you today" in client.get(f"{BANK}/call").text
    with database.reading() as db:
        word = queries.word_for(db, made[0].id, sian.id, now=NOON)
    assert word.newcomer == "Cal"
    client.sign_in(cast.organiser)
    client.post_form(f"{BANK}/callers/{cast.caller.public_id}/unpair")
    with database.reading() as db:
        assert db.scalars(select(Pairing)).all() == []


def test_where_all_are_new_the_lead_is_told_to_sit_with_them(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    a_call(client, cast)
    client.sign_in(cast.organiser)
    assert "/pair" not in client.get(f"{BANK}/lead").text
    refused = client.post_form(f"{BANK}/callers/{cast.caller.public_id}/pair")
    assert refused.status_code == 422
    assert "Nobody experienced is here yet" in refused.text


@pytest.mark.parametrize(
    ("who", "status"), [("caller", 403), ("stranger", 404), ("administrator", 404)]
)
def test_only_leads_answer_and_speak_to_everybody(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, who: str, status: int
) -> None:
    a_call(client, cast)
    client.post_form(f"{BANK}/help")
    client.sign_in(cast.everybody[who])
    paths = [f"helps/{asked_id(database)}", "line", "line/down"]
    paths += [f"callers/{cast.caller.public_id}/{do}" for do in ("pair", "unpair")]
    for path in paths:
        assert client.post_form(f"{BANK}/{path}", {"words": "x"}).status_code == status, path
    with database.reading() as db:
        assert db.scalars(select(HelpRequest.answered_at)).one() is None
        assert db.scalars(select(Broadcast)).all() == []


def test_another_phonebanks_request_is_not_found_and_strangers_have_no_word(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    a_call(client, cast)
    client.post_form(f"{BANK}/help")
    with database.unit_of_work() as db:
        other = make_phonebank(db, cast.group, title="Another", public_id="another")
        assert other.id
    client.sign_in(cast.organiser)
    assert client.post_form(f"/phonebanks/another/helps/{asked_id(database)}").status_code == 404
    client.sign_in(cast.stranger)
    assert client.get(f"{BANK}/word").status_code == 403
    assert client.post_form(f"{BANK}/help").status_code == 403


def test_the_board_says_what_everybody_does_and_who_may_need_something_first(
    database: Database, app: Flask
) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db)
        fill(db, bank, range(6))
        names = ("Ada", "Bea", "Cy", "Di", "Ed")
        ada, bea, cy, di, ed = [make_person(db, name) for name in names]
        claim(db, bank, ada, now=NOON - timedelta(minutes=1))
        claim(db, bank, bea, now=NOON - timedelta(minutes=6))
        call = claim(db, bank, cy, now=NOON - timedelta(minutes=3)).call
        reveal(db, call=call, phonebank=bank, now=NOON - timedelta(minutes=2), pace=False)
        first = claim(db, bank, di, now=NOON - timedelta(minutes=27)).call
        report(db, call=first, phonebank=bank, outcome="busy", now=NOON - timedelta(minutes=26))
        late = claim(db, bank, di, now=NOON - timedelta(minutes=25)).call
        reveal(db, call=late, phonebank=bank, now=NOON - timedelta(minutes=24), pace=False)
        done = claim(db, bank, ed, now=NOON - timedelta(minutes=2)).call
        report(db, call=done, phonebank=bank, outcome="talked", now=NOON - timedelta(minutes=1))
        operations.ask_for_help(db, phonebank=bank, person_id=ed.id, words="", now=NOON)
    with database.reading() as db:
        lines = {line.name: line for line in board.present(db, bank.id, now=NOON)}
    assert [line.doing for line in lines.values()] == [
        Doing.HELP, Doing.QUIET, Doing.CALL, Doing.ABOUT, Doing.WRITING,
    ]  # fmt: skip
    assert list(lines) == ["Ed", "Bea", "Cy", "Ada", "Di"]
    assert (lines["Ed"].calls, lines["Ed"].talks) == (1, 1)
    assert lines["Cy"].since == NOON - timedelta(minutes=2)
    assert lines["Di"].claim_id is None


def test_a_hundred_callers_are_one_statement_that_reads_no_list_of_calls_from_its_beginning(
    database: Database, app: Flask
) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db)
        contacts = fill(db, bank, range(300))
        callers = [make_person(db, f"Caller {n}") for n in range(100)]
        old = NOON - timedelta(days=9)
        db.add_all(
            Call(
                phonebank_id=bank.id,
                contact_id=contacts[n % 300].id,
                number_id=contacts[n % 300].number_id,
                caller_id=callers[n % 100].id,
                status="reported",
                claimed_at=at,
                expires_at=at,
                reported_at=at,
                result_code="talked",
                reached=True,
            )
            for n in range(6000)
            for at in [old if n % 60 else NOON - timedelta(minutes=3)]
        )
        for caller in callers[:40]:
            claim(db, bank, caller)
    with database.unit_of_work() as db:
        db.execute(text("ANALYZE"))
    seen: list[str] = []
    with database.reading() as db:
        engine = db.get_bind()
        sa_event.listen(engine, "before_cursor_execute", lambda *a: seen.append(a[2]))
        lines = board.present(db, bank.id, now=NOON)
        board.day_so_far(db, bank.id, since=NOON - timedelta(hours=12))
    assert len(lines) >= 40
    assert len([one for one in seen if one.startswith(("SELECT", "WITH"))]) == 2
    plan = plan_of(database, bank.id)
    assert "Seq Scan on call" not in plan, plan
    assert "SCAN call" not in plan, plan


def plan_of(database: Database, phonebank_id: int) -> str:
    with database.reading() as db:
        query = present_query(phonebank_id, now=NOON)
        made = query.compile(db.get_bind(), compile_kwargs={"literal_binds": True})
        how = "EXPLAIN" if is_postgresql(db) else "EXPLAIN QUERY PLAN"
        if is_postgresql(db):
            # A list as short as a test's is read whole; so it has none where an index will do.
            db.execute(text("SET LOCAL enable_seqscan = off"))
        return "\n".join(str(row) for row in db.execute(text(f"{how} {made}")))


def test_what_was_asked_and_said_goes_with_the_person_and_after_its_days(
    database: Database, cast: Cast, app: Flask
) -> None:
    with database.unit_of_work() as db:
        bank = make_phonebank(db, cast.group)
        priya, sian = make_person(db), make_person(db, "Sian Owen")
        operations.ask_for_help(db, phonebank=bank, person_id=priya.id, words="Help", now=NOON)
        operations.put_up(db, phonebank=bank, words="Tea", actor_id=priya.id, now=NOON)
        db.add(
            Pairing(phonebank_id=bank.id, newcomer_id=sian.id, partner_id=priya.id, made_at=NOON)
        )
        held = people.export(db, person=priya)
        assert [fact["what"] for fact in held["Your shifts of calling"]] == [
            "You asked for help",
            "Your line to everybody who calls",
            "You sat with another caller",
        ]
        people.erase(db, person=priya)
        for table in (HelpRequest, Broadcast, Pairing):
            assert db.scalars(select(table)).all() == []
        operations.ask_for_help(db, phonebank=bank, person_id=sian.id, words="Help", now=NOON)
        assert helping_due(db, NOON + timedelta(days=1)) == 1
        assert forget_helping(db, NOON + timedelta(days=1)) == 1
        assert forget_helping(db, NOON + timedelta(days=1)) == 0


def test_the_words_of_help_go_with_the_person_they_were_about(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    a_call(client, cast)
    with database.unit_of_work() as db:
        contact = db.scalars(select(Contact).where(Contact.state == "claimed")).one()
        contact.email = "amina@people.example"
    client.post_form(f"{BANK}/help", {"words": "Amina Kay is crying"})
    with database.unit_of_work() as db:
        people.erase_address(db, email="amina@people.example", actor_id=cast.officer.id)
        assert db.scalars(select(HelpRequest.words)).one() == ""
