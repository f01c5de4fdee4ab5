"""A report that is still being written: kept on the way, so that a reload loses none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from campaign.foundation.errors import Conflict
from campaign.foundation.words import clean_text
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, CallDraft, Phonebank
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.drafts import drafts_before
from campaign.phonebanks.rules import half_said
from campaign.phonebanks.rules.half_said import is_open, may_be_kept

# So long; nobody reports a call of more than a day ago.
KEPT = half_said.KEPT


def keep_draft(
    db: Session,
    *,
    call: Call,
    phonebank: Phonebank,
    sent: Mapping[str, str],
    note: str,
    now: datetime,
) -> CallDraft:
    """Keep what stands in the form of a call; the newest wins, whichever device it comes from.

    Refuses (Conflict) a call whose number was never shown, that was given back or reported, or
    that ended too long ago. Opinions without "agreed" are left out.
    """
    call = db.scalars(
        select(Call)
        .where(Call.id == call.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if not is_open(
        call.status,
        revealed_at=call.revealed_at,
        expires_at=call.expires_at,
        latest=KEPT,
        now=now,
    ):
        raise Conflict("This call is not open any more, so nothing is noted for it.")
    script = board.script_of(db, phonebank.id)
    said = may_be_kept(sent, script.steps if script else [], is_outcome=_is_choice)
    note = clean_text(note, most=500, lines=True, field="note")
    draft = db.get(CallDraft, call.id)
    if draft is None:
        draft = CallDraft(call_id=call.id)
        db.add(draft)
    draft.said, draft.note, draft.at = said, note, now
    db.flush()
    return draft


def _is_choice(code: str) -> bool:
    outcomes = adapters.outcomes()
    return code in outcomes and not outcomes[code].is_skip and not outcomes[code].confirm


def forget_drafts(db: Session, calls: Iterable[int] | Select[int]) -> None:
    """Forget what was noted of these calls so far: they are reported, given back or forgotten."""
    theirs = CallDraft.call_id.in_(calls if isinstance(calls, Select) else list(calls))
    db.execute(delete(CallDraft).where(theirs).execution_options(synchronize_session="fetch"))


def drafts_due(db: Session, before: datetime) -> int:
    """How many drafts nobody has touched since then."""
    return db.scalar(select(func.count()).select_from(drafts_before(before).subquery())) or 0


def forget_old_drafts(db: Session, before: datetime) -> int:
    """Forget drafts that nobody has touched since then: their calls can no longer be reported."""
    gone = db.scalars(drafts_before(before)).all()
    forget_drafts(db, drafts_before(before))
    return len(gone)
