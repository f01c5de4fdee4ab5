"""Training and promises later on: a new version asks again, and who may read what is kept."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from campaign.events.messages import Mail, reminder, signed_up
from campaign.events.operations.telling import facts_for_letter
from campaign.foundation.database import Database
from campaign.foundation.errors import Conflict
from campaign.foundation.letters import LetterWriter
from campaign.foundation.settings import Settings
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Agreement, Call, Phonebank, TrainingAttempt
from campaign.phonebanks.operations import setup, training
from campaign.phonebanks.queries import training as queries
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION
from campaign.phonebanks.rules.training import CALLS, TRAINING_VERSION
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON, make_person
from tests.phonebanks.test_pages import claim_json
from tests.phonebanks.test_training import CALL, RIGHT, TRAINING
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")


# --- versions --------------------------------------------------------------------------------


def test_a_new_version_of_the_quiz_asks_again_at_the_next_call_and_only_the_quiz(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(TrainingAttempt).values(version=TRAINING_VERSION - 1))
    client.sign_in(cast.caller)
    assert claim_json(client)["reason"] == "practise"
    page = client.get(CALL).text
    assert "Practise first" in page
    client.post_form(TRAINING)
    with database.reading() as db:
        attempt = queries.attempt_of(db, cast.caller.id)
        assert attempt is not None
        assert (attempt.calls, attempt.passed_at) == (CALLS, None), "they have practised"


def test_a_new_version_in_the_middle_of_a_call_lets_its_report_in_and_asks_then(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    with database.unit_of_work() as db:
        db.execute(update(TrainingAttempt).values(version=TRAINING_VERSION - 1))
    answer = client.post_form(
        f"/claims/{held['id']}/outcome", {"outcome": "no_answer", "then": "next"}
    )
    page = client.get(answer.headers["Location"]).text
    assert "Practise first" in page
    with database.reading() as db:
        assert db.scalars(select(Call.result_code)).one() == "no_answer"


def test_a_new_version_of_the_promises_asks_again_and_says_so(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        db.execute(update(Agreement).values(version=AGREEMENT_VERSION - 1))
    client.sign_in(cast.caller)
    assert claim_json(client)["reason"] == "agree"
    page = client.get(CALL, follow_redirects=True).text
    assert "The promises have changed since you made them." in page
    # A page that was open since before the change is read once more.
    stale = {"version": str(AGREEMENT_VERSION - 1)}
    page = client.post_form("/phonebanks/demo-calls/agree", stale)
    assert page.status_code == 409
    assert "Read them once more" in page.text
    assert claim_json(client)["reason"] == "agree"
    given = {"version": str(AGREEMENT_VERSION)}
    assert client.post_form("/phonebanks/demo-calls/agree", given).headers["Location"] == CALL
    assert "Call Amina" in client.get(CALL).text


def test_answers_to_questions_that_have_changed_do_not_count(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.unit_of_work() as db:
        setup.pass_practice(db, person_id=cast.host.id, now=NOON)
        db.execute(update(TrainingAttempt).values(passed_at=None))
    with database.unit_of_work() as db, pytest.raises(Conflict):
        old = TRAINING_VERSION - 1
        training.answer_quiz(db, person_id=cast.host.id, answers=RIGHT, version=old, now=NOON)


# --- what is kept ----------------------------------------------------------------------------


def test_what_one_promised_is_found_again_with_its_version_and_the_minute(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    page = client.get("/phonebanks/agreement").text
    assert "What you agreed to" in page
    assert f"agreed to version {AGREEMENT_VERSION}: Tue 24 Nov, 12:00" in page
    assert "sees your number" in page
    assert 'data-behaviour="print"' in page
    assert 'href="/phonebanks/agreement"' in client.get("/me").text
    assert 'href="/phonebanks/agreement"' in client.get(CALL).text
    client.sign_in(cast.stranger)
    assert 'href="/phonebanks/agreement"' not in client.get("/me").text


def test_training_and_promises_are_shown_to_whom_they_are_about_and_go_with_them(
    database: Database, cast: Cast, made: Made
) -> None:
    with database.unit_of_work() as db:
        held = people.export(db, person=db.get_one(Person, cast.caller.id))["Before your calls"]
        assert [fact["what"] for fact in held] == [
            f"practice and quiz, version {TRAINING_VERSION}",
            f"promises, version {AGREEMENT_VERSION}",
        ]
        people.erase(db, person=db.get_one(Person, cast.caller.id))
    with database.reading() as db:
        assert db.scalars(select(TrainingAttempt.person_id)).all() == []
        assert db.scalars(select(Agreement.person_id)).all() == []


def test_begun_twice_at_once_is_one_way(database: Database) -> None:
    with database.unit_of_work() as db:
        person = make_person(db)
        training.begin(db, person_id=person.id, now=NOON)
        training.begin(db, person_id=person.id, now=NOON + timedelta(minutes=1))
        assert len(queries.attempts_of(db, person.id)) == 1


def test_the_host_reads_how_many_of_a_roster_have_practised(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.host, starts_at=NOON + timedelta(hours=3), capacity=5)
        an_rsvp(db, event, cast.caller)
        an_rsvp(db, event, cast.stranger)
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.attach_session(db, phonebank=phonebank, event=event, actor_id=cast.organiser.id)
    words = "1 of 2 callers have practised"
    for person in (cast.host, cast.organiser):
        client.sign_in(person)
        assert words in client.get("/phonebanks/demo-calls").text
    assert "1 of 2 have practised" in client.get("/phonebanks/demo-calls/sessions").text
    client.sign_in(cast.stranger)
    assert words not in client.get("/phonebanks/demo-calls").text
    with database.unit_of_work() as db:
        db.execute(delete(Agreement))
        assert queries.ready_of(db, [event.id]) == {event.id: (0, 2)}


def test_the_letters_of_a_calling_session_say_where_to_practise(
    database: Database, cast: Cast, made: Made, settings: Settings
) -> None:
    mail = Mail(LetterWriter(settings), settings.base_url)
    words = "New to calling? Practise beforehand"
    with database.unit_of_work() as db:
        event = an_event(db, cast.group, cast.host, starts_at=NOON + timedelta(hours=20))
        before = facts_for_letter(event, now=NOON)
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.attach_session(db, phonebank=phonebank, event=event, actor_id=cast.organiser.id)
        facts = facts_for_letter(event, now=NOON)
    asked = reminder(mail, to="a@people.example", event=facts, day="Tomorrow", key="k")
    joined = {
        status: signed_up(mail, to="a@people.example", event=facts, status=status, key="k")
        for status in ("accepted", "waiting")
    }
    for letter in (asked, joined["accepted"]):
        assert words in letter.text
        assert f"{settings.base_url}/phonebanks/demo-calls/call" in letter.text
        assert f'href="{settings.base_url}/phonebanks/demo-calls/call"' in letter.html
    assert words not in joined["waiting"].text
    # No screen of its own, nothing to practise on.
    plain = reminder(mail, to="a@people.example", event=before, day="Tomorrow", key="k")
    assert words not in plain.text
