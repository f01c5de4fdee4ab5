"""Writing a decision down, and taking it back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from campaign.conduct.models import Decision
from campaign.conduct.rules.reasons import Reason, Verdict, check_reason
from campaign.foundation import audit, clock
from campaign.foundation.errors import Conflict

# So long a decision can be undone, and so long its letters wait.
UNDO_FOR = timedelta(minutes=3)


class TooLateToUndo(Conflict):
    """The letters are on their way."""

    def __init__(self) -> None:
        super().__init__(
            "It is too late to undo this: the host has heard of it. Decide it anew on its page."
        )


def write_decision(
    db: Session,
    *,
    kind: str,
    public_id: str,
    verdict: Verdict,
    actor_id: int,
    reason: Reason | None = None,
    note: str = "",
    before: str = "",
    group_slug: str | None = None,
    report_id: int | None = None,
) -> Decision:
    """Write down what was decided about a thing; refuses to take down without a public reason."""
    check_reason(verdict, reason)
    decision = Decision(
        at=clock.now(),
        actor_id=actor_id,
        subject_kind=kind,
        subject_id=public_id,
        group_slug=group_slug,
        verdict=verdict.value,
        category=reason.label if reason else "",
        public=reason.public if reason else "",
        note=note,
        before=before,
        report_id=report_id,
    )
    db.add(decision)
    db.flush()
    audit.append(
        db,
        f"moderated: {verdict.value}",
        subject=f"{kind}:{public_id}",
        actor_id=actor_id,
        details=[f"decision:{decision.id}", *([reason.code] if reason else [])],
    )
    return decision


def undo_decision(db: Session, *, decision: Decision, actor_id: int) -> None:
    """Take a decision back: by who made it, in the first minutes, and once (TooLateToUndo)."""
    now = clock.now()
    mine = decision.actor_id == actor_id and decision.undone_at is None
    if not mine or now >= decision.at + UNDO_FOR:
        raise TooLateToUndo
    decision.undone_at = now
    db.flush()
    audit.append(
        db,
        "moderation undone",
        subject=f"{decision.subject_kind}:{decision.subject_id}",
        actor_id=actor_id,
        details=[f"decision:{decision.id}"],
    )
