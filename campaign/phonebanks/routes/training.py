"""Before the first real call: practice calls, a short quiz, and what callers promise."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, Response, request

from campaign.foundation import clock, web
from campaign.foundation.errors import Conflict, NotAllowed, Refused
from campaign.foundation.words import human_when
from campaign.phonebanks import access
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.operations import training as operations
from campaign.phonebanks.queries import board, training
from campaign.phonebanks.routes.claims import answer, next_for
from campaign.phonebanks.routes.coaching import hub
from campaign.phonebanks.routes.screen import or_its_page
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION, promises
from campaign.phonebanks.rules.quiz import QUESTIONS, Marks
from campaign.phonebanks.rules.training import TRAINING_VERSION, is_trained

LONDON = ZoneInfo("Europe/London")


def doors(blueprint: Blueprint) -> None:
    """Fit the doors of this file."""
    blueprint.get("/phonebanks/training")(train)
    blueprint.post("/phonebanks/training")(practise)
    blueprint.get("/phonebanks/training/quiz")(quiz)
    blueprint.post("/phonebanks/training/quiz")(answer_quiz)
    blueprint.get("/phonebanks/agreement")(agreement)
    blueprint.post("/phonebanks/agreement")(agree_beforehand)
    blueprint.route("/phonebanks/<public_id>/agree", methods=["GET", "POST"])(agree)


@web.needs(web.SIGNED_IN)
def train() -> Response:
    """What comes before one's first real call, and how far one is."""
    return hub(_wanted(request.args.get("for", "")))


@web.needs(web.SIGNED_IN)
def practise() -> Response:
    """Hand me the next made-up person; where I go on afterwards is kept."""
    db, person_id, now = web.db(), web.visitor().person_id, clock.now()
    practice = board.practice_phonebank(db)
    if practice is None:
        raise Refused("There is no practice phonebank open just now. Ask whoever hosts you.")
    operations.begin(
        db, person_id=person_id, now=now, bound_for=_wanted(request.form.get("for", ""))
    )
    with or_its_page(practice.public_id):
        admission = access.admission_to(db, practice, person_id, now=now)
    return answer(next_for(admission), practice)


@web.needs(web.SIGNED_IN)
def quiz() -> Response:
    """A few questions on lawful and decent calling, each with its reason."""
    attempt = training.attempt_of(web.db(), web.visitor().person_id)
    if attempt is None or attempt.passed_at or not is_trained(attempt.calls):
        return web.see_other("phonebanks.train")
    return _quiz_page({}, Marks())


@web.needs(web.SIGNED_IN)
def answer_quiz() -> Response:
    """All right is the pass; whatever is not can be mended at once."""
    db, person_id, now = web.db(), web.visitor().person_id, clock.now()
    sent = {one.key: request.form.get(f"answer-{one.key}", "")[:20] for one in QUESTIONS}
    try:
        marks = operations.answer_quiz(
            db, person_id=person_id, answers=sent, version=_version(), now=now
        )
    except Conflict as refusal:
        return _quiz_page(sent, Marks(), 409, problem=refusal.message)
    attempt = training.attempt_of(db, person_id)
    if attempt is None or attempt.passed_at is None:
        # A try with mistakes is a try, and is kept; one that leaves something out is none.
        return _quiz_page(sent, marks, 422 if marks.missing else 200, problem=_to_mend(marks))
    if not _has_agreed(person_id):
        return web.see_other("phonebanks.agreement")
    return _onward(training.bound_for(db, attempt))


@web.needs(web.SIGNED_IN)
def agreement() -> Response:
    """What one promised, in its words, with the version and the minute; or what is to promise."""
    return _agreement_page()


@web.needs(web.SIGNED_IN)
def agree_beforehand() -> Response:
    """Promise it, and go on to where one was bound."""
    refused = _agree()
    if refused is not None:
        return refused
    attempt = training.attempt_of(web.db(), web.visitor().person_id)
    return _onward(training.bound_for(web.db(), attempt))


@web.needs(web.SIGNED_IN)
def agree(public_id: str) -> Response:
    """The same on the way into a phonebank."""
    person_id = web.visitor().person_id
    with or_its_page(public_id):
        admission = access.phonebank_to_call(web.db(), public_id, person_id, now=clock.now())
    if request.method == "GET":
        return _agreement_page(phonebank=admission.phonebank)
    return _agree(admission.phonebank) or _onward(admission.phonebank)


def _agree(phonebank: Phonebank | None = None) -> Response | None:
    try:
        operations.agree(
            web.db(), person_id=web.visitor().person_id, version=_version(), now=clock.now()
        )
    except Conflict as refusal:
        return _agreement_page(409, phonebank=phonebank, problem=refusal.message)
    return None


def _onward(phonebank: Phonebank | None) -> Response:
    """The first person, where the caller is admitted now; otherwise what is still to come."""
    if phonebank is None:
        return web.see_other("phonebanks.train")
    try:
        admission = access.admission_to(
            web.db(), phonebank, web.visitor().person_id, now=clock.now()
        )
    except NotAllowed:
        return web.see_other("phonebanks.train")
    if admission.first:
        return web.see_other("phonebanks.call", public_id=phonebank.public_id)
    return answer(next_for(admission), phonebank)


def _wanted(public_id: str) -> Phonebank | None:
    """The phonebank that somebody is on their way to."""
    if not public_id:
        return None
    return access.phonebank_to_see(web.db(), public_id, web.visitor().person_id)


def _version() -> int:
    """Which version stood on the page that was sent."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else 0


def _has_agreed(person_id: int) -> bool:
    given = training.agreements_of(web.db(), person_id)
    return any(one.version == AGREEMENT_VERSION for one in given)


def _to_mend(marks: Marks) -> str:
    left = len(marks.missing) + len(marks.wrong)
    return "One answer to mend" if left == 1 else f"{left} answers to mend"


def _quiz_page(
    sent: dict[str, str], marks: Marks, code: int = 200, *, problem: str = ""
) -> Response:
    return web.page(
        "phonebanks/quiz.html",
        code,
        questions=QUESTIONS,
        version=TRAINING_VERSION,
        sent=sent,
        marks=marks,
        problem=problem,
    )


def _agreement_page(
    code: int = 200, *, phonebank: Phonebank | None = None, problem: str = ""
) -> Response:
    given = training.agreements_of(web.db(), web.visitor().person_id)
    now_due = not any(one.version == AGREEMENT_VERSION for one in given)
    movement = web.settings().name
    return web.page(
        "phonebanks/agreement.html",
        code,
        phonebank=phonebank,
        problem=problem,
        due=promises(AGREEMENT_VERSION, movement=movement) if now_due else [],
        version=AGREEMENT_VERSION,
        given=[
            (
                one.version,
                human_when(one.at, None, LONDON),
                promises(one.version, movement=movement),
            )
            for one in given
        ],
    )
