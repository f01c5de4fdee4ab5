"""Loading many never-call numbers at once: the TPS file, or a list of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.foundation import audit, phone, signals
from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import NeverLoad
from campaign.phonebanks.operations.many import among, plan_afresh, pour
from campaign.phonebanks.rules.never import (
    NAMED,
    Line,
    lines_of,
    refuse_smaller,
    refuse_unreadable,
)

CHUNK = 5_000


@dataclass(slots=True)
class Loaded:
    """What a file came to: lines in all, numbers never rung, lines that are clear or unreadable."""

    lines: int = 0
    never: int = 0
    clear: int = 0
    unreadable: int = 0
    places: list[int] = field(default_factory=list)


def load(
    db: Session,
    written: Iterable[str],
    *,
    reason: str,
    source: str,
    key: bytes,
    now: datetime,
    allow_unassigned: bool = False,
    smaller_is_right: bool = False,
) -> Loaded:
    """Never ring these numbers again: one a line, or a table whose flags say which.

    Lines are read as they come, so that a file of millions needs little memory. Calls in flight
    to numbers we hold are over at once. The first reason for a number stands. Refuses a file
    with more than one unreadable line in a hundred, and one under nine tenths of the last of its
    source unless ``smaller_is_right``; the caller's transaction must then not be kept.
    """
    loaded = Loaded()
    plan_afresh(db)
    for chunk in _chunks(lines_of(written)):
        hmacs = _hmacs(chunk, loaded, key, allow_unassigned)
        rows = [{"hmac": h, "reason": reason, "source": source, "made_at": now} for h in hmacs]
        pour(db, Suppression, rows)
        held = db.scalars(select(PhoneNumber.hmac).where(among(db, PhoneNumber.hmac, hmacs)))
        for hmac in sorted(held):
            signals.number_suppressed.send(db, hmac=hmac)
    refuse_unreadable(loaded.lines, loaded.unreadable, loaded.places)
    if not smaller_is_right:
        refuse_smaller(loaded.lines, last_size(db, source))
    db.add(NeverLoad(source=source, rows=loaded.lines, made_at=now))
    numbers = [f"{loaded.never}"]
    audit.append(db, "never-call list loaded", subject=f"list:{source}", details=numbers)
    return loaded


def last_size(db: Session, source: str) -> int | None:
    """How many lines the last file of a source had."""
    last = select(NeverLoad.rows).where(NeverLoad.source == source)
    return db.scalar(last.order_by(NeverLoad.id.desc()).limit(1))


def _chunks(lines: Iterator[Line]) -> Iterator[list[Line]]:
    while chunk := list(islice(lines, CHUNK)):
        yield chunk


def _hmacs(chunk: list[Line], loaded: Loaded, key: bytes, allow_unassigned: bool) -> list[str]:
    """The keys of a portion's numbers, each once; counts its lines."""
    found: dict[str, None] = {}
    loaded.lines += len(chunk)
    for line in chunk:
        if line.clear:
            loaded.clear += 1
            continue
        hmac = _hmac(line.text, key, allow_unassigned)
        if hmac is not None:
            found[hmac] = None
            continue
        loaded.unreadable += 1
        if len(loaded.places) < NAMED:
            loaded.places.append(line.place)
    loaded.never += len(found)
    return sorted(found)


def _hmac(text: str, key: bytes, allow_unassigned: bool) -> str | None:
    """The key of a line's number; a line with more than a number is not guessed at."""
    try:
        number = phone.parse(text, allow_unassigned=allow_unassigned, allow_abroad=True)
    except phone.NumberRefused:
        return None
    return phone.hmac_key(number.e164, key)
