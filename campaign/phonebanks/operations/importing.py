"""Bringing in a list, as its people decide on it: give a file, bring in what it holds, or stop.

The work itself is done apart (``working``); nothing here reads more of a file than its headings.
Nothing here knows the web: the ``campaign contacts import`` command uses the same functions.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.foundation import audit, tokens
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.spreadsheets import read_table
from campaign.phonebanks.adapters.kept import Kept
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations.import_letters import tell_of_stop
from campaign.phonebanks.rules.lists import BASES, find_columns
from campaign.phonebanks.rules.screening import LONDON

OVER = "This file was brought in or thrown away already."


def take_file(
    db: Session,
    file: BinaryIO,
    *,
    folder: Path,
    phonebank: Phonebank,
    file_name: str,
    source: str,
    basis: str,
    collected_on: date,
    now: datetime,
    actor_id: int | None,
    encoding: str = "",
) -> ImportBatch:
    """Keep a file that waits to be read and counted; nobody is brought in.

    Refuses what is plainly no table, one without a column of telephone numbers, and one without
    a source, a basis or a day that lies behind us. ``encoding`` says how the text is written
    where our guess makes a mess of the names.
    """
    source = source.strip()[:80]
    _refuse_unknown_origin(source, basis, collected_on, now)
    public_id = tokens.public_id()
    batch = ImportBatch(
        public_id=public_id,
        phonebank_id=phonebank.id,
        file_name=file_name[:200],
        source=source,
        basis=basis,
        collected_on=collected_on,
        encoding=encoding,
        columns=_keep(file, Kept(folder, public_id), encoding),
        made_at=now,
        made_by=actor_id,
    )
    db.add(batch)
    note(db, batch, "list given", actor_id)
    return batch


def _keep(file: BinaryIO, kept: Kept, encoding: str) -> dict[str, str]:
    """Keep a file, unless its beginning is refused; answers with what its columns mean."""
    kept.keep(file)
    try:
        with kept.file.open("rb") as opened:
            headings = read_table(opened, encoding=encoding or None).headings
        return find_columns(headings).named(headings)
    except BaseException:
        kept.forget()
        raise


def bring_in(db: Session, *, batch: ImportBatch, now: datetime, actor_id: int | None) -> None:
    """Say that the people of a file that was read may come in.

    Refuses a file that is not read yet, and one that was brought in or thrown away.
    """
    if batch.state == "reading":
        raise Conflict("The file is still being read. Look at what it holds first.")
    said = {"state": "bringing", "brought_by": actor_id, "brought_at": now}
    _turn(db, batch, ("previewed",), said)


def stop(db: Session, *, batch: ImportBatch, actor_id: int | None, mail: Mail | None) -> None:
    """Throw a file away, also while it is read or its people are brought in: nobody comes in.

    Refuses where everybody is in already; what is left of it is cleared away soon after. Whoever
    had it brought in is written to.
    """
    before = batch.state
    _turn(db, batch, ("reading", "previewed", "bringing"), {"state": "dropped"})
    note(db, batch, "list thrown away", actor_id)
    tell_of_stop(db, batch, mail, before=before, actor_id=actor_id)


def _turn(db: Session, batch: ImportBatch, before: tuple[str, ...], values: dict[str, Any]) -> None:
    turned = db.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state.in_(before))
        .values(**values, step="", done=0, tries=0)
        .execution_options(synchronize_session=False)
    )
    if turned.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict(OVER)
    db.refresh(batch)


def _refuse_unknown_origin(source: str, basis: str, collected_on: date, now: datetime) -> None:
    if not source:
        raise Refused("Say where these people come from.", field="source")
    if basis not in BASES:
        raise Refused("Say why you may ring them.", field="basis")
    if collected_on > now.astimezone(LONDON).date():
        raise Refused("This day is still to come. When was the list made?", field="collected_on")


def note(db: Session, batch: ImportBatch, action: str, actor_id: int | None, *details: str) -> None:
    """Put what happened to a file into the log."""
    db.flush()
    audit.append(
        db,
        action,
        subject=f"phonebank:{batch.phonebank_id}",
        actor_id=actor_id,
        details=[f"batch:{batch.id}", *details],
    )
