"""What callers read, version by version, and what is being written for them."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import ScriptDraft, ScriptVersion
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.drafts import Sheet, sheet_from, unpacked


def draft_of(db: Session, phonebank_id: int) -> ScriptDraft | None:
    """What was kept and not used yet."""
    return db.get(ScriptDraft, phonebank_id)


def sheet_of(db: Session, phonebank_id: int) -> Sheet:
    """What the form of a script shows: the draft, otherwise the newest version."""
    draft = draft_of(db, phonebank_id)
    if draft is not None:
        return unpacked(draft.sheet)
    script = board.script_of(db, phonebank_id)
    return sheet_from(script.steps) if script else Sheet()


def version_read(db: Session, phonebank_id: int, number: int | None) -> ScriptVersion | None:
    """The version that a caller had before them; the newest where they do not say which."""
    read = select(ScriptVersion).where(
        ScriptVersion.phonebank_id == phonebank_id, ScriptVersion.number == number
    )
    held = db.scalar(read) if number is not None else None
    return held or board.script_of(db, phonebank_id)
