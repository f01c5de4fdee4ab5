"""Loading many never-call numbers at once: the TPS file, or a list of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import audit, phone, signals
from campaign.foundation.database import is_postgresql
from campaign.people.models import PhoneNumber, Suppression

CHUNK = 500


def load(
    db: Session,
    lines: Iterable[str],
    *,
    reason: str,
    source: str,
    key: bytes,
    now: datetime,
    allow_unassigned: bool = False,
) -> tuple[int, int]:
    """Never ring these numbers again, one a line; answers how many, and how many lines had none.

    Lines are read as they come, so that a file of millions needs little memory. Calls in flight
    to numbers we hold are over at once. The first reason for a number stands.
    """
    dialect = postgresql if is_postgresql(db) else sqlite
    known = unreadable = 0
    for chunk in _chunks(lines):
        hmacs = [_hmac(line, key, allow_unassigned) for line in chunk]
        unreadable += hmacs.count(None)
        found = sorted({hmac for hmac in hmacs if hmac})
        known += len(found)
        rows = [{"hmac": h, "reason": reason, "source": source, "made_at": now} for h in found]
        if rows:
            db.execute(dialect.insert(Suppression).on_conflict_do_nothing(), rows)
        held = db.scalars(select(PhoneNumber.hmac).where(PhoneNumber.hmac.in_(found)))
        for hmac in sorted(held):
            signals.number_suppressed.send(db, hmac=hmac)
    audit.append(db, "never-call list loaded", subject=f"list:{source}", details=[f"{known}"])
    return known, unreadable


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    written = (line for line in lines if line.strip())
    while chunk := list(islice(written, CHUNK)):
        yield chunk


def _hmac(line: str, key: bytes, allow_unassigned: bool) -> str | None:
    """The key of a line's number; a line with more than a number is not guessed at."""
    try:
        text = line.strip().strip('"')
        number = phone.parse(text, allow_unassigned=allow_unassigned, allow_abroad=True)
    except phone.NumberRefused:
        return None
    return phone.hmac_key(number.e164, key)
