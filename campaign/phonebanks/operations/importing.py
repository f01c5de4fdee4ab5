"""Bringing in a list: read and count first, then bring in or throw away. Nothing is live before.

Neither function knows the web: the ``campaign contacts import`` command uses the same two.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit, phone
from campaign.foundation.database import is_postgresql
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.spreadsheets import read_table
from campaign.people import operations as people
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, ImportBatch, Phonebank
from campaign.phonebanks.rules.lists import (
    BASES,
    Columns,
    Listed,
    RowRefused,
    find_columns,
    read_row,
)

COUNTS = ("new", "updated", "fixed", "duplicate", "held", "refused")
CHUNK = 500
SLOTS = 16
HELD_CODES = ("held_abroad",)


@dataclass(slots=True)
class Reading:
    """What a file holds: rows that can come in, and those that cannot, counted."""

    rows: list[Listed] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    rejects: list[list[Any]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


def preview(
    db: Session,
    data: bytes,
    *,
    phonebank: Phonebank,
    file_name: str,
    source: str,
    basis: str,
    key: bytes,
    now: datetime,
    actor_id: int | None,
    collected_on: date | None = None,
    allow_unassigned: bool = False,
) -> ImportBatch:
    """Read a file and count what would happen; nobody is brought in yet.

    Refuses a file that is no table, has no telephone column, or names no source or basis. The
    six counts add up to the rows of the file.
    """
    if not source.strip():
        raise Refused("Say where these people come from.", field="source")
    if basis not in BASES:
        raise Refused("Say why you may ring them.", field="basis")
    reading = read(
        db, data, phonebank=phonebank, basis=basis, key=key, allow_unassigned=allow_unassigned
    )
    batch = ImportBatch(
        phonebank_id=phonebank.id,
        file_name=file_name[:200],
        source=source[:80],
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
    db.flush()
    audit.append(
        db,
        "list read",
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"batch:{batch.id}"],
    )
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

    The same file again changes nothing. Refuses a file that was brought in or thrown away.
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
        basis=batch.basis,
        key=key,
        allow_unassigned=allow_unassigned,
    )
    for chunk in _chunks(reading.rows):
        _store(db, phonebank, chunk, batch.source, key)
    _suppress_asked(db, reading.rows, key, actor_id)
    batch.counts, batch.rejects, batch.data = reading.counts, reading.rejects, None
    db.flush()
    audit.append(
        db,
        "list brought in",
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[f"batch:{batch.id}"],
    )
    return batch


def drop(db: Session, *, batch: ImportBatch, actor_id: int | None) -> None:
    """Throw a read file away; nothing of it is kept but that it was here."""
    if batch.state == "previewed":
        batch.state, batch.data, batch.rejects = "dropped", None, []
        db.flush()
        audit.append(
            db,
            "list thrown away",
            subject=f"phonebank:{batch.phonebank_id}",
            actor_id=actor_id,
            details=[f"batch:{batch.id}"],
        )


def read(
    db: Session,
    data: bytes,
    *,
    phonebank: Phonebank,
    basis: str,
    key: bytes,
    allow_unassigned: bool,
) -> Reading:
    """Read and judge every row against what is known now; writes nothing."""
    table = read_table(data)
    columns = find_columns(table.headings)
    reading = Reading(columns=columns.named(table.headings))
    good: dict[str, Listed] = {}
    for row in table.rows:
        if row.trouble:
            _refuse(reading, row.number, "", row.trouble)
            continue
        try:
            listed = read_row(
                row.cells, table.headings, columns, basis=basis, allow_unassigned=allow_unassigned
            )
        except RowRefused as refusal:
            _put_aside(reading, row.number, refusal)
            continue
        _sort(reading, good, row.number, listed, practice=phonebank.is_practice)
    _count_against(db, phonebank, reading, list(good.values()), key)
    return reading


def _put_aside(reading: Reading, number: int, refusal: RowRefused) -> None:
    if refusal.code in HELD_CODES:
        reading.counts["held"] += 1
        reading.rejects.append([number, refusal.column, "Held back."])
    else:
        _refuse(reading, number, refusal.column, refusal.message)


def _refuse(reading: Reading, number: int, column: str, why: str) -> None:
    reading.counts["refused"] += 1
    reading.rejects.append([number, column, why])


def _sort(
    reading: Reading, good: dict[str, Listed], number: int, listed: Listed, *, practice: bool
) -> None:
    if practice and not listed.number.fictitious:
        _refuse(reading, number, "", "A practice list holds fictitious numbers only.")
    elif listed.number.e164 in good:
        reading.counts["duplicate"] += 1
        reading.rejects.append([number, "", "This number stands in the file twice."])
    else:
        good[listed.number.e164] = listed


def _count_against(
    db: Session, phonebank: Phonebank, reading: Reading, good: list[Listed], key: bytes
) -> None:
    """New, updated or held: what the lists we have say. Held rows do not say why or whose."""
    for chunk in _chunks(good):
        numbers = [listed.number.e164 for listed in chunk]
        hmacs = {phone.hmac_key(e164, key): e164 for e164 in numbers}
        never = {
            hmacs[hmac]
            for hmac in db.scalars(select(Suppression.hmac).where(Suppression.hmac.in_(hmacs)))
        }
        known = _known(db, phonebank.id, numbers)
        for listed in chunk:
            if listed.number.e164 in never or listed.asked_never:
                reading.counts["held"] += 1
                if listed.asked_never:
                    reading.rows.append(listed)
                continue
            kind = "updated" if listed.number.e164 in known else "new"
            if kind == "new" and listed.number.fixed:
                kind = "fixed"
            reading.counts[kind] += 1
            reading.rows.append(listed)


def _known(db: Session, phonebank_id: int, numbers: Sequence[str]) -> set[str]:
    return set(
        db.scalars(
            select(PhoneNumber.e164)
            .join(Contact, Contact.number_id == PhoneNumber.id)
            .where(Contact.phonebank_id == phonebank_id, PhoneNumber.e164.in_(numbers))
        )
    )


def _chunks(rows: list[Listed]) -> Iterator[list[Listed]]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _store(db: Session, phonebank: Phonebank, chunk: list[Listed], source: str, key: bytes) -> None:
    rows = [listed for listed in chunk if not listed.asked_never]
    if not rows:
        return
    ids = _number_ids(db, rows, key)
    existing = {
        contact.number_id: contact
        for contact in db.scalars(
            select(Contact).where(
                Contact.phonebank_id == phonebank.id, Contact.number_id.in_(ids.values())
            )
        )
    }
    fresh = []
    for listed in rows:
        contact = existing.get(ids[listed.number.e164])
        if contact is None:
            fresh.append(_values(phonebank, listed, ids[listed.number.e164], source))
        else:
            _bring_up_to_date(contact, listed, source)
    if fresh:
        db.execute(insert(Contact), fresh)
    db.flush()


def _number_ids(db: Session, rows: list[Listed], key: bytes) -> dict[str, int]:
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = postgresql if is_postgresql(db) else sqlite
    values = [
        {
            "e164": listed.number.e164,
            "hmac": phone.hmac_key(listed.number.e164, key),
            "kind": listed.number.kind,
            "state": "ok",
            "fictitious": listed.number.fictitious,
            "time_zone": phone.time_zone(listed.number.e164),
        }
        for listed in rows
    ]
    db.execute(dialect.insert(PhoneNumber).on_conflict_do_nothing(), values)
    found = db.execute(
        select(PhoneNumber.e164, PhoneNumber.id).where(
            PhoneNumber.e164.in_([listed.number.e164 for listed in rows])
        )
    )
    return {e164: number_id for e164, number_id in found}


def _values(phonebank: Phonebank, listed: Listed, number_id: int, source: str) -> dict[str, Any]:
    chance = random.Random()  # noqa: S311 (an order, not a secret)
    return {
        "phonebank_id": phonebank.id,
        "number_id": number_id,
        "first_name": listed.first_name,
        "last_name": listed.last_name,
        "town": listed.town,
        "postcode": listed.postcode,
        "email": listed.email,
        "external_id": listed.external_id,
        "source": source,
        "consent": listed.consent,
        "state": "ready" if listed.consent else "held",
        "hold_reason": None if listed.consent else "no_consent",
        "shuffle": chance.randrange(2**31),
        "slot": chance.randrange(SLOTS),
    }


def _bring_up_to_date(contact: Contact, listed: Listed, source: str) -> None:
    """Newer words for somebody we know; what was learnt in calls stays."""
    for name in ("first_name", "last_name", "town", "postcode", "email", "external_id"):
        value = getattr(listed, name)
        if value:
            setattr(contact, name, value)
    if listed.consent and not contact.consent:
        contact.consent, contact.source = True, source
        if contact.state == "held" and contact.hold_reason == "no_consent":
            contact.state, contact.hold_reason = "ready", None


def _suppress_asked(db: Session, rows: list[Listed], key: bytes, actor_id: int | None) -> None:
    """A file that says “do not call” is taken at its word, everywhere."""
    for listed in rows:
        if listed.asked_never:
            people.suppress(
                db,
                hmac=phone.hmac_key(listed.number.e164, key),
                reason="imported",
                source="import",
                actor_id=actor_id,
            )


def total(db: Session, phonebank_id: int) -> int:
    """How many people stand on a phonebank's list."""
    return (
        db.scalar(
            select(func.count()).select_from(Contact).where(Contact.phonebank_id == phonebank_id)
        )
        or 0
    )


__all__ = ["Columns", "bring_in", "drop", "preview", "read", "total"]
