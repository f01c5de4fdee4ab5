"""Writing what callers say: a draft that is kept, and a version that is used."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.phonebanks.models import Phonebank, ScriptDraft, ScriptVersion
from campaign.phonebanks.operations.setup import write_script
from campaign.phonebanks.rules.drafts import Sheet, packed, steps_from


def keep_draft(
    db: Session, *, phonebank: Phonebank, sheet: Sheet, actor_id: int, now: datetime
) -> None:
    """Keep a script as far as it is written; callers go on with the version they have."""
    kept = db.get(ScriptDraft, phonebank.id) or ScriptDraft(phonebank_id=phonebank.id)
    kept.sheet, kept.kept_at, kept.kept_by = packed(sheet), now, actor_id
    db.add(kept)
    db.flush()


def use(
    db: Session, *, phonebank: Phonebank, sheet: Sheet, actor_id: int, now: datetime
) -> ScriptVersion:
    """Let callers read it from now on, as a new version; the draft is over with it.

    Refuses what leads nowhere, round in a circle, or is led to by nothing, by its block.
    """
    steps = steps_from(sheet)
    made = write_script(db, phonebank=phonebank, steps=steps, actor_id=actor_id, now=now)
    drop_draft(db, phonebank=phonebank)
    return made


def drop_draft(db: Session, *, phonebank: Phonebank) -> None:
    """Go back to what callers read."""
    db.execute(delete(ScriptDraft).where(ScriptDraft.phonebank_id == phonebank.id))
