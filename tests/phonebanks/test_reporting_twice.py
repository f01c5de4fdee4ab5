"""Reports again: the same one, another one, a late one, and what becomes of the person."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.operations.dispensing import claim_next, moment_of
from campaign.phonebanks.operations.reporting import AlreadyReported
from campaign.phonebanks.operations.revealing import release
from campaign.phonebanks.queries import board, queue
from campaign.phonebanks.rules.claims import Nothing
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report
from tests.phonebanks.test_reporting import LATER


def test_a_newcomers_word_on_a_dead_number_waits_for_an_organiser(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        report(db, call=held.call, phonebank=phonebank, outcome="dead_number", now=NOON)
        db.expire_all()
        assert contact.state == "held"
        assert db.get_one(PhoneNumber, contact.number_id).state == "suspect"


def test_a_newcomer_confirms_neither_themself_nor_another_thing(database: Database) -> None:
    with database.unit_of_work() as db:
        caller, second, third = (make_person(db) for _ in range(3))
        lists = [make_phonebank(db, title=f"List {turn}") for turn in range(4)]
        contacts = [fill(db, phonebank, range(1))[0] for phonebank in lists]
        number = db.get_one(PhoneNumber, contacts[0].number_id)

        def says(turn: int, who: Person, outcome: str) -> str:
            now = NOON + timedelta(days=turn * 7)
            held = claim(db, lists[turn], who, now)
            report(db, call=held.call, phonebank=lists[turn], outcome=outcome, now=now)
            db.refresh(contacts[turn])
            db.refresh(number)
            return number.state

        assert says(0, caller, "dead_number") == "suspect"
        # The same newcomer from another list, and another one with something else: no second word.
        assert says(1, caller, "dead_number") == "suspect"
        assert contacts[1].state == "held"
        assert says(2, second, "deceased") == "suspect"
        assert db.scalar(select(func.count()).select_from(Suppression)) == 0
        assert says(3, third, "dead_number") == "disconnected"


def test_the_same_newcomers_report_twice_is_one_word(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        call = claim(db, phonebank, make_person(db)).call
        sent = {"call": call, "phonebank": phonebank, "now": NOON, "client_uuid": "a"}
        report(db, outcome="under_18", **sent)
        assert report(db, outcome="under_18", **sent).repeated
        for other in ({"outcome": "under_18", "client_uuid": "b"}, {"outcome": "deceased"}):
            with pytest.raises(AlreadyReported) as refused:
                report(db, **{**sent, **other})
            assert refused.value.saved.outcome == "under_18"
        db.refresh(contact)
        assert contact.state == "held"
        assert db.scalar(select(func.count()).select_from(Suppression)) == 0


def test_practice_makes_nobody_experienced_and_counts_in_no_day(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        practice = make_phonebank(db, title="Practice", is_practice=True)
        caller = make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        fill(db, practice, range(1, 22))
        for turn in range(20):
            now = NOON + timedelta(minutes=turn)
            held = claim(db, practice, caller, now)
            report(db, call=held.call, phonebank=practice, outcome="talked", now=now)
        since = NOON - timedelta(hours=1)
        assert board.tally(db, caller.id, since=since) == board.Tally(0, 0)
        held = claim(db, phonebank, caller, LATER)
        report(db, call=held.call, phonebank=phonebank, outcome="dead_number", now=LATER)
        assert board.tally(db, caller.id, since=since) == board.Tally(1, 0)
        db.refresh(contact)
        assert contact.state == "held"


def test_a_person_who_died_is_rung_from_no_list_again(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        caller = make_person(db)
        fill(db, hove, range(21))
        for turn in range(20):
            held = claim(db, hove, caller, NOON + timedelta(minutes=turn))
            report(db, call=held.call, phonebank=hove, outcome="talked", now=held.call.claimed_at)
        last = claim(db, hove, caller, LATER)
        twin = fill(db, worthing, range(21))
        report(db, call=last.call, phonebank=hove, outcome="deceased", now=LATER)
        db.expire_all()
        same = next(c for c in twin if c.number_id == last.contact.number_id)
        assert same.state == "suppressed"


def test_everybody_has_one_reason_and_they_add_up(database: Database) -> None:
    outcomes = ["no_answer", "talked", "dnc", "moved", "dead_number", "wrong_person", "tech"]
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        fill(db, hove, range(40))
        fill(db, hove, range(40, 45), consent=False, state="held", hold_reason="no_consent")
        fill(db, hove, range(45, 47), state="withdrawn")
        fill(db, hove, range(47, 49), attempts=4)
        for code in outcomes:
            held = claim(db, hove, make_person(db))
            report(db, call=held.call, phonebank=hove, outcome=code, now=NOON)
        promised = claim(db, hove, make_person(db))
        report(
            db,
            call=promised.call,
            phonebank=hove,
            outcome="call_later",
            now=NOON,
            callback_at=NOON + timedelta(hours=3),
        )
        claim(db, hove, make_person(db))
        for now in (NOON, LATER, NOON + timedelta(hours=10), NOON + timedelta(days=3)):
            found = queue.reasons(db, hove, moment_of(hove, now=now))
            assert sum(found.values()) == 49, found
        found = queue.reasons(db, hove, moment_of(hove, now=NOON))
        assert found["never"] == 1
        assert found["in_call"] == 1
        assert found["callback"] == 1
        assert found["no_consent"] == 5
        assert found["withdrawn"] == 2
        assert found["tried"] == 2
        assert found["finished"] == 1
        assert found["organiser"] >= 2
        nightly = queue.reasons(db, hove, moment_of(hove, now=NOON + timedelta(hours=12)))
        assert "ready" not in nightly
        twins = fill(db, worthing, range(40))
        elsewhere = queue.reasons(db, worthing, moment_of(worthing, now=NOON))
        assert elsewhere["elsewhere"] == 1
        assert sum(elsewhere.values()) == len(twins)


def test_each_state_has_its_reason_and_a_week_of_three_calls_is_one(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        at = NOON + timedelta(hours=1)
        made = {
            "ready": {},
            "resting": {"not_before": at},
            "callback": {"state": "callback", "promised_at": at, "not_before": at},
            "finished": {"state": "done"},
            "never": {"state": "suppressed"},
            "tried": {"state": "exhausted"},
            "organiser": {"state": "held", "hold_reason": "moved"},
            "no_consent": {"consent": False},
            "withdrawn": {"state": "withdrawn"},
            "in_call": {
                "state": "claimed",
                "claimed_by": caller.id,
                "claimed_until": NOON + timedelta(minutes=5),
            },
        }
        for place, values in enumerate(made.values()):
            fill(db, phonebank, range(place, place + 1), **values)
        night = NOON + timedelta(hours=12)
        found = queue.reasons(db, phonebank, moment_of(phonebank, now=NOON))
        assert found == dict.fromkeys(made, 1)
        nightly = queue.reasons(db, phonebank, moment_of(phonebank, now=night))
        # The ready, the rested, whose claim ran out, and who was promised a call before.
        assert nightly["hours"] == 4
        assert sum(nightly.values()) == len(made)
        # Rung three times this week, the last time yesterday: neither ready nor handed out.
        contact = db.scalars(
            select(Contact).where(Contact.state == "ready", Contact.consent)
        ).first()
        for days in (1, 3, 6):
            then = NOON - timedelta(days=days)
            db.add(
                Call(
                    phonebank_id=phonebank.id,
                    contact_id=contact.id,
                    number_id=contact.number_id,
                    caller_id=caller.id,
                    status="expired",
                    claimed_at=then,
                    expires_at=then,
                    attempted_at=then,
                )
            )
        db.get_one(PhoneNumber, contact.number_id).last_attempt_at = NOON - timedelta(days=1)
        db.flush()
        found = queue.reasons(db, phonebank, moment_of(phonebank, now=NOON))
        assert (found.get("ready"), found["resting"]) == (None, 2)
        assert sum(found.values()) == len(made)
        answer = claim_next(
            db, phonebank=phonebank, caller_id=make_person(db).id, now=NOON, pace=False
        )
        assert isinstance(answer, Nothing)
        assert answer.reason == "waiting"


def test_who_passed_on_everybody_left_is_not_told_to_wait_for_them(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(2))
        for _ in range(2):
            held = claim(db, phonebank, caller)
            release(db, call=held.call, phonebank=phonebank, reason="know", now=NOON)
        answer = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=NOON, pace=False)
        assert answer == Nothing("passed_over")
        assert queue.reasons(db, phonebank, moment_of(phonebank, now=NOON)) == {"ready": 2}
        claim(db, phonebank, make_person(db))
        waiting = claim_next(db, phonebank=phonebank, caller_id=caller.id, now=NOON, pace=False)
        assert isinstance(waiting, Nothing)
        assert waiting.reason == "waiting"


def test_ready_people_are_as_many_as_can_really_be_handed_out(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(6))
        fill(db, phonebank, range(6, 9), consent=False, state="held", hold_reason="no_consent")
        ready = queue.reasons(db, phonebank, moment_of(phonebank, now=NOON))["ready"]
        handed = 0
        while not isinstance(
            claim_next(db, phonebank=phonebank, caller_id=make_person(db).id, now=NOON, pace=False),
            Nothing,
        ):
            handed += 1
        assert handed == ready == 6
        assert db.scalar(select(func.count()).where(Contact.state == "claimed")) == 6
