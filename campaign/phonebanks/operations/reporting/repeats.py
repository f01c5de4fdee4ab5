"""A report of a call that was settled before, by another one, by a lead, or by being our own."""

from __future__ import annotations

from sqlalchemy.orm import Session

from campaign.foundation.errors import Conflict
from campaign.people import operations as people
from campaign.phonebanks.operations import canaries
from campaign.phonebanks.operations.locking import Attempt
from campaign.phonebanks.operations.reporting.refusals import NEVER, check_reportable
from campaign.phonebanks.operations.reporting.saved import AlreadyReported, Saved
from campaign.phonebanks.rules.outcomes import Outcome


def stored_before(db: Session, line: Attempt, key: str, chosen: Outcome) -> Saved:
    """What was stored the first time. A later "never call" is kept all the same."""
    call = line.call
    assert call.result_code is not None
    assert call.reported_at is not None
    saved = Saved(call.result_code, call.reported_at, call.late, repeated=True)
    if call.client_uuid == key and call.result_code == chosen.code:
        return saved
    if chosen.code == NEVER and call.revealed_at and not line.phonebank.is_practice:
        _never(db, line)
        return Saved(NEVER, line.now, call.late, repeated=True)
    raise AlreadyReported(saved)


def taken_back(db: Session, line: Attempt, chosen: Outcome) -> Saved:
    """A lead took the call back: nothing more is noted of it, save a "never call"."""
    if chosen.code == NEVER and line.call.revealed_at and not line.phonebank.is_practice:
        _never(db, line)
        return Saved(NEVER, line.now, late=True, repeated=True)
    raise Conflict("A lead has taken this call back. Nothing was changed.")


def of_our_own(db: Session, line: Attempt, key: str, chosen: Outcome) -> Saved:
    """A number of our own: it is noted apart. "Never call" is kept all the same."""
    if canaries.noted(db, line.call) is None:
        check_reportable(line, chosen)
        if chosen.code == NEVER:
            _never(db, line)
    stored = canaries.note(db, line, code=chosen.code, key=key)
    return Saved(stored, line.now, late=False)


def _never(db: Session, line: Attempt) -> None:
    people.suppress(
        db,
        hmac=line.number.hmac,
        reason="asked",
        source="call",
        actor_id=line.call.caller_id,
    )
