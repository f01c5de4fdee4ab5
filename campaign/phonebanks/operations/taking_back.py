"""A lead takes somebody back from a caller's hands."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.locking import end_claim, lock_attempt

# Why a claim ended, where a lead ended it: its caller reads it.
BY_LEAD = "lead"


def take_back(
    db: Session, *, phonebank: Phonebank, call: Call, actor_id: int, now: datetime
) -> bool:
    """Nobody holds this person any more; answers whether somebody did.

    What was said can still be reported, late. A number that was shown counts as an attempt and
    rests. Again is harmless: a call that is over, or its outcome, stays as it is.
    """
    line = lock_attempt(db, call, phonebank, now)
    if not line.holds:
        return False
    line.call.skip_reason = BY_LEAD
    end_claim(db, contact=line.contact, phonebank=phonebank, now=now, status="revoked")
    audit.append(
        db,
        "claim taken back",
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"call:{call.id}", f"person:{call.caller_id}"],
    )
    return True
