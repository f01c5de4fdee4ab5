"""The audit log: append-only rows, sealed in runs by a chain of hashes.

A chain at the insert would make every writer wait for the one before, so rows go in unchained
in the transaction they belong to, and a sealer, alone by a lock, seals what it can see: which
rows, how many, and the SHA-256 of the seal before and of the rows in canonical form. Rows hold
ids and names of fields, never values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, BigInteger, Index, Integer, String, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from campaign.foundation import clock
from campaign.foundation.database import Base, lock_alone

GENESIS = "0" * 64
SIGNED = "signed"
# SQLite numbers rows by itself only where the key is exactly INTEGER.
BigKey = BigInteger().with_variant(Integer, "sqlite")


class AuditRow(Base):
    """Who did what to which thing; triggers refuse UPDATE and DELETE."""

    __tablename__ = "audit_row"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(80))
    details: Mapped[list[str]] = mapped_column(JSON)

    __table_args__ = (Index("ix_audit_row_subject", "subject"),)


class AuditSeal(Base):
    """A sealed run of rows. ``row_ids`` names them, since ids commit out of order."""

    __tablename__ = "audit_seal"
    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    at: Mapped[datetime]
    row_ids: Mapped[list[list[int]]] = mapped_column(JSON)
    rows: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))


class AuditSealed(Base):
    """Which seal a row belongs to: the unsealed tail is what stands not here."""

    __tablename__ = "audit_sealed"
    row_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    seal_id: Mapped[int] = mapped_column(BigInteger, index=True)


class AuditHorizon(Base):
    """What lies before was removed by ``horizon.shorten``: the last seal that is gone, its hash.

    Triggers let rows go only where they lie before one, and let none be written that does not
    repeat the hash of a seal that is there.
    """

    __tablename__ = "audit_horizon"
    seal_id: Mapped[int] = mapped_column(BigKey, primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    # So many rows went with this one; all of them are of before ``ends_at``.
    rows: Mapped[int]
    ends_at: Mapped[datetime]
    at: Mapped[datetime]


@dataclass(frozen=True)
class Verdict:
    """What verifying found: ``broken`` is a sentence, or None where the chain holds."""

    rows: int
    seals: int
    unsealed: int
    broken: str | None
    removed: int = 0


def append(
    db: Session,
    action: str,
    *,
    subject: str,
    actor_id: int | None = None,
    details: Iterable[str] = (),
) -> None:
    """Write one row in the present transaction: ``subject`` is "kind:id", details are names.

    Where the transaction was signed, what it was signed with stands behind them.
    """
    db.execute(
        insert(AuditRow).values(
            at=clock.now(),
            actor_id=actor_id,
            action=action,
            subject=subject,
            details=[*details, *db.info.get(SIGNED, ())],
        )
    )


def sign(db: Session, marks: Iterable[str]) -> None:
    """Say for all rows of this transaction by what they were written, such as a shared device."""
    db.info[SIGNED] = tuple(marks)


def seal(db: Session, *, most: int = 5000) -> int:
    """Seal the visible unsealed rows, at most so many; answers how many. Alone by a lock."""
    if not lock_alone(db, "audit-sealer"):
        return 0
    rows = _unsealed(db, most)
    if not rows:
        return 0
    previous = db.scalar(select(AuditSeal.digest).order_by(AuditSeal.id.desc()).limit(1))
    made = AuditSeal(
        at=clock.now(),
        row_ids=_ranges([row.id for row in rows]),
        rows=len(rows),
        digest=_digest(previous or GENESIS, rows),
    )
    db.add(made)
    db.flush()
    db.execute(insert(AuditSealed), [{"row_id": row.id, "seal_id": made.id} for row in rows])
    return len(rows)


def has_unsealed(db: Session) -> bool:
    """Whether any row waits for its seal."""
    return bool(_unsealed(db, 1))


def verify(db: Session) -> Verdict:
    """Walk the whole chain from its horizon; the first broken row or seal is named."""
    horizon = last_horizon(db)
    previous, after = (horizon.digest, horizon.seal_id) if horizon else (GENESIS, 0)
    rows = seals = 0
    marks = select(AuditSeal).where(AuditSeal.id > after).order_by(AuditSeal.id)
    for mark in db.scalars(marks).yield_per(500):
        sealed = _rows_in(db, mark.row_ids)
        seals += 1
        if len(sealed) != mark.rows:
            missing = _first_missing(mark.row_ids, {row.id for row in sealed})
            return Verdict(rows, seals, 0, f"row {missing} of seal {mark.id} is gone")
        if _digest(previous, sealed) != mark.digest:
            first = mark.row_ids[0][0]
            return Verdict(
                rows, seals, 0, f"seal {mark.id} does not hold: a row from {first} on was changed"
            )
        previous, rows = mark.digest, rows + mark.rows
    total = db.scalar(select(func.count()).select_from(AuditRow)) or 0
    # Where removing them was interrupted, some of the rows before the horizon are still here.
    left = db.scalar(select(func.count()).where(AuditSealed.seal_id <= after)) or 0
    removed = db.scalar(select(func.sum(AuditHorizon.rows))) or 0
    return Verdict(rows, seals, total - rows - left, None, removed)


def last_horizon(db: Session) -> AuditHorizon | None:
    """Where the log begins now; None where it still begins at its beginning."""
    return db.scalar(select(AuditHorizon).order_by(AuditHorizon.seal_id.desc()).limit(1))


def _unsealed(db: Session, most: int) -> Sequence[AuditRow]:
    query = (
        select(AuditRow)
        .outerjoin(AuditSealed, AuditSealed.row_id == AuditRow.id)
        .where(AuditSealed.row_id.is_(None))
        .order_by(AuditRow.id)
        .limit(most)
    )
    return db.scalars(query).all()


def _rows_in(db: Session, ranges: list[list[int]]) -> Sequence[AuditRow]:
    found: list[AuditRow] = []
    for first, last in ranges:
        query = select(AuditRow).where(AuditRow.id.between(first, last)).order_by(AuditRow.id)
        found += db.scalars(query).all()
    return found


def _ranges(ids: list[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for number in ids:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ranges


def _first_missing(ranges: list[list[int]], present: set[int]) -> int:
    return next(
        number
        for first, last in ranges
        for number in range(first, last + 1)
        if number not in present
    )


def _digest(previous: str, rows: Sequence[AuditRow]) -> str:
    digest = hashlib.sha256(previous.encode())
    for row in rows:
        values = [row.id, row.at.isoformat(), row.actor_id, row.action, row.subject, row.details]
        digest.update(json.dumps(values, separators=(",", ":"), ensure_ascii=True).encode())
    return digest.hexdigest()
