"""What happened on a call is stored once, whole, and does what it should."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Answer, Call
from campaign.phonebanks.operations.dispensing import claim_next, moment_of
from campaign.phonebanks.operations.reporting import AlreadyReported, record_outcome
from campaign.phonebanks.operations.revealing import release, reveal
from campaign.phonebanks.operations.setup import write_script
from campaign.phonebanks.operations.undoing import undo
from campaign.phonebanks.queries import past, queue
from campaign.phonebanks.rules.callbacks import CallbackRefused
from campaign.phonebanks.rules.claims import Nothing
from tests.phonebanks.making import NOON, claim, fill, make_person, make_phonebank, report

LATER = NOON + timedelta(minutes=21)


def test_the_same_report_again_changes_nothing_and_answers_the_same(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        sent = {
            "call": held.call,
            "phonebank": phonebank,
            "client_uuid": "one",
            "outcome": "no_answer",
            "answers": {"come": "yes", "made_up": "yes", "come ": "x"},
        }
        options = [{"key": "yes", "label": "Yes"}]
        steps = [{"key": "come", "say": "Could you come?", "options": options}]
        write_script(db, phonebank=phonebank, steps=steps, actor_id=1, now=NOON)
        first = report(db, now=NOON, **sent)
        again = report(db, now=LATER, **sent)
        assert (again.outcome, again.at, again.repeated) == (first.outcome, first.at, True)
        db.refresh(contact)
        assert contact.attempts == 1
        assert db.scalar(select(func.count()).select_from(Answer)) == 1


def test_another_report_of_the_same_call_is_a_conflict_that_tells_the_first(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        report(db, call=held.call, phonebank=phonebank, outcome="talked", client_uuid="a", now=NOON)
        with pytest.raises(AlreadyReported) as refused:
            report(
                db,
                call=held.call,
                phonebank=phonebank,
                outcome="no_answer",
                client_uuid="b",
                now=NOON,
            )
        assert refused.value.saved.outcome == "talked"
        assert db.scalar(select(func.count()).select_from(Suppression)) == 0


def test_a_later_never_is_kept_although_the_call_was_reported(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        report(db, call=held.call, phonebank=phonebank, outcome="talked", client_uuid="a", now=NOON)
        report(db, call=held.call, phonebank=phonebank, outcome="dnc", client_uuid="b", now=NOON)
        assert db.scalar(select(func.count()).select_from(Suppression)) == 1
        db.refresh(contact)
        assert contact.state == "suppressed"


@pytest.mark.parametrize("reason", ["stop", "skip_other"])
def test_a_never_call_is_kept_although_the_person_was_given_back(
    database: Database, reason: str
) -> None:
    """The wrong button was pressed first, or it came from a second tab."""
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=None)
        given = {"call": held.call, "phonebank": phonebank, "now": NOON}
        release(db, reason=reason, **given)
        with pytest.raises(Conflict):
            record_outcome(db, outcome="no_answer", **given)
        assert record_outcome(db, outcome="dnc", **given).outcome == "dnc"
        assert db.scalar(select(func.count()).select_from(Suppression)) == 1
        db.refresh(contact)
        assert contact.state == "suppressed"


def test_a_never_call_is_kept_although_its_id_was_used_before(database: Database) -> None:
    """An old page that came back from a browser's history sends the id of another report."""
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(3))
        given = {"phonebank": phonebank, "now": NOON, "client_uuid": "a"}
        first = claim(db, phonebank, caller).call
        report(db, call=first, outcome="no_answer", **given)
        second = claim(db, phonebank, caller).call
        report(db, call=second, outcome="dnc", **given)
        third = claim(db, phonebank, caller).call
        report(db, call=third, outcome="talked", **given | {"client_uuid": "b"})
        undo(db, call=third, phonebank=phonebank, report="b", now=NOON)
        report(db, call=third, outcome="dnc", **given | {"client_uuid": "b"})
        kept = db.scalars(select(Call.result_code).order_by(Call.id)).all()
        assert kept == ["no_answer", "dnc", "dnc"]
        assert db.scalar(select(func.count()).select_from(Suppression)) == 2


@pytest.mark.parametrize("outcome", ["dead_number", "wrong_person"])
def test_a_late_word_on_a_number_says_nothing_of_the_one_they_have_since(
    database: Database, outcome: str
) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        call = claim(db, phonebank, caller).call
        call.revealed_at, call.status = NOON, "revealed"
        # Nobody's screen has them any more, and a list brings them another number.
        assert isinstance(
            claim_next(db, phonebank=phonebank, caller_id=caller.id, now=LATER), Nothing
        )
        assert contact.state == "ready"
        contact.number_id = fill(db, make_phonebank(db), range(1, 2))[0].number_id
        db.flush()
        report(db, call=call, phonebank=phonebank, outcome=outcome, now=LATER)
        db.refresh(contact)
        assert contact.state == "ready"
        assert db.get_one(PhoneNumber, call.number_id).state != "ok"
        assert db.get_one(PhoneNumber, contact.number_id).state == "ok"


def test_a_call_whose_number_was_never_shown_has_no_outcome(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        for outcome in ("talked", "dnc"):
            with pytest.raises(Conflict):
                record_outcome(db, call=held.call, phonebank=phonebank, outcome=outcome, now=NOON)
        assert db.scalar(select(func.count()).select_from(Suppression)) == 0


def test_an_id_that_was_used_for_another_call_is_refused(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        fill(db, phonebank, range(2))
        first = claim(db, phonebank, caller)
        report(
            db, call=first.call, phonebank=phonebank, outcome="talked", client_uuid="a", now=NOON
        )
        second = claim(db, phonebank, caller)
        with pytest.raises(Conflict):
            report(
                db,
                call=second.call,
                phonebank=phonebank,
                outcome="talked",
                client_uuid="a",
                now=NOON,
            )


def test_a_late_report_is_taken_and_flagged_and_takes_nobody_from_another(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, sleeper, other = make_phonebank(db), make_person(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        first = claim(db, phonebank, sleeper)
        second = claim(db, phonebank, other, LATER)
        saved = report(db, call=first.call, phonebank=phonebank, outcome="talked", now=LATER)
        assert saved.late
        db.refresh(contact)
        assert (contact.state, contact.claim_call_id) == ("claimed", second.call.id)


def test_a_late_never_call_is_honoured_although_another_holds_the_person(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank, sleeper, other = make_phonebank(db), make_person(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        first = claim(db, phonebank, sleeper)
        second = claim(db, phonebank, other, LATER)
        report(db, call=first.call, phonebank=phonebank, outcome="dnc", now=LATER)
        db.refresh(contact)
        assert contact.state == "suppressed"
        assert db.get_one(Call, second.call.id).status == "revoked"


def test_never_call_reaches_every_phonebank_in_the_same_transaction(database: Database) -> None:
    with database.unit_of_work() as db:
        hove, worthing = make_phonebank(db), make_phonebank(db, title="Worthing lifts")
        contact = fill(db, hove, range(1))[0]
        twin = fill(db, worthing, range(1))[0]
        held = claim(db, hove, make_person(db))
        reveal(db, call=held.call, phonebank=hove, now=NOON, pace=False)
        report(db, call=held.call, phonebank=hove, outcome="dnc", now=NOON)
        db.refresh(twin)
        number = db.get_one(PhoneNumber, contact.number_id)
        assert twin.state == "suppressed"
        assert past.is_number_suppressed(db, number)


def test_a_promised_call_comes_back_to_who_promised_it(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller, other = make_phonebank(db), make_person(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, caller)
        at = NOON + timedelta(hours=2)
        report(
            db, call=held.call, phonebank=phonebank, outcome="call_later", callback_at=at, now=NOON
        )
        early = claim_next(
            db, phonebank=phonebank, caller_id=caller.id, now=at - timedelta(minutes=1), pace=False
        )
        assert isinstance(early, Nothing)
        stranger = claim_next(db, phonebank=phonebank, caller_id=other.id, now=at, pace=False)
        assert isinstance(stranger, Nothing)
        assert claim(db, phonebank, caller, at).contact.id == contact.id


def test_a_promise_whose_caller_vanished_stays_a_promise(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller, other = make_phonebank(db), make_person(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, caller)
        at = NOON + timedelta(hours=2)
        report(
            db, call=held.call, phonebank=phonebank, outcome="call_later", callback_at=at, now=NOON
        )
        claim(db, phonebank, caller, at)
        taken = claim(db, phonebank, other, at + timedelta(minutes=31))
        assert taken.contact.id == contact.id
        assert taken.contact.promised_at == at


def test_a_promise_made_at_the_last_attempt_is_kept(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        contact = fill(db, phonebank, range(1), attempts=3)[0]
        held = claim(db, phonebank, caller)
        at = NOON + timedelta(hours=2)
        report(db, call=held.call, phonebank=phonebank, outcome="talked", callback_at=at, now=NOON)
        db.refresh(contact)
        assert (contact.state, contact.attempts, contact.promised_at) == ("callback", 4, at)
        assert queue.reasons(db, phonebank, moment_of(phonebank, now=at)) == {"callback": 1}
        assert claim(db, phonebank, caller, at).contact.id == contact.id
        # Nobody was rung: once the claim ran out the promise stands.
        late = at + timedelta(minutes=31)
        assert claim(db, phonebank, make_person(db), late).contact.id == contact.id


def test_never_call_is_taken_with_whatever_time(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, make_person(db))
        night = NOON + timedelta(hours=11)
        report(db, call=held.call, phonebank=phonebank, outcome="dnc", callback_at=night, now=NOON)
        db.refresh(contact)
        assert (contact.state, contact.promised_at) == ("suppressed", None)


def test_a_callback_at_an_unlawful_hour_is_refused_with_the_nearest_lawful_one(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        phonebank = make_phonebank(db)
        fill(db, phonebank, range(1))
        held = claim(db, phonebank, make_person(db))
        with pytest.raises(CallbackRefused) as refused:
            report(
                db,
                call=held.call,
                phonebank=phonebank,
                outcome="call_later",
                now=NOON,
                callback_at=NOON + timedelta(hours=11),
            )
        assert refused.value.offered == NOON + timedelta(hours=8, minutes=15)
        assert db.get_one(Call, held.call.id).status == "revealed"


def test_a_failed_line_rang_nobody_and_rests_for_no_cap(database: Database) -> None:
    with database.unit_of_work() as db:
        phonebank, caller = make_phonebank(db), make_person(db)
        contact = fill(db, phonebank, range(1))[0]
        held = claim(db, phonebank, caller)
        reveal(db, call=held.call, phonebank=phonebank, now=NOON, pace=False)
        report(db, call=held.call, phonebank=phonebank, outcome="tech", now=NOON)
        db.expire_all()
        assert contact.attempts == 0
        assert db.get_one(PhoneNumber, contact.number_id).last_attempt_at is None
        assert claim(db, phonebank, caller, NOON + timedelta(minutes=1))
