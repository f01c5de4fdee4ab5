"""Newcomers on their way to the first call: practice calls, the quiz, the promises."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict
from campaign.people import operations as people
from campaign.phonebanks.models import Agreement, Phonebank, TrainingAttempt
from campaign.phonebanks.queries import training
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION
from campaign.phonebanks.rules.quiz import Marks, mark
from campaign.phonebanks.rules.training import (
    CALLS,
    TRAINING_VERSION,
    exercise_of,
    is_right,
    is_trained,
)


def begin(
    db: Session, *, person_id: int, now: datetime, bound_for: Phonebank | None = None
) -> TrainingAttempt:
    """Somebody's way through the training of today, begun now if it was not.

    Begun twice it is one. Who did an earlier version has practised: only the quiz is left.
    ``bound_for`` is where they go on to call afterwards.
    """
    earlier = select(TrainingAttempt.id).where(
        TrainingAttempt.person_id == person_id, TrainingAttempt.calls >= CALLS
    )
    done = CALLS if db.scalar(earlier.limit(1)) is not None else 0
    values = {"person_id": person_id, "version": TRAINING_VERSION, "started_at": now, "tries": 0}
    people.insert_or_leave(db, TrainingAttempt, calls=done, **values)
    attempt = _attempt(db, person_id)
    if bound_for is not None and not bound_for.is_practice:
        attempt.bound_for_id = bound_for.id
    db.flush()
    return attempt


def note_practice_call(
    db: Session, *, person_id: int, outcome: str, answers: Mapping[str, str], now: datetime
) -> None:
    """Count a practice call that was noted rightly; otherwise keep the slip, to be mended."""
    attempt = begin(db, person_id=person_id, now=now)
    right = is_right(exercise_of(attempt.calls), outcome, answers)
    attempt.calls, attempt.slip = attempt.calls + right, None if right else outcome[:20]
    db.flush()


def answer_quiz(
    db: Session, *, person_id: int, answers: Mapping[str, str], version: int, now: datetime
) -> Marks:
    """Mark the quiz; all right passes it, at once and for good. It may be tried again at once.

    With an answer left out it is no try yet. Refuses who has not practised yet, and answers to
    another version than today's.
    """
    if version != TRAINING_VERSION:
        raise Conflict("The questions have changed since you opened them. Here are the new ones.")
    attempt = begin(db, person_id=person_id, now=now)
    if not is_trained(attempt.calls):
        raise Conflict("The practice calls come first. Go on with them.")
    marks, mine = mark(answers), TrainingAttempt.id == attempt.id
    if marks.missing:
        return marks
    # Counted in the statement, so that two tabs are two tries.
    db.execute(update(TrainingAttempt).where(mine).values(tries=TrainingAttempt.tries + 1))
    if marks.passed:
        still = update(TrainingAttempt).where(mine, TrainingAttempt.passed_at.is_(None))
        if db.execute(still.values(passed_at=now).returning(TrainingAttempt.id)).first():
            _note(db, "training passed", person_id, TRAINING_VERSION)
    db.flush()
    db.refresh(attempt)
    return marks


def agree(db: Session, *, person_id: int, now: datetime, version: int = AGREEMENT_VERSION) -> None:
    """Keep a caller's promises with the version they read and the minute. Again is harmless.

    Refuses another version than today's.
    """
    if version != AGREEMENT_VERSION:
        raise Conflict("The promises have changed since you opened them. Read them once more.")
    if any(one.version == version for one in training.agreements_of(db, person_id)):
        return
    people.insert_or_leave(db, Agreement, person_id=person_id, version=version, at=now)
    _note(db, "caller agreed", person_id, version)


def pass_at_once(db: Session, *, person_id: int, now: datetime) -> None:
    """Note that somebody has practised and passed, for demonstrations and measurements."""
    attempt = begin(db, person_id=person_id, now=now)
    attempt.calls, attempt.tries = max(attempt.calls, CALLS), max(attempt.tries, 1)
    attempt.passed_at = attempt.passed_at or now
    db.flush()


def _attempt(db: Session, person_id: int) -> TrainingAttempt:
    found = training.attempt_of(db, person_id)
    assert found is not None
    return found


def _note(db: Session, action: str, person_id: int, version: int) -> None:
    subject, details = f"person:{person_id}", [f"version {version}"]
    audit.append(db, action, subject=subject, actor_id=person_id, details=details)
