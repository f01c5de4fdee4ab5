"""What a newcomer is shown on the way: the coach beside a practice call, and what comes next."""

from __future__ import annotations

from typing import Any

from flask import Response

from campaign.foundation import clock, web
from campaign.phonebanks.models import Phonebank
from campaign.phonebanks.queries import board, training
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION, TEXTS
from campaign.phonebanks.rules.quiz import QUESTIONS
from campaign.phonebanks.rules.training import CALLS, exercise_of, is_trained


def hub(phonebank: Phonebank | None, code: int = 200, *, opens: str = "") -> Response:
    """The three steps before the first real call, and which is next.

    ``opens`` says when the screen of their session opens, where it has not yet.
    """
    db, person_id = web.db(), web.visitor().person_id
    attempt = training.attempt_of(db, person_id)
    agreed = any(one.version == AGREEMENT_VERSION for one in training.agreements_of(db, person_id))
    return web.page(
        "phonebanks/training.html",
        code,
        phonebank=phonebank or training.bound_for(db, attempt),
        opens=opens,
        calls=min(attempt.calls, CALLS) if attempt else 0,
        of_calls=CALLS,
        passed=bool(attempt and attempt.passed_at),
        agreed=agreed,
        questions=len(QUESTIONS),
        promises=len(TEXTS[AGREEMENT_VERSION]),
        practice=board.practice_phonebank(db),
    )


def wants_quiz(person_id: int) -> bool:
    """Whether somebody has practised, holds nobody, and has not passed the quiz yet."""
    db = web.db()
    attempt = training.attempt_of(db, person_id)
    due = attempt is not None and is_trained(attempt.calls) and attempt.passed_at is None
    return due and board.held_claim(db, person_id, now=clock.now()) is None


def coach(name: str) -> dict[str, Any]:
    """What is heard, what to do and why, in the practice call that somebody is in."""
    attempt = training.attempt_of(web.db(), web.visitor().person_id)
    calls = attempt.calls if attempt else 0
    exercise = exercise_of(calls)

    def said(text: str) -> str:
        return text.replace("{first_name}", name or "them")

    return {
        "number": calls % CALLS + 1,
        "of": CALLS,
        "title": exercise.title,
        "before": said(exercise.before),
        "slip": exercise.slip if attempt and attempt.slip else "",
        "beats": [
            {"heard": said(beat.heard), "do": said(beat.do), "why": said(beat.why)}
            | {"sound": beat.sound}
            for beat in exercise.beats
        ],
    }
