"""Handing people out: one screen each, lawful, and nothing lost when time runs out."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select, text, update
from sqlalchemy.dialects import postgresql

from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict, TooOften
from campaign.people import operations as people
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import locking
from campaign.phonebanks.operations.dispensing import claim_next, moment_of
from campaign.phonebanks.operations.revealing import Gone, release, reveal
from campaign.phonebanks.queries import queue
from campaign.phonebanks.queries.queue import looks
from campaign.phonebanks.rules.claims import Nothing
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report

SOON = NOON + timedelta(minutes=5)
LATER = NOON + timedelta(minutes=21)


def test_asking_again_gives_the_same_person(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(5))
        first = claim(db, phonebank, caller)
        again = claim(db, phonebank, caller, SOON)
        assert again.call.id == first.call.id
        assert db.scalar(select(func.count()).select_from(Call)) == 1


def test_a_call_is_locked_from_its_number_on_so_that_nobody_waits_for_two_things() -> None:
    locked = str(locking._ATTEMPT.compile(dialect=postgresql.dialect())).partition("FOR UPDATE")[2]
    assert locked == " OF phone_number, contact, call"


def test_a_number_on_two_lists_is_handed_out_once(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        one, other = make_person(db), make_person(db)
        fill(db, hove, range(1))
        fill(db, worthing, range(1))
        claim(db, hove, one)
        found = claim_next(db, phonebank=worthing, caller_id=other.id, now=NOON, pace=False)
        assert isinstance(found, Nothing)
        assert found.reason == "waiting"


def test_a_caller_has_one_person_over_all_phonebanks(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        caller = make_person(db)
        fill(db, hove, range(1))
        fill(db, worthing, range(1, 2))
        held = claim(db, hove, caller)
        found = claim_next(db, phonebank=worthing, caller_id=caller.id, now=SOON, pace=False)
        assert found == Nothing("elsewhere", held.call.expires_at)


def test_a_claim_that_ran_out_is_handed_to_another(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        sleeper, other = make_person(db), make_person(db)
        fill(db, phonebank, range(1))
        first = claim(db, phonebank, sleeper)
        second = claim(db, phonebank, other, LATER)
        assert second.contact.id == first.contact.id
        assert db.get_one(Call, first.call.id).status == "expired"
        with pytest.raises(Gone):
            reveal(db, call=first.call, phonebank=phonebank, now=LATER, pace=False)


def test_an_expired_claim_of_another_phonebank_blocks_neither_number_nor_caller(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        sleeper, other = make_person(db), make_person(db)
        fill(db, hove, range(1))
        fill(db, worthing, range(1))
        fill(db, worthing, range(7, 8))
        claim(db, hove, sleeper)
        assert claim(db, worthing, sleeper, LATER)
        assert claim(db, worthing, other, LATER)


def test_a_shown_number_whose_caller_vanished_rests_and_counts(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, other = make_phonebank(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        first = claim(db, phonebank, make_person(db))
        reveal(db, call=first.call, phonebank=phonebank, now=SOON, pace=False)
        found = claim_next(db, phonebank=phonebank, caller_id=other.id, now=LATER, pace=False)
        assert isinstance(found, Nothing)
        db.refresh(contact)
        assert contact.attempts == 1
        assert contact.not_before == SOON + timedelta(hours=20)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"status": "paused"}, "paused"),
        ({"status": "draft"}, "not_open"),
        ({"closes_at": NOON}, "ended"),
        ({"opens_at": SOON}, "not_open"),
        ({"hours": {"mon": ["10:00", "12:00"]}}, "closed"),
    ],
)
def test_a_phonebank_that_is_shut_hands_nobody_out_and_shows_no_number(
    database: Database, change: dict[str, object], reason: str
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(3))
        held = claim(db, phonebank, caller)
        for key, value in change.items():
            setattr(phonebank, key, value)
        db.flush()
        found = claim_next(
            db, phonebank=phonebank, caller_id=make_person(db).id, now=NOON, pace=False
        )
        assert isinstance(found, Nothing)
        assert found.reason == reason
        shown = reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        assert isinstance(shown, Nothing)
        assert shown.reason == reason


def test_closed_hours_say_when_they_end(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(1))
        night = NOON + timedelta(hours=11)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=night, pace=False)
        assert found == Nothing("closed", NOON + timedelta(hours=22))


def test_without_consent_nobody_is_rung(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(3), consent=False)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=NOON, pace=False)
        assert found == Nothing("finished")


def test_callers_are_not_offered_themselves(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db, phone="+444000000000")
        fill(db, phonebank, range(1))
        fill(db, phonebank, range(1, 2), email=caller.email)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=NOON, pace=False)
        assert isinstance(found, Nothing)
        assert claim(db, phonebank, make_person(db))


def test_never_call_takes_the_number_off_every_screen_at_once(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        caller = make_person(db)
        contact = fill(db, hove, range(1))[0]
        twin = fill(db, worthing, range(1))[0]
        held = claim(db, hove, caller)
        hmac = db.get_one(PhoneNumber, contact.number_id).hmac
        people.suppress(db, hmac=hmac, reason="asked", source="test")
        db.refresh(contact)
        db.refresh(twin)
        assert (contact.state, twin.state) == ("suppressed", "suppressed")
        assert db.get_one(Call, held.call.id).status == "revoked"
        with pytest.raises(Conflict):
            reveal(db, call=held.call, phonebank=hove, now=NOON, pace=False)


def test_a_number_suppressed_behind_our_back_is_not_shown(database: Database) -> None:
    """The list is looked at again at the reveal, whatever the queue believes."""
    from campaign.people.models import Suppression

    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        number = db.get_one(PhoneNumber, contact.number_id)
        db.add(Suppression(hmac=number.hmac, reason="asked", source="restored", made_at=NOON))
        db.flush()
        assert reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False) == Nothing(
            "never"
        )
        db.refresh(contact)
        assert contact.state == "suppressed"


def test_a_number_rests_twenty_hours_over_all_phonebanks(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        caller, other = make_person(db), make_person(db)
        fill(db, hove, range(1))
        fill(db, worthing, range(1))
        held = claim(db, hove, caller)
        reveal(db, call=held.call, phonebank=hove, now=NOON, pace=False)
        report(db, call=held.call, phonebank=hove, outcome="talked", now=NOON)
        found = claim_next(db, phonebank=worthing, caller_id=other.id, now=SOON, pace=False)
        assert isinstance(found, Nothing)
        assert claim(db, worthing, other, NOON + timedelta(hours=22))


def test_a_number_is_tried_three_times_in_seven_days_at_most(database: Database) -> None:
    with database.unit_of_work() as db:
        caller = make_person(db)
        for day in range(3):
            phonebank = make_phonebank(db, title=f"List {day}")
            fill(db, phonebank, range(1))
            held = claim(db, phonebank, caller, NOON + timedelta(days=day))
            report(
                db, call=held.call, phonebank=phonebank, outcome="talked", now=held.call.claimed_at
            )
        fourth = make_phonebank(db, title="Fourth")
        contact = fill(db, fourth, range(1))[0]
        day_six = NOON + timedelta(days=6)
        found = claim_next(db, phonebank=fourth, caller_id=caller.id, now=day_six, pace=False)
        assert isinstance(found, Nothing)
        db.refresh(contact)
        assert contact.not_before == NOON + timedelta(days=7)
        assert claim(db, fourth, caller, NOON + timedelta(days=7))


def test_a_skipped_person_goes_to_another_caller_and_never_back(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller, other = make_phonebank(db), make_person(db), make_person(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, caller)
        release(db, call=held.call, phonebank=phonebank, reason="know", now=NOON)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=SOON, pace=False)
        assert isinstance(found, Nothing)
        assert claim(db, phonebank, other, SOON).contact.id == held.contact.id


def test_eleven_skips_in_an_hour_are_too_many(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(12))
        for turn in range(10):
            now = NOON + timedelta(minutes=turn)
            held = claim(db, phonebank, caller, now)
            release(db, call=held.call, phonebank=phonebank, reason="comfort", now=now)
        held = claim(db, phonebank, caller, SOON + timedelta(minutes=6))
        with pytest.raises(TooOften):
            release(
                db, call=held.call, phonebank=phonebank, reason="know", now=held.call.claimed_at
            )


def test_the_next_person_comes_fifteen_seconds_after_the_last(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(5))
        held = claim(db, phonebank, caller)
        report(db, call=held.call, phonebank=phonebank, outcome="no_answer", now=NOON)
        soon = NOON + timedelta(seconds=9)
        found = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=soon)
        assert found == Nothing("pace", NOON + timedelta(seconds=15))
        assert not isinstance(
            claim_next(
                db, phonebank=phonebank, caller_id=caller.id, now=NOON + timedelta(seconds=15)
            ),
            Nothing,
        )


def test_sixty_numbers_an_hour_are_enough(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(62))
        for turn in range(60):
            now = NOON + timedelta(seconds=30 * turn)
            held = claim(db, phonebank, caller, now)
            reveal(db, call=held.call, phonebank=phonebank, now=now)
            report(db, call=held.call, phonebank=phonebank, outcome="no_answer", now=now)
        now = NOON + timedelta(minutes=31)
        held = claim(db, phonebank, caller, now)
        with pytest.raises(TooOften):
            reveal(db, call=held.call, phonebank=phonebank, now=now)
        release(db, call=held.call, phonebank=phonebank, reason="stop", now=now)
        found = claim_next(
            db, phonebank=phonebank, caller_id=caller.id, now=now + timedelta(minutes=1)
        )
        assert found == Nothing("hour_limit", NOON + timedelta(hours=1))


def test_the_practice_phonebank_never_shows_a_real_number(database: Database) -> None:
    with database.unit_of_work() as db:
        practice = make_phonebank(db, is_practice=True)
        fill(db, practice, range(1))
        db.execute(update(PhoneNumber).values(fictitious=False))
        midnight = NOON + timedelta(hours=12)
        found = claim_next(
            db, phonebank=practice, caller_id=make_person(db).id, now=midnight, pace=False
        )
        assert isinstance(found, Nothing)
        db.execute(update(PhoneNumber).values(fictitious=True))
        held = claim(db, practice, make_person(db), midnight)
        db.execute(update(PhoneNumber).values(fictitious=False))
        shown = reveal(db, call=held.call, phonebank=practice, now=midnight)
        assert shown == Nothing("real_number")


def test_the_database_itself_refuses_a_number_on_two_screens(database: Database) -> None:
    from sqlalchemy.exc import IntegrityError

    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        one, other = make_person(db), make_person(db)
        fill(db, hove, range(1))
        twin = fill(db, worthing, range(1))[0]
        claim(db, hove, one)
        with pytest.raises(IntegrityError), db.begin_nested():
            db.execute(
                update(Contact)
                .where(Contact.id == twin.id)
                .values(state="claimed", claimed_by=other.id, claimed_until=LATER)
            )
        assert db.get_one(Phonebank, worthing.id)


def test_a_claim_looks_one_number_up_and_sorts_nobody(database: Database) -> None:
    """What PostgreSQL would do on a long list: it reads the queue's index in its own order."""
    if database.is_sqlite:
        pytest.skip("the plan is PostgreSQL's")
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(40))
        moment = moment_of(phonebank, now=NOON)
        values = {**queue.values_of(phonebank, caller, moment), "slot": 3}
        db.execute(text("SET LOCAL enable_seqscan = off"))
        event.listen(database.engine, "before_cursor_execute", explained, retval=True)
        try:
            # Its answer has other columns than the statement, which must not be remembered.
            own = {"compiled_cache": None}
            asked = db.connection().execute(
                looks._ready(False, True), values, execution_options=own
            )
            plan = str(list(asked))
        finally:
            event.remove(database.engine, "before_cursor_execute", explained)
    assert "Index Scan using ix_contact_ready on contact" in plan
    assert "Index Scan using uq_contact_claimed_number on contact" in plan
    assert "Sort" not in plan


def explained(_c: Any, _u: Any, statement: str, parameters: Any, *_more: Any) -> tuple[str, Any]:
    return f"EXPLAIN {statement}", parameters
