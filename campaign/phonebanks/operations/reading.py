"""Reading somebody's file and judging every row against what is known now; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import phone
from campaign.foundation.spreadsheets import read_table
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.many import among, plan_afresh
from campaign.phonebanks.rules.lists import (
    Listed,
    RowRefused,
    find_columns,
    lacks_consent_column,
    read_row,
)

COUNTS = ("new", "updated", "fixed", "duplicate", "held", "refused")
CHUNK = 2_000
HELD = "Held back."
HELD_CODES = ("held_abroad",)


@dataclass(slots=True)
class Reading:
    """What a file holds: rows that can come in, and those that cannot, counted.

    The rows include those that ask never to be rung: they are held, and their wish is kept.
    """

    rows: list[Listed] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTS, 0))
    rejects: list[list[Any]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Seen:
    """What stood in the file before: the first row of a number or of a person counts."""

    rows: dict[str, Listed] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Known:
    """What we know of a portion: numbers nobody may ring, numbers and ids on the list."""

    never: set[str]
    numbers: set[str]
    ids: set[str]


def read(
    db: Session,
    data: bytes,
    *,
    phonebank: Phonebank,
    source: str,
    basis: str,
    key: bytes,
    allow_unassigned: bool,
) -> Reading:
    """Read and judge every row; the six counts add up to the rows of the file.

    FileRefused where it is no table; Refused without a column of telephone numbers.
    """
    table = read_table(data)
    columns = find_columns(table.headings)
    reading = Reading(columns=columns.named(table.headings))
    new_as = "held" if lacks_consent_column(basis, reading.columns) else None
    seen = _Seen()
    for row in table.rows:
        if row.trouble:
            _refuse(reading, row.number, "", row.trouble)
            continue
        try:
            listed = read_row(
                row.cells,
                table.headings,
                columns,
                basis=basis,
                allow_unassigned=allow_unassigned,
                row=row.number,
            )
        except RowRefused as refusal:
            _put_aside(reading, row.number, refusal)
            continue
        _sort(reading, seen, listed, practice=phonebank.is_practice)
    plan_afresh(db)
    for chunk in chunks(list(seen.rows.values())):
        known = _Known(
            never=_never(db, chunk, key),
            numbers=_known_numbers(db, phonebank.id, chunk),
            ids=_known_ids(db, phonebank.id, source, chunk),
        )
        _count_against(known, reading, chunk, new_as)
    return reading


def chunks(rows: list[Listed]) -> Iterator[list[Listed]]:
    """Portions, so that a statement carries only so much."""
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _put_aside(reading: Reading, number: int, refusal: RowRefused) -> None:
    if refusal.code in HELD_CODES:
        _hold(reading, number)
    else:
        _refuse(reading, number, refusal.column, refusal.message)


def _hold(reading: Reading, number: int) -> None:
    """Held without a word on why or whose: a reason would tell who asked never to be rung."""
    reading.counts["held"] += 1
    reading.rejects.append([number, "", HELD])


def _refuse(reading: Reading, number: int, column: str, why: str) -> None:
    reading.counts["refused"] += 1
    reading.rejects.append([number, column, why])


def hold_after_all(reading: Reading, waiting: Sequence[Listed]) -> None:
    """Count people held who were thought to be brought up to date."""
    for listed in waiting:
        reading.counts["updated"] -= 1
        _hold(reading, listed.row)


def _sort(reading: Reading, seen: _Seen, listed: Listed, *, practice: bool) -> None:
    if practice and not listed.number.fictitious:
        _refuse(reading, listed.row, "", "A practice list holds fictitious numbers only.")
        return
    again = listed.number.e164 in seen.rows
    if again or listed.external_id in seen.ids:
        reading.counts["duplicate"] += 1
        what = "number" if again else "person"
        reading.rejects.append([listed.row, "", f"This {what} stands in the file twice."])
        return
    seen.rows[listed.number.e164] = listed
    if listed.external_id:
        seen.ids.add(listed.external_id)


def _count_against(
    known: _Known, reading: Reading, chunk: list[Listed], new_as: str | None
) -> None:
    """New, updated or held: what the lists we have say.

    New people come in held where the file cannot say that they agreed: ``new_as`` counts them so.
    """
    for listed in chunk:
        if listed.number.e164 in known.never or listed.asked_never:
            _hold(reading, listed.row)
            if listed.asked_never:
                reading.rows.append(listed)
            continue
        is_known = listed.number.e164 in known.numbers or listed.external_id in known.ids
        new = new_as or ("fixed" if listed.number.fixed else "new")
        reading.counts["updated" if is_known else new] += 1
        reading.rows.append(listed)


def _never(db: Session, chunk: Sequence[Listed], key: bytes) -> set[str]:
    hmacs = {phone.hmac_key(listed.number.e164, key): listed.number.e164 for listed in chunk}
    found = db.scalars(select(Suppression.hmac).where(among(db, Suppression.hmac, list(hmacs))))
    return {hmacs[hmac] for hmac in found}


def _known_numbers(db: Session, phonebank_id: int, chunk: Sequence[Listed]) -> set[str]:
    # In two steps, each by its index: a join of the two is planned badly just after an import.
    wanted = [listed.number.e164 for listed in chunk]
    found = select(PhoneNumber.id, PhoneNumber.e164).where(among(db, PhoneNumber.e164, wanted))
    numbers = {number_id: e164 for number_id, e164 in db.execute(found)}
    listed_here = select(Contact.number_id).where(
        Contact.phonebank_id == phonebank_id, among(db, Contact.number_id, list(numbers))
    )
    return {numbers[number_id] for number_id in db.scalars(listed_here)}


def _known_ids(db: Session, phonebank_id: int, source: str, chunk: Sequence[Listed]) -> set[str]:
    """Which of these rows' ids this source has brought before."""
    ids = [listed.external_id for listed in chunk if listed.external_id]
    if not ids:
        return set()
    query = select(Contact.external_id).where(
        Contact.phonebank_id == phonebank_id,
        Contact.source == source,
        among(db, Contact.external_id, ids),
    )
    return {found for found in db.scalars(query) if found}
