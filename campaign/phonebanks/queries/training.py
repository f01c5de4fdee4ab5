"""How far somebody is on the way to their first call, and how many of a roster are ready."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, func, select
from sqlalchemy.orm import Session

from campaign.events.models import Rsvp
from campaign.events.rules.signups import SEATED
from campaign.phonebanks.models import Agreement, Phonebank, TrainingAttempt
from campaign.phonebanks.rules.agreement import AGREEMENT_VERSION
from campaign.phonebanks.rules.training import TRAINING_VERSION


def has_passed(person_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether the person of a statement passed the training as it is today."""
    return (
        select(TrainingAttempt.id)
        .where(TrainingAttempt.person_id == person_id)
        .where(TrainingAttempt.version == TRAINING_VERSION, TrainingAttempt.passed_at.is_not(None))
        .exists()
    )


def has_agreed(person_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether the person of a statement promised what callers promise today."""
    return (
        select(Agreement.person_id)
        .where(Agreement.person_id == person_id, Agreement.version == AGREEMENT_VERSION)
        .exists()
    )


def attempt_of(db: Session, person_id: int) -> TrainingAttempt | None:
    """Somebody's way through the training of today, if they have begun it."""
    return db.scalar(
        select(TrainingAttempt).where(
            TrainingAttempt.person_id == person_id, TrainingAttempt.version == TRAINING_VERSION
        )
    )


def attempts_of(db: Session, person_id: int) -> list[TrainingAttempt]:
    """All of somebody's trainings, the latest version first."""
    mine = select(TrainingAttempt).where(TrainingAttempt.person_id == person_id)
    return list(db.scalars(mine.order_by(TrainingAttempt.version.desc(), TrainingAttempt.id)))


def agreements_of(db: Session, person_id: int) -> list[Agreement]:
    """What somebody promised, the latest version first."""
    mine = select(Agreement).where(Agreement.person_id == person_id)
    return list(db.scalars(mine.order_by(Agreement.version.desc())))


def facts_of(db: Session, person_id: int) -> list[dict[str, Any]]:
    """What is kept of somebody's training and promises, for their own eyes."""
    trained = [
        {
            "what": f"practice and quiz, version {one.version}",
            "begun": one.started_at.isoformat(timespec="minutes"),
            "practice calls": one.calls,
            "quiz sent": one.tries,
            "passed": one.passed_at.isoformat(timespec="minutes") if one.passed_at else None,
        }
        for one in attempts_of(db, person_id)
    ]
    agreed = [
        {"what": f"promises, version {one.version}", "agreed": one.at.isoformat(timespec="minutes")}
        for one in agreements_of(db, person_id)
    ]
    return [*trained, *agreed]


def has_promised(db: Session, person_id: int) -> bool:
    """Whether somebody has agreed to any version of the promises."""
    given = select(Agreement.person_id).where(Agreement.person_id == person_id).limit(1)
    return db.scalar(given) is not None


def bound_for(db: Session, attempt: TrainingAttempt | None) -> Phonebank | None:
    """Where somebody goes on to call once they are ready."""
    if attempt is None or attempt.bound_for_id is None:
        return None
    return db.get(Phonebank, attempt.bound_for_id)


def ready_of(db: Session, event_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Of each roster: how many may call at once, having practised and agreed, and how many come."""
    ready = has_passed(Rsvp.person_id) & has_agreed(Rsvp.person_id)
    query = (
        select(Rsvp.event_id, func.count().filter(ready), func.count())
        .where(Rsvp.event_id.in_(list(event_ids)), Rsvp.status.in_(SEATED))
        .group_by(Rsvp.event_id)
    )
    return {event_id: (ready_now, coming) for event_id, ready_now, coming in db.execute(query)}
