"""That a number is being dialled: what the screen tells when a caller goes on to ring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation.errors import Conflict
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.locking import Attempt, lock_attempt

# After a report the call is told, and nobody rings for it any more.
NOT_TOLD = ("revealed", "expired", "revoked")


def note_dialled(db: Session, *, call: Call, phonebank: Phonebank, now: datetime) -> bool:
    """Note when the number was first dialled; whether this call bears that now.

    Again changes nothing, and neither does a word that comes after the report. Refuses a number
    that was not shown.
    """
    line = lock_attempt(db, call, phonebank, now)
    if line.call.revealed_at is None:
        raise Conflict("Nobody’s number was shown here yet: press Call first.")
    if line.call.status in NOT_TOLD:
        set_dialled(line)
        db.flush()
    return line.call.dialled_at is not None


def set_dialled(line: Attempt) -> None:
    """The same on rows that are held; the caller flushes."""
    if line.call.dialled_at is not None:
        return
    line.call.dialled_at = line.now
    if not line.phonebank.is_practice:
        line.call.attempted_at = line.number.last_attempt_at = line.now
