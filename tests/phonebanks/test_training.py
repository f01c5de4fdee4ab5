"""Before the first real call: three practice calls, a quiz, promises; each in its version."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.foundation import clock
from campaign.foundation.audit import AuditRow
from campaign.foundation.database import Database
from campaign.phonebanks.models import Agreement, Call, Phonebank, TrainingAttempt
from campaign.phonebanks.operations import setup
from campaign.phonebanks.queries import training as queries
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION, TEXTS, promises
from campaign.phonebanks.rules.quiz import QUESTIONS, mark
from campaign.phonebanks.rules.training import CALLS, EXERCISES, TRAINING_VERSION, is_right
from tests.cast import Cast, an_event, an_rsvp
from tests.phonebanks.conftest import Made
from tests.phonebanks.making import NOON
from tests.phonebanks.test_pages import claim_json
from tests.proof_reader import ProofReadingClient

pytestmark = pytest.mark.usefixtures("noon")

RIGHT = {question.key: question.right for question in QUESTIONS}
# Between a practice call and a real one lie fifteen seconds at least, as between any two.
MUCH_LATER = NOON + timedelta(minutes=1)
CALL, TRAINING, QUIZ = (
    "/phonebanks/demo-calls/call",
    "/phonebanks/training",
    "/phonebanks/training/quiz",
)


def sent_quiz(**other: str) -> dict[str, str]:
    """The quiz as a page sends it, all right but what is given."""
    given = {f"answer-{key}": value for key, value in {**RIGHT, **other}.items()}
    return {**given, "version": str(TRAINING_VERSION)}


def note(client: ProofReadingClient, outcome: str, **sent: str) -> str:
    """Ring whoever is in hand and note the call; answers where one is led."""
    held = claim_json(client, "demo-practice")["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    report = {"outcome": outcome, "then": "next", **sent}
    return client.post_form(f"/claims/{held['id']}/outcome", report).headers["Location"]


def practise(client: ProofReadingClient) -> str:
    """All three practice calls, noted as they happened; answers where one is led at the end."""
    client.post_form(TRAINING, {"for": "demo-calls"})
    note(client, "no_answer")
    note(client, "talked", **{"answer-come": "yes"})
    return note(client, "dnc")


# --- the rules -------------------------------------------------------------------------------


def test_each_question_has_one_right_answer_and_each_answer_says_why() -> None:
    assert 4 <= len(QUESTIONS) <= 6
    for question in QUESTIONS:
        assert sum(choice.right for choice in question.choices) == 1, question.key
        assert all(choice.why for choice in question.choices), question.key
        assert len({choice.key for choice in question.choices}) == len(question.choices)
    # Who always picks the first does not pass.
    assert not mark({one.key: one.choices[0].key for one in QUESTIONS}).passed


def test_all_right_is_the_pass_and_everything_else_is_named() -> None:
    assert mark(RIGHT).passed
    marks = mark({**RIGHT, "never": "why", "hours": "no such answer"})
    assert (marks.wrong, marks.missing, marks.passed) == (("never",), ("hours",), False)
    assert mark({}).missing == tuple(RIGHT)


def test_an_exercise_is_right_when_what_happened_is_noted() -> None:
    nobody, talk, never = EXERCISES
    assert is_right(nobody, "no_answer", {})
    assert not is_right(nobody, "talked", {})
    assert not is_right(talk, "talked", {}), "their answers belong to it"
    assert is_right(talk, "talked", {"come": "yes"})
    assert is_right(never, "dnc", {})
    assert not is_right(never, "refused_soft", {})


def test_every_version_of_the_promises_can_still_be_read() -> None:
    assert sorted(TEXTS) == list(range(1, AGREEMENT_VERSION + 1))
    words = " ".join(f"{one.first} {one.rest}" for one in promises(1, movement="Fair Rents"))
    assert "sees your number" in words
    assert "my name and Fair Rents first" in words
    assert promises(99, movement="") == []


# --- on the screen ---------------------------------------------------------------------------


def test_a_newcomer_practises_answers_promises_and_has_the_first_person(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.host)
    page = client.get(CALL).text
    assert "Practise first" in page
    assert 'name="for" value="demo-calls"' in page
    assert claim_json(client) == {"claim": None, "reason": "practise", "until": None}
    assert practise(client) == QUIZ
    assert "6 short questions" in client.get(QUIZ).text
    assert client.post_form(QUIZ, sent_quiz()).headers["Location"] == "/phonebanks/agreement"
    page = client.get("/phonebanks/agreement").text
    assert "sees your number" in page
    with clock.at(MUCH_LATER):
        answer = client.post_form("/phonebanks/agreement", {"version": str(AGREEMENT_VERSION)})
        assert answer.headers["Location"] == CALL
        page = client.get(CALL).text
    assert "Call Amina" in page
    assert "nobody is rung" not in page
    with database.reading() as db:
        attempt = db.scalars(
            select(TrainingAttempt).where(TrainingAttempt.person_id == cast.host.id)
        ).one()
        assert (attempt.version, attempt.calls, attempt.tries) == (TRAINING_VERSION, CALLS, 1)
        assert attempt.passed_at is not None
        live = db.scalars(select(Call).where(Call.status == "claimed")).one()
        assert live.phonebank_id == made[0].id
        kept = db.scalars(select(AuditRow.action).where(AuditRow.actor_id == cast.host.id)).all()
        assert kept.count("training passed") == kept.count("caller agreed") == 1


def test_the_coach_says_what_is_heard_what_to_press_and_why(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.host)
    client.post_form(TRAINING, {"for": "demo-calls"})
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Practice call 1 of 3" in page
    assert "Press “Call Amina”" in page
    held = claim_json(client, "demo-practice")["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Nobody picks up" in page
    assert "Press “No answer”" in page
    note(client, "no_answer")
    held = claim_json(client, "demo-practice")["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Amina says: " in page
    assert "Where did you get my number?" in page


def test_a_practice_call_noted_wrongly_is_tried_once_more(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.host)
    client.post_form(TRAINING)
    note(client, "talked")
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Once more." in page
    assert "Practice call 1 of 3" in page
    note(client, "no_answer")
    page = client.get("/phonebanks/demo-practice/call").text
    assert "Once more." not in page
    assert "Practice call 2 of 3" in page
    with database.reading() as db:
        attempt = queries.attempt_of(db, cast.host.id)
        assert attempt is not None
        assert (attempt.calls, attempt.slip) == (1, None)


def test_the_coach_is_no_part_of_a_real_call(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.caller)
    held = claim_json(client)["claim"]
    client.post_asking_json(f"/claims/{held['id']}/reveal")
    page = client.get(CALL).text
    assert "Practice call" not in page
    assert "training.css" not in page


def test_a_wrong_answer_is_explained_and_can_be_mended(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.host)
    practise(client)
    page = client.post_form(QUIZ, sent_quiz(never="why"))
    assert "One answer to mend" in page.text
    assert 'href="#never-press"' in page.text
    assert 'value="why" checked' in page.text, "what was chosen stays"
    assert client.get(CALL).text.count("Go on to the questions") == 1, "not passed"
    # Something left out is no try: it is refused, and nothing is lost.
    page = client.post_form(QUIZ, {**sent_quiz(), "answer-keep": ""})
    assert page.status_code == 422
    assert "Not answered yet." in page.text
    assert client.post_form(QUIZ, sent_quiz()).status_code == 303
    with database.reading() as db:
        attempt = queries.attempt_of(db, cast.host.id)
        assert attempt is not None
        assert (attempt.tries, attempt.passed_at is not None) == (2, True)


def test_the_quiz_comes_after_the_practice_calls(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.host)
    assert client.get(QUIZ).headers["Location"] == TRAINING
    assert client.post_form(QUIZ, sent_quiz()).status_code == 409
    client.post_form(TRAINING)
    note(client, "no_answer")
    assert client.post_form(QUIZ, sent_quiz()).status_code == 409
    assert client.get(QUIZ).headers["Location"] == TRAINING


def test_who_leaves_in_the_middle_goes_on_where_they_were(
    client: ProofReadingClient, cast: Cast, made: Made
) -> None:
    client.sign_in(cast.host)
    client.post_form(TRAINING, {"for": "demo-calls"})
    note(client, "no_answer")
    with clock.at(NOON + timedelta(days=3)):
        client.sign_in(cast.host)
        page = client.get(CALL).text
        assert "1 of 3 done" in page
        assert "Go on practising" in page
        client.post_form(TRAINING)
        assert "Practice call 2 of 3" in client.get("/phonebanks/demo-practice/call").text
        note(client, "talked", **{"answer-come": "yes"})
        assert note(client, "dnc") == QUIZ
        # And again between practice and quiz: the calling screen of practice leads there, too.
        assert client.get("/phonebanks/demo-practice/call").headers["Location"] == QUIZ


def test_a_second_tab_and_the_way_back_do_no_harm(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    client.sign_in(cast.host)
    first = client.post_form(TRAINING, {"for": "demo-calls"}).headers["Location"]
    assert client.post_form(TRAINING).headers["Location"] == first, "the same person, not a second"
    practise(client)
    assert client.post_form(QUIZ, sent_quiz()).status_code == 303
    # The other tab still shows the questions, and sends a mistake: passed is passed.
    late = client.post_form(QUIZ, sent_quiz(never="why"))
    assert late.headers["Location"] == "/phonebanks/agreement"
    given = {"version": str(AGREEMENT_VERSION)}
    with clock.at(MUCH_LATER):
        for _ in range(2):
            answer = client.post_form("/phonebanks/agreement", given)
            assert answer.headers["Location"] == CALL
    assert client.get(QUIZ).headers["Location"] == TRAINING
    with database.reading() as db:
        mine = Agreement.person_id == cast.host.id
        assert len(db.scalars(select(Agreement).where(mine)).all()) == 1
        assert len(db.scalars(select(Call).where(Call.status == "claimed")).all()) == 1


def test_before_the_session_one_can_get_ready_and_is_told_when_it_opens(
    client: ProofReadingClient, cast: Cast, made: Made, database: Database
) -> None:
    with database.unit_of_work() as db:
        event = an_event(
            db, cast.group, cast.host, starts_at=NOON + timedelta(hours=30), capacity=5
        )
        an_rsvp(db, event, cast.stranger)
        phonebank = db.get_one(Phonebank, made[0].id)
        setup.attach_session(db, phonebank=phonebank, event=event, actor_id=cast.organiser.id)
    client.sign_in(cast.stranger)
    page = client.get(CALL)
    assert page.status_code == 200
    assert "Start practising" in page.text
    assert "quarter of an hour before" in page.text
    practise(client)
    client.post_form(QUIZ, sent_quiz())
    answer = client.post_form("/phonebanks/agreement", {"version": str(AGREEMENT_VERSION)})
    assert answer.headers["Location"] == TRAINING, "nobody is handed out yet"
    assert "You are ready to call" in client.get(TRAINING).text
    assert client.get(CALL).status_code == 403
    with database.reading() as db:
        assert queries.ready_of(db, [event.id]) == {event.id: (1, 1)}


def test_practice_admits_to_nothing(client: ProofReadingClient, cast: Cast, made: Made) -> None:
    client.sign_in(cast.stranger)
    practise(client)
    client.post_form(QUIZ, sent_quiz())
    answer = client.post_form("/phonebanks/agreement", {"version": str(AGREEMENT_VERSION)})
    assert answer.headers["Location"] == TRAINING
    assert client.get(CALL).status_code == 403
    assert client.post_form("/phonebanks/demo-calls/agree").status_code == 403
    assert client.post_form(TRAINING, {"for": "no-such-bank"}).status_code == 404
