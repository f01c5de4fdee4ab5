"""Everybody on a list has one reason, and "ready" are those whom somebody new could be handed."""

import random
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dispensing import Claim, claim_next, moment_of
from campaign.phonebanks.operations.revealing import release
from campaign.phonebanks.queries import queue
from campaign.phonebanks.queries.queue import card
from campaign.phonebanks.rules.wording import REASONS, state_of
from tests.phonebanks.making import NOON, claim, fictitious, fill, make_person, make_phonebank
from tests.phonebanks.test_screening import load_tps

HOUR = timedelta(hours=1)
PEOPLE = 250
WHEN = [None, None, NOON - HOUR, NOON, NOON + HOUR]
STATES = ["ready"] * 8 + ["callback"] * 4 + ["held", "done", "exhausted", "suppressed", "withdrawn"]


def anything(dice: random.Random) -> dict[str, Any]:
    """A contact as it may stand on a list."""
    state = dice.choice(STATES)
    promised = dice.choice([NOON - HOUR, NOON - HOUR / 6, NOON + HOUR])
    found: dict[str, Any] = {
        "state": state,
        "not_before": dice.choice(WHEN),
        "attempts": dice.choice([0, 0, 1, 3, 4]),
        "consent": dice.random() < 0.85,
        "screened": dice.random() < 0.3,
        "goal_met_at": NOON if dice.random() < 0.07 else None,
        "household_key": dice.choice([None, None, f"home {dice.randrange(25)}"]),
        "reached_at": dice.choice([None, None, NOON - HOUR, NOON - 21 * HOUR]),
        "last_result": dice.choice([None, "no_answer", "other_person", "busy", "dead_number"]),
    }
    if state == "callback":
        owner = dice.choice([None, 987_654])
        found |= {"promised_at": promised, "not_before": promised, "callback_owner_id": owner}
    return found


def a_number(db: Session, dice: random.Random, contact: Contact, caller_id: int) -> None:
    """A number as it may be: dead, rung lately or often, far away, never to be rung."""
    number = db.get_one(PhoneNumber, contact.number_id)
    number.state = dice.choice(["ok"] * 9 + ["suspect", "wrong", "disconnected"])
    number.time_zone = dice.choice(["Europe/London"] * 9 + ["America/New_York"])
    calls = dice.choice([[], [], [1], [30], [30, 60, 90], [1, 60, 90]])
    for hours in calls:
        at = NOON - hours * HOUR
        db.add(
            Call(
                phonebank_id=contact.phonebank_id,
                contact_id=contact.id,
                number_id=number.id,
                caller_id=caller_id,
                status="reported",
                claimed_at=at,
                expires_at=at,
                attempted_at=at,
            )
        )
    number.last_attempt_at = NOON - calls[0] * HOUR if calls else None
    if dice.random() < 0.05:
        db.flush()
        state = contact.state
        people.suppress(db, hmac=number.hmac, reason="asked", source="call", actor_id=None)
        # Also behind our back: the list knows, and the contact does not.
        db.refresh(contact)
        contact.state = dice.choice([state, "suppressed"])
    db.flush()


def a_list(db: Session, dice: random.Random, *, checked: bool) -> Phonebank:
    """A list of anybody, some of them in calls here or elsewhere, in time or not.

    ``checked`` says that there is a file of the TPS, which has every third of their numbers.
    """
    phonebank = make_phonebank(db)
    before = make_person(db).id
    for place in range(PEOPLE):
        contact = fill(db, phonebank, range(place, place + 1), **anything(dice))[0]
        a_number(db, dice, contact, before)
    if checked:
        # Who is in the queue and on it is put aside; a few came back since.
        load_tps(db, *range(0, PEOPLE, 3), now=NOON - 5 * 24 * HOUR)
        aside = select(Contact.id).where(Contact.hold_reason == "on_tps").limit(5)
        db.execute(update(Contact).where(Contact.id.in_(aside)).values(state="ready"))
    other = make_phonebank(db, title="Worthing lifts")
    fill(db, other, range(0, 40))
    for bank, now in ((phonebank, NOON), (other, NOON), (phonebank, NOON - HOUR)):
        for _ in range(4):
            caller = make_person(db)
            claim_next(db, phonebank=bank, caller_id=caller.id, now=now, pace=False)
    return phonebank


def handed_out(db: Session, phonebank: Phonebank) -> set[int]:
    """Whom new callers are handed, one by one; each goes back, and aside."""
    found: set[int] = set()
    while True:
        caller = make_person(db)
        got = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=NOON, pace=False)
        if not isinstance(got, Claim):
            return found
        assert got.contact.id not in found
        found.add(got.contact.id)
        release(db, call=got.call, phonebank=phonebank, reason="stop", now=NOON)
        got.contact.state = "done"
        db.flush()


@pytest.mark.parametrize("seed", range(4))
def test_reasons_add_up_and_the_ready_are_those_who_can_be_claimed(
    database: Database, seed: int
) -> None:
    dice = random.Random(seed)
    with database.unit_of_work() as db:
        phonebank = a_list(db, dice, checked=seed % 2 == 0)
        moment = moment_of(phonebank, now=NOON)
        counts = queue.reasons(db, phonebank, moment)
        assert sum(counts.values()) == PEOPLE
        assert set(counts) <= set(REASONS)
        reason = card.reason_of(phonebank, moment)
        ready = set(
            db.scalars(
                select(Contact.id)
                .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
                .where(Contact.phonebank_id == phonebank.id, reason == "ready")
            )
        )
        assert len(ready) == counts.get("ready", 0) > 5
        assert handed_out(db, phonebank) == ready


def test_random_lists_hold_every_reason(database: Database) -> None:
    """Else the test above would show less than it says."""
    seen: set[str] = set()
    for seed in range(4):
        with database.unit_of_work() as db:
            phonebank = a_list(db, random.Random(seed), checked=seed % 2 == 0)
            seen |= set(queue.reasons(db, phonebank, moment_of(phonebank, now=NOON)))
            db.rollback()
    assert seen == set(REASONS)


def test_a_caller_is_never_offered_themselves_by_address_number_or_person(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(3))
        people_ = db.scalars(select(Contact).order_by(Contact.number_id)).all()
        by_number = make_person(db, phone=fictitious(0))
        by_address = make_person(db)
        people_[1].email = by_address.email
        db.flush()
        for caller, own in ((by_number, people_[0].id), (by_address, people_[1].id)):
            offered = set()
            while True:
                asked = {"caller_id": caller.id, "now": NOON, "pace": False}
                got = claim_next(db, phonebank=phonebank, **asked)
                if not isinstance(got, Claim):
                    break
                offered.add(got.contact.id)
                release(
                    db, call=got.call, phonebank=phonebank, reason="other", now=NOON, pace=False
                )
            assert offered == {one.id for one in people_} - {own}


@pytest.mark.parametrize("reason", ["know", "conflict", "comfort", "late", "other"])
def test_whom_a_caller_passed_over_never_comes_back_to_them_and_goes_to_others(
    database: Database, reason: str
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(2))
        first = claim(db, phonebank, caller)
        release(db, call=first.call, phonebank=phonebank, reason=reason, now=NOON)
        second = claim(db, phonebank, caller)
        assert second.contact.id != first.contact.id
        release(db, call=second.call, phonebank=phonebank, reason=reason, now=NOON)
        for days in (0, 1, 30):
            now = NOON + timedelta(days=days)
            asked = {"caller_id": caller.id, "now": now, "pace": False}
            assert not isinstance(claim_next(db, phonebank=phonebank, **asked), Claim)
        assert claim(db, phonebank, make_person(db))


def test_the_lead_reads_how_often_somebody_passes_people_on(database: Database) -> None:
    from campaign.phonebanks.queries import board
    from tests.phonebanks.making import report

    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(4))
        for reason in ("know", "other", "stop"):
            held = claim(db, phonebank, caller)
            release(db, call=held.call, phonebank=phonebank, reason=reason, now=NOON)
        held = claim(db, phonebank, caller)
        report(db, call=held.call, phonebank=phonebank, outcome="talked", now=NOON)
        (line,) = board.present(db, phonebank.id, now=NOON)
        assert (line.calls, line.skips, line.skipped_share) == (1, 2, 67)
        assert db.scalar(select(func.count()).select_from(Call)) == 4


def test_only_who_has_not_rung_today_is_offered_the_first_person() -> None:
    assert state_of("ready").button == state_of("unheard of").button == "Give me the first person"
    assert state_of("ready", rang=True).button == "Next person"
    assert state_of("session_over", rang=True).button == "Next person"
    assert state_of("paused", rang=True).button == "Look again"
