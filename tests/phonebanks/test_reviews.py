"""Leads look at calls that were chosen; callers read what was found, and go on."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import (
    Call,
    CallerProfile,
    CallerSignal,
    CallReview,
    Contact,
    Phonebank,
    PhonebankRole,
)
from campaign.phonebanks.operations import pausing, records, setup, watching
from campaign.phonebanks.queries import reviews
from campaign.phonebanks.rules.sampling import Shares
from tests.cast import Cast
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, fill, make_person, make_phonebank
from tests.phonebanks.test_opinions import STEPS
from tests.proof_reader import ProofReadingClient, says

pytestmark = pytest.mark.usefixtures("noon")

BANK = "/phonebanks/demo-calls"
TERMS = watching.Terms(Shares(), b"key")
ALL = watching.Terms(Shares(100, 100, 100), b"key")


def noted(
    db: Session, bank: Phonebank, caller: Person, *codes: str, seconds: int = 90, **values: Any
) -> list[Call]:
    """Calls of the last minutes, on one telephone."""
    contact = db.scalars(select(Contact).where(Contact.phonebank_id == bank.id)).first()
    contact = contact or fill(db, bank, range(700, 701))[0]
    calls = []
    for code in codes:
        call = Call(
            phonebank_id=bank.id,
            contact_id=contact.id,
            number_id=contact.number_id,
            caller_id=caller.id,
            **{
                "status": "reported",
                "result_code": code,
                "claimed_at": NOON - timedelta(seconds=seconds + 5),
                "revealed_at": NOON - timedelta(seconds=seconds),
                "expires_at": NOON + timedelta(minutes=10),
                "reported_at": NOON - timedelta(seconds=5),
                "reached": code == "talked",
                **values,
            },
        )
        db.add(call)
        calls.append(call)
    db.flush()
    return calls


def look(database: Database, terms: watching.Terms = ALL, **later: int) -> None:
    watching.look(database, terms=terms, now=NOON + timedelta(**later))


def chosen(database: Database) -> list[int]:
    with database.reading() as db:
        return list(db.scalars(select(CallReview.call_id).order_by(CallReview.call_id)))


def test_all_of_a_newcomers_calls_are_chosen_and_a_few_of_others_once(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, practice = make_phonebank(db), make_phonebank(db, is_practice=True)
        new, trusted, lead = make_person(db), make_person(db), make_person(db)
        db.add(CallerProfile(person_id=trusted.id, trust="trusted"))
        db.add(PhonebankRole(phonebank_id=bank.id, person_id=lead.id))
        mine = [call.id for call in noted(db, bank, new, "talked", "no_answer")]
        noted(db, practice, new, "talked")
        noted(db, bank, new, "talked", status="released", result_code=None, reported_at=None)
        noted(db, bank, trusted, *["talked"] * 20)
        noted(db, bank, lead, *["talked"] * 20)
    none_of_others = watching.Terms(Shares(100, 0, 0), b"key")
    look(database, none_of_others)
    assert chosen(database) == mine
    look(database, none_of_others, minutes=1)
    assert chosen(database) == mine


def test_the_share_of_a_regular_is_found_by_the_key_alone(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, regular = make_phonebank(db), make_person(db)
        db.add(CallerProfile(person_id=regular.id, trust="regular", since=NOON))
        ids = [call.id for call in noted(db, bank, regular, *["talked"] * 60)]
    look(database, TERMS)
    from campaign.phonebanks.rules.sampling import is_chosen

    assert chosen(database) == [one for one in ids if is_chosen(one, 15, key=b"key")]
    assert 0 < len(chosen(database)) < 30


def test_nobody_escapes_by_their_twentieth_call_and_then_they_are_regular(
    database: Database,
) -> None:
    with database.unit_of_work() as db:
        bank, new = make_phonebank(db), make_person(db)
        noted(db, bank, new, *["talked"] * 22)
        person_id = new.id
    look(database, watching.Terms(Shares(100, 0, 0), b"key"))
    assert len(chosen(database)) == 22
    with database.unit_of_work() as db:
        profile = db.get_one(CallerProfile, person_id)
        assert (profile.trust, profile.since) == ("regular", NOON)
        bank = db.scalars(select(Phonebank)).one()
        noted(db, bank, db.get_one(Person, person_id), "talked", reported_at=NOON)
    look(database, watching.Terms(Shares(100, 0, 0), b"key"), minutes=1)
    assert len(chosen(database)) == 22
    with database.reading() as db:
        actions = db.execute(select(AuditRow.action, AuditRow.details)).all()
        assert ("caller trusted", ["regular"]) in [tuple(row) for row in actions]


def test_a_call_that_was_noted_while_we_looked_is_not_lost(database: Database) -> None:
    with database.unit_of_work() as db:
        bank, new = make_phonebank(db), make_person(db)
    look(database)
    with database.unit_of_work() as db:
        bank, new = db.get_one(Phonebank, bank.id), db.get_one(Person, new.id)
        noted(db, bank, new, "talked", reported_at=NOON - timedelta(minutes=1))
    look(database, minutes=1)
    assert len(chosen(database)) == 1


@pytest.fixture
def to_look_at(database: Database, cast: Cast, made: Made) -> Phonebank:
    """Two calls of the cast's caller, chosen, with a note and answers, and one of the lead's."""
    with database.unit_of_work() as db:
        bank = db.get_one(Phonebank, made[0].id)
        db.add(PhonebankRole(phonebank_id=bank.id, person_id=cast.lead.id))
        setup.write_script(db, phonebank=bank, steps=STEPS, actor_id=cast.organiser.id, now=NOON)
        answers = {"answers": {"cap": "backs_it"}, "script_number": 2, "note": "Likes tea"}
        noted(db, bank, cast.caller, "talked", seconds=75, **answers)
        noted(db, bank, cast.caller, "no_answer")
        noted(db, bank, cast.lead, "busy")
    look(database)
    return bank


def path_of(database: Database, caller: Person, code: str = "talked") -> str:
    with database.reading() as db:
        asked = select(Call.public_id).where(Call.caller_id == caller.id, Call.result_code == code)
        return f"{BANK}/reviews/{db.scalars(asked).one()}"


def test_a_lead_sees_the_call_and_no_number_no_surname_and_no_opinion(
    client: ProofReadingClient, cast: Cast, to_look_at: Phonebank, database: Database
) -> None:
    client.sign_in(cast.lead)
    page = client.get(f"{BANK}/reviews").text
    for words in ("Likes tea", "Cal Caller", "Amina, Hove", "1 min 15 s", "organisers read it"):
        assert words in page, words
    with database.reading() as db:
        e164 = db.scalars(select(PhoneNumber.e164)).all()
    assert not any(number in page for number in e164)
    assert not says(page, "Kay")
    for hidden in ("Backs it", "For</dd>", "Engaged"):
        assert hidden not in page, hidden
    client.sign_in(cast.organiser)
    page = client.get(f"{BANK}/reviews").text
    assert "<dd>For</dd>" in page, "organisers may read opinions"
    assert "Engaged" in page, "the lead's own call is looked at by somebody else"
    for nobody in (cast.caller, cast.supporter):
        client.sign_in(nobody)
        assert client.get(f"{BANK}/reviews").status_code in (403, 404)


def test_one_tap_says_all_right_and_brings_the_next(
    client: ProofReadingClient, cast: Cast, to_look_at: Phonebank, database: Database
) -> None:
    client.sign_in(cast.lead)
    board = client.get(f"{BANK}/lead").text
    assert "2 calls wait" in board
    path = path_of(database, cast.caller)
    assert path in client.get(f"{BANK}/reviews").text
    assert client.post_form(path, {"verdict": "ok"}).status_code == 303
    page = client.get(f"{BANK}/reviews").text
    assert path not in page
    assert path_of(database, cast.caller, "no_answer") in page
    answer = client.post_form(path, {"verdict": "serious", "feedback": "Too late"})
    assert answer.status_code == 303
    assert "Somebody else has just looked" in client.get(f"{BANK}/reviews").text
    with database.reading() as db:
        review = db.scalars(select(CallReview).where(CallReview.verdict.is_not(None))).one()
        assert (review.verdict, review.reviewed_by) == ("ok", cast.lead.id)
        row = db.scalars(select(AuditRow).where(AuditRow.action == "call looked at")).one()
        assert (row.actor_id, row.details) == (
            cast.lead.id, [f"person:{cast.caller.id}", "ok"],
        )  # fmt: skip


def test_a_fault_needs_a_word_and_what_was_typed_is_kept(
    client: ProofReadingClient, cast: Cast, to_look_at: Phonebank, database: Database
) -> None:
    client.sign_in(cast.lead)
    path = path_of(database, cast.caller)
    answer = client.post_form(path, {"verdict": "minor", "feedback": " "})
    assert answer.status_code == 422
    assert "Say what was not right" in answer.text
    answer = client.post_form(path, {"verdict": "nonsense", "feedback": "Speak slower"})
    assert answer.status_code == 422
    assert "Speak slower" in answer.text
    assert (
        client.post_form(path_of(database, cast.lead, "busy"), {"verdict": "ok"}).status_code == 422
    )
    client.sign_in(cast.stranger if hasattr(cast, "stranger") else cast.supporter)
    assert client.post_form(path, {"verdict": "ok"}).status_code == 404


def test_a_serious_word_is_read_before_the_next_person(
    client: ProofReadingClient, cast: Cast, to_look_at: Phonebank, database: Database
) -> None:
    with database.unit_of_work() as db:
        profile = pausing.profile_for(db, cast.caller.id)
        profile.trust, profile.since = "trusted", NOON - timedelta(days=9)
    client.sign_in(cast.lead)
    path = path_of(database, cast.caller)
    client.post_form(path, {"verdict": "serious", "feedback": "Never argue with <anyone>."})
    with database.reading() as db:
        profile = db.get_one(CallerProfile, cast.caller.id)
        assert (profile.trust, profile.must_read) == ("new", True)
        assert profile.since is not None
        assert profile.since >= NOON, "their next twenty calls are looked at"
    client.sign_in(cast.caller)
    answer = client.post_asking_json(f"{BANK}/claims")
    assert (answer.json["claim"], answer.json["reason"]) == (None, "feedback")
    screen = client.get(f"{BANK}/call")
    assert screen.status_code == 303
    page = client.get(screen.headers["Location"]).text
    assert "Never argue with &lt;anyone&gt;." in page
    assert "Go on calling" not in page
    assert not says(page, "Lena"), "not which lead"
    assert not says(page, "Lead"), "nor by the other name"
    read = f"/phonebanks/feedback/{path.rpartition('/')[2]}"
    for other in (cast.supporter, cast.lead):
        client.sign_in(other)
        assert client.post_form(read).status_code == 404
    client.sign_in(cast.caller)
    assert client.post_form(read, {"from": "demo-calls"}).status_code == 303
    assert "Go on calling" in client.get("/phonebanks/feedback?from=demo-calls").text
    assert client.post_asking_json(f"{BANK}/claims").json["claim"] is not None


def test_a_minor_word_stands_on_the_page_and_stops_nobody(
    client: ProofReadingClient, cast: Cast, to_look_at: Phonebank, database: Database
) -> None:
    client.sign_in(cast.lead)
    client.post_form(path_of(database, cast.caller), {"verdict": "minor", "feedback": "Say who."})
    assert "A lead has a word" not in client.get("/phonebanks").text, "it is the caller's"
    client.sign_in(cast.caller)
    assert "A lead has a word for you on a call" in client.get("/phonebanks").text
    assert "Say who." in client.get("/phonebanks/feedback").text
    assert client.post_asking_json(f"{BANK}/claims").json["claim"] is not None


def test_what_we_hold_is_shown_to_the_caller_and_goes_with_them(
    database: Database, cast: Cast, to_look_at: Phonebank
) -> None:
    with database.unit_of_work() as db:
        review = db.scalars(
            select(CallReview).where(CallReview.caller_id == cast.caller.id)
        ).first()
        assert review is not None
        review.verdict, review.feedback, review.reviewed_at = "minor", "Say who.", NOON
        pausing.pause(db, phonebank=to_look_at, person_id=cast.caller.id, why="fast", now=NOON)
        db.add(
            CallerSignal(
                phonebank_id=to_look_at.id, caller_id=cast.caller.id, code="fast", strong=True,
                figures=[4, 31], first_at=NOON, last_at=NOON,
            )
        )  # fmt: skip
        db.flush()
        caller = db.get_one(Person, cast.caller.id)
        held = people.export(db, person=caller)
        assert held["What leads said of your calls"][0]["words"] == "Say who."
        assert held["What looked unusual in your calls"][0]["what"].startswith("4 s")
        assert held["Your calling"][0]["paused"] is not None
        people.erase(db, person=caller)
        for table in (CallReview, CallerSignal, CallerProfile):
            column = CallerProfile.person_id if table is CallerProfile else table.caller_id
            assert db.scalar(select(column).where(column == cast.caller.id)) is None


def test_words_signs_and_what_nobody_looked_at_are_not_kept_for_ever(
    database: Database, cast: Cast, to_look_at: Phonebank
) -> None:
    later = NOON + timedelta(days=1)
    with database.unit_of_work() as db:
        review = db.scalars(select(CallReview).order_by(CallReview.call_id)).first()
        assert review is not None
        review.verdict, review.feedback, review.reviewed_at = "minor", "Say who.", NOON
        review.read_at = NOON
        assert records.words_due(db, NOON) == 0
        assert (records.words_due(db, later), records.forget_words(db, later)) == (1, 1)
        assert (review.verdict, records.words_due(db, later)) == ("minor", 0)
        assert records.unseen_due(db, NOON) == 0
        assert records.forget_unseen(db, later) == 2
        assert db.scalars(select(CallReview.call_id)).all() == [review.call_id]
        assert reviews.waiting(db, to_look_at.id, viewer_id=cast.lead.id) == 0


def test_a_word_on_a_call_goes_with_whoever_was_rung(
    database: Database, cast: Cast, to_look_at: Phonebank
) -> None:
    with database.unit_of_work() as db:
        for review in db.scalars(select(CallReview)):
            review.verdict, review.feedback, review.reviewed_at = "minor", "Amina is ill", NOON
        e164 = db.scalars(select(PhoneNumber.e164).join(Contact).join(Call)).first()
        db.flush()
        people.erase_number(db, e164=str(e164))
        db.expire_all()
        assert set(db.scalars(select(CallReview.feedback))) == {""}
