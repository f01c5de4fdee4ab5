"""A lead looks at a call and says how it was; the caller reads it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.words import clean_text
from campaign.phonebanks.models import CallReview
from campaign.phonebanks.operations.pausing import profile_for
from campaign.phonebanks.rules.sampling import VERDICTS
from campaign.phonebanks.rules.trust import after_serious

MOST_FEEDBACK = 1000


def give_verdict(
    db: Session, *, review: CallReview, verdict: str, feedback: str, actor_id: int, now: datetime
) -> None:
    """Keep what a lead found. Refuses one's own call, and a fault without a word on it.

    After a serious mistake the caller is new again, and reads about it before the next person.
    Conflict where somebody else was quicker.
    """
    review = _held(db, review)
    said = clean_text(feedback, most=MOST_FEEDBACK, lines=True, field="feedback")
    if review.caller_id == actor_id:
        raise Refused("Somebody else looks at your own calls.")
    if verdict not in VERDICTS:
        raise Refused("Say how the call was.", field="verdict")
    if verdict != "ok" and not said:
        raise Refused("Say what was not right: the caller reads it.", field="feedback")
    if review.verdict is not None:
        raise Conflict("Somebody else has just looked at this call. Here is the next.")
    review.verdict, review.feedback = verdict, said
    review.reviewed_at, review.reviewed_by = now, actor_id
    if verdict == "serious":
        profile = profile_for(db, review.caller_id)
        profile.must_read = True
        profile.trust, profile.since = after_serious(profile.trust), now
    _note(db, review, "call looked at", actor_id, verdict)


def note_read(db: Session, *, review: CallReview, now: datetime) -> None:
    """The caller has read what was found; with the last serious one they may go on."""
    review = _held(db, review)
    if review.read_at is None and review.verdict is not None:
        review.read_at = now
        _note(db, review, "feedback read", review.caller_id)
    profile = profile_for(db, review.caller_id)
    profile.must_read = db.scalar(_unread(review.caller_id)) is not None
    db.flush()


def _unread(caller_id: int) -> Select[int]:
    return (
        select(CallReview.call_id)
        .where(CallReview.caller_id == caller_id, CallReview.verdict == "serious")
        .where(CallReview.read_at.is_(None))
        .limit(1)
    )


def _held(db: Session, review: CallReview) -> CallReview:
    asked = select(CallReview).where(CallReview.call_id == review.call_id).with_for_update()
    return db.scalars(asked.execution_options(populate_existing=True)).one()


def _note(db: Session, review: CallReview, action: str, actor_id: int, *more: str) -> None:
    db.flush()
    details = [f"person:{review.caller_id}", *more]
    audit.append(db, action, subject=f"call:{review.call_id}", actor_id=actor_id, details=details)
