"""Bringing in a list: read and count first, then bring in or throw away. Nothing is live before.

Nothing here knows the web: the ``campaign contacts import`` command uses the same functions.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused
from campaign.phonebanks.models import ImportBatch, Phonebank
from campaign.phonebanks.operations.reading import hold_after_all, read
from campaign.phonebanks.operations.storing import store, suppress_asked
from campaign.phonebanks.rules.lists import BASES


def preview(
    db: Session,
    data: bytes,
    *,
    phonebank: Phonebank,
    file_name: str,
    source: str,
    basis: str,
    collected_on: date,
    key: bytes,
    now: datetime,
    actor_id: int | None,
    allow_unassigned: bool = False,
    encoding: str | None = None,
) -> ImportBatch:
    """Read a file and count what would happen; nobody is brought in yet.

    Refuses a file that is no table or has no telephone column, and one without a source, a basis
    or a day that lies behind us. The six counts add up to the rows of the file. ``encoding``
    says how the text is written where our guess makes a mess of the names.
    """
    source = source.strip()[:80]
    _refuse_unknown_origin(source, basis, collected_on, now)
    if encoding:
        data = _as_utf8(data, encoding)
    reading = read(
        db,
        data,
        phonebank=phonebank,
        source=source,
        basis=basis,
        key=key,
        allow_unassigned=allow_unassigned,
    )
    batch = ImportBatch(
        phonebank_id=phonebank.id,
        file_name=file_name[:200],
        source=source,
        basis=basis,
        collected_on=collected_on,
        counts=reading.counts,
        columns=reading.columns,
        rejects=reading.rejects,
        data=data,
        made_at=now,
        made_by=actor_id,
    )
    db.add(batch)
    _note(db, batch, "list read", actor_id)
    return batch


def bring_in(
    db: Session,
    *,
    batch: ImportBatch,
    phonebank: Phonebank,
    key: bytes,
    now: datetime,
    actor_id: int | None,
    allow_unassigned: bool = False,
) -> ImportBatch:
    """Bring the people of a read file in, all or none; the counts are those of this moment.

    The same file again changes nothing. Somebody who is in a call now keeps their number: their
    row is held. Refuses a file that was brought in or thrown away.
    """
    taken = db.execute(
        update(ImportBatch)
        .where(ImportBatch.id == batch.id, ImportBatch.state == "previewed")
        .values(state="imported", done_at=now)
        .execution_options(synchronize_session=False)
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("This file was brought in or thrown away already.")
    db.refresh(batch, ["state", "done_at", "data"])
    reading = read(
        db,
        batch.data or b"",
        phonebank=phonebank,
        source=batch.source,
        basis=batch.basis,
        key=key,
        allow_unassigned=allow_unassigned,
    )
    waiting = store(db, reading.rows, phonebank=phonebank, source=batch.source, key=key)
    hold_after_all(reading, waiting)
    if not phonebank.is_practice:
        asked = suppress_asked(db, reading.rows, key=key, now=now, actor_id=actor_id)
        if asked:
            _note(db, batch, "numbers suppressed by a list", actor_id, f"{asked}")
    batch.counts, batch.rejects, batch.data = reading.counts, reading.rejects, None
    _note(db, batch, "list brought in", actor_id)
    return batch


def drop(db: Session, *, batch: ImportBatch, actor_id: int | None) -> None:
    """Throw a read file away; nothing of it is kept but that it was here."""
    if batch.state != "previewed":
        raise Conflict("This file was brought in or thrown away already.")
    batch.state, batch.data, batch.rejects = "dropped", None, []
    _note(db, batch, "list thrown away", actor_id)


def _refuse_unknown_origin(source: str, basis: str, collected_on: date, now: datetime) -> None:
    if not source:
        raise Refused("Say where these people come from.", field="source")
    if basis not in BASES:
        raise Refused("Say why you may ring them.", field="basis")
    if collected_on > now.date():
        raise Refused("This day is still to come. When was the list made?", field="collected_on")


def _as_utf8(data: bytes, encoding: str) -> bytes:
    """Rewrite the file once, so that what is kept needs no word on how to read it."""
    try:
        return data.decode(encoding).encode()
    except (LookupError, UnicodeError):
        raise Refused("The file is not written like that. Choose another.", field="file") from None


def _note(
    db: Session, batch: ImportBatch, action: str, actor_id: int | None, *details: str
) -> None:
    db.flush()
    audit.append(
        db,
        action,
        subject=f"phonebank:{batch.phonebank_id}",
        actor_id=actor_id,
        details=[f"batch:{batch.id}", *details],
    )
