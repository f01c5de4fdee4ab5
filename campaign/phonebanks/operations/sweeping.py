"""Files of lists are not kept: undecided for a week, they go; so do those that no row knows."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.phonebanks.adapters.kept import Kept, names_kept
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ImportBatch
from campaign.phonebanks.operations.import_letters import tell_of_stop

KEPT = timedelta(days=7)
# A file is written before its row: so long it may stand without one.
GRACE = timedelta(hours=1)


def sweep(database: Database, *, folder: Path, now: datetime, mail: Mail | None = None) -> None:
    """Drop files on which nobody decided, and delete what is left of old and unknown ones."""
    with database.unit_of_work() as db:
        _drop_undecided(db, now, mail)
    with database.reading() as db:
        young = select(ImportBatch.public_id).where(
            (ImportBatch.made_at >= now - KEPT) | ~ImportBatch.tidy
        )
        wanted = set(db.scalars(young))
    for name in names_kept(folder, older_than=GRACE.total_seconds()) - wanted:
        Kept(folder, name).forget()


def _drop_undecided(db: Session, now: datetime, mail: Mail | None) -> None:
    dropped = db.scalars(
        update(ImportBatch)
        .where(ImportBatch.state == "previewed", ImportBatch.made_at < now - KEPT)
        .values(state="dropped", step="", done=0)
        .returning(ImportBatch)
        .execution_options(synchronize_session=False)
    )
    for batch in dropped.all():
        tell_of_stop(db, batch, mail, before="previewed", actor_id=None)
