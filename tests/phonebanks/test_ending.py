"""A phonebank ends: closed by a lead, or by itself on its last day; and with it what it opened."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from campaign.foundation import clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, Refused
from campaign.phonebanks.models import Call, Contact, ContactExport, Phonebank
from campaign.phonebanks.operations import exporting, setup
from campaign.phonebanks.operations.revealing import extend, reveal
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.claims import Nothing, extended, is_over, kept_until
from campaign.phonebanks.rules.exports import stands
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
SOON, LATER = timedelta(minutes=5), timedelta(minutes=6)


def close(db: Any, phonebank: Phonebank, cast: Cast, now: datetime = NOON) -> None:
    held = db.get_one(Phonebank, phonebank.id)
    setup.close(db, phonebank=held, actor_id=cast.organiser.id, now=now)


def test_closing_ends_sixty_four_calls_in_one_transaction(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        other = make_phonebank(db, cast.group, title="Another")
        fill(db, phonebank, range(70))
        fill(db, other, range(100, 101))
        held = [claim(db, phonebank, make_person(db, f"Caller {n}")) for n in range(64)]
        apart = claim(db, other, make_person(db, "Apart"))
        for one in held[:30]:
            reveal(db, call=one.call, phonebank=phonebank, now=NOON)
    with database.unit_of_work() as db:
        close(db, phonebank, cast)
    with database.reading() as db:
        counted = select(Call.status, func.count()).group_by(Call.status)
        assert {status: count for status, count in db.execute(counted)} == {
            "revoked": 64,
            "claimed": 1,
        }
        states = select(Contact.state, func.count()).where(Contact.phonebank_id == phonebank.id)
        assert [tuple(row) for row in db.execute(states.group_by(Contact.state))] == [("ready", 70)]
        # Whose number was shown may have been rung: that counts, the others are as they were.
        assert db.scalar(select(func.sum(Contact.attempts))) == 30
        assert db.get_one(Call, apart.call.id).status == "claimed"


def test_a_report_of_a_call_that_a_closing_ended_is_taken_for_a_day_and_flagged(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        fill(db, phonebank, range(2))
        first, second = (claim(db, phonebank, make_person(db, name)) for name in ("Ama", "Bea"))
        for one in (first, second):
            reveal(db, call=one.call, phonebank=phonebank, now=NOON)
        close(db, phonebank, cast, NOON + SOON)
        at = NOON + timedelta(hours=24)
        saved = report(db, call=first.call, phonebank=phonebank, outcome="talked", now=at)
        assert saved.late
        assert first.contact.state == "done"
        with pytest.raises(Refused, match="more than a day ago"):
            too_late = at + timedelta(minutes=21)
            report(db, call=second.call, phonebank=phonebank, outcome="talked", now=too_late)


def test_no_claim_outlives_the_end_whenever_that_was_named() -> None:
    life, end = timedelta(minutes=20), NOON + SOON
    assert kept_until(NOON, life, closes_at=None) == NOON + life
    assert kept_until(NOON, life, closes_at=end) == end
    assert kept_until(NOON, life, closes_at=NOON + life) == NOON + life
    late = NOON + timedelta(minutes=15)
    until = NOON + life
    end = NOON + timedelta(minutes=25)
    assert extended(NOON, until, life, now=late, closes_at=end) == end
    assert extended(NOON, until, life, now=late) == late + life
    assert is_over("open", closes_at=NOON, now=NOON)
    assert not is_over("paused", closes_at=NOON, now=NOON - timedelta(seconds=1))
    assert is_over("closed", closes_at=None, now=NOON)


def test_the_last_second_ends_every_call_by_itself(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group, closes_at=NOON + SOON)
        fill(db, phonebank, range(3))
        callers = [make_person(db, name) for name in ("Ama", "Bea")]
        shown, unseen = (claim(db, phonebank, caller) for caller in callers)
        reveal(db, call=shown.call, phonebank=phonebank, now=NOON)
        before, after = NOON + SOON - timedelta(seconds=1), NOON + SOON
        assert board.held_claim(db, callers[0].id, now=before) is not None
        # No job has run, and nobody holds anybody.
        for caller in callers:
            assert board.held_claim(db, caller.id, now=after) is None
        assert [line.claim_id for line in board.present(db, phonebank.id, now=after)] == [None] * 2
        assert extend(db, call=shown.call, phonebank=phonebank, now=after) is None
        found = reveal(db, call=unseen.call, phonebank=phonebank, now=after)
        assert found == Nothing("ended")
        saved = report(db, call=shown.call, phonebank=phonebank, outcome="talked", now=after)
        assert saved.late


def test_an_end_that_is_moved_nearer_ends_the_calls_in_flight_too(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        fill(db, phonebank, range(1))
        caller = make_person(db, "Ama")
        claim(db, phonebank, caller)
        setup.describe(
            db,
            phonebank=phonebank,
            title="T",
            reason="R",
            access="open",
            closes_at=NOON + SOON,
            actor_id=cast.organiser.id,
        )
        db.flush()
        assert board.held_claim(db, caller.id, now=NOON + SOON) is None


@pytest.mark.parametrize("by_itself", [True, False], ids=["by itself", "by a lead"])
def test_every_way_in_is_dead_and_says_so(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database, by_itself: bool
) -> None:
    with database.unit_of_work() as db:
        phonebank = db.get_one(Phonebank, made[0].id)
        event = an_event(db, cast.group, cast.host, starts_at=NOON - SOON, capacity=5)
        an_rsvp(db, event, cast.stranger)
        setup.attach_session(db, phonebank=phonebank, event=event, actor_id=cast.organiser.id)
        setup.pass_practice(db, person_id=cast.stranger.id, now=NOON)
        setup.agree(db, person_id=cast.stranger.id, now=NOON)
        if by_itself:
            phonebank.closes_at = NOON + SOON
    client.sign_in(cast.stranger)
    assert "Ready when you are" in client.get(f"{BANK}/call").text
    claim_id = claim_json(client)["claim"]["id"]
    client.post_asking_json(f"/claims/{claim_id}/reveal")
    if not by_itself:
        with database.unit_of_work() as db:
            close(db, made[0], cast)
    with clock.at(NOON + LATER):
        client.sign_in(cast.stranger)
        told = client.get(f"/claims/{claim_id}").json or {}
        assert told["live"] is False
        assert told["said"].startswith("The phonebank has ended.")
        screen = client.get(f"{BANK}/call").text
        assert "This phonebank has ended" in screen
        assert "+44" not in screen
        assert 'class="number"' not in screen
        assert claim_json(client)["reason"] == "ended"
        assert "has ended, and so has everybody’s way into it" in client.get(BANK).text
        assert f"{BANK}/call" not in client.get(BANK).text
        page = client.get(f"/events/{event.public_id}").text
        assert (f"{BANK}/call" in page) is by_itself  # that link says that it has ended
        sent = {"outcome": "talked", "then": "next"}
        after = client.post_form(f"/claims/{claim_id}/outcome", sent, follow_redirects=True)
        assert "This phonebank has ended" in after.text
    with database.reading() as db:
        call = db.scalars(select(Call).where(Call.public_id == claim_id)).one()
        assert (call.status, call.late) == ("reported", True)


def test_tables_that_were_asked_for_are_off_and_may_be_asked_for_anew(
    database: Database, cast: Cast
) -> None:
    asked = {"shape": "results", "reason": "For the count", "actor_id": cast.organiser.id}
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db, cast.group)
        before = exporting.ask(db, phonebank=phonebank, now=NOON, **asked)
        exporting.decide(db, export=before, yes=True, actor_id=cast.officer.id, now=NOON)
        close(db, phonebank, cast)
        assert db.get_one(ContactExport, before.id).state == "withdrawn"
        with pytest.raises(Conflict):
            exporting.fetch(db, export=before, actor_id=cast.organiser.id, now=NOON)
        again = exporting.ask(db, phonebank=phonebank, now=NOON + SOON, **asked)
        assert again.id != before.id
        exporting.decide(db, export=again, yes=True, actor_id=cast.officer.id, now=NOON + SOON)
        exporting.fetch(db, export=again, actor_id=cast.organiser.id, now=NOON + SOON)


def test_a_table_asked_for_before_the_last_day_was_over_is_over_with_it() -> None:
    def state(asked_at: datetime, now: datetime, state: str = "approved") -> str:
        end = NOON + SOON
        return stands(state, asked_at=asked_at, decided_at=asked_at, now=now, closes_at=end).state

    assert state(NOON, NOON + SOON - timedelta(seconds=1)) == "approved"
    assert state(NOON, NOON + SOON) == "over"
    assert state(NOON, NOON + SOON, "asked") == "over"
    assert state(NOON + SOON, NOON + LATER) == "approved"
    assert state(NOON, NOON + SOON, "withdrawn") == "withdrawn"
