"""Loading many never-call numbers at once: a list of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, journal, signals
from campaign.people.models import Suppression
from campaign.phonebanks.models import NeverLoad
from campaign.phonebanks.operations.many import add_or_leave, each_of, plan_afresh
from campaign.phonebanks.queries.screening import last_size
from campaign.phonebanks.rules.never import (
    Loaded,
    listed_in,
    refuse_empty,
    refuse_smaller,
    refuse_unreadable,
)

# So many at a time: sorted, they go into the index in few runs, and nobody waits long for them.
PORTION = 10_000

# Begins a transaction, and keeps it where its block ends well.
Work = Callable[[], AbstractContextManager[Session]]


def load(
    work: Work,
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

    The file is read before anything is written, then written in short transactions, each of which
    ``work`` begins and keeps: who claims meanwhile waits for one of them at most. What a load that
    is killed has written stands, and the same file again adds the rest. Calls in flight to numbers
    we hold are over at once. The first reason for a number stands. Refuses a file with more than
    one unreadable line in a hundred, and one under nine tenths of the last of its source unless
    ``smaller_is_right``.
    """
    loaded, digests = Loaded(), bytearray()
    for digest in listed_in(written, loaded, key=key, allow_unassigned=allow_unassigned):
        digests += digest
    refuse_empty(loaded.lines)
    refuse_unreadable(loaded.lines, loaded.unreadable, loaded.places)
    if not smaller_is_right:
        with work() as db:
            refuse_smaller(loaded.lines, last_size(db, source))
    for hmacs in _portions(bytes(digests)):
        loaded.never += len(hmacs)
        with work() as db:
            plan_afresh(db)
            suppress_many(db, hmacs, reason=reason, source=source, now=now)
    with work() as db:
        note_load(db, loaded, source, now=now)
    return loaded


def _portions(digests: bytes) -> Iterator[list[str]]:
    digits, width = digests.hex(), 64
    for first in range(0, len(digits), PORTION * width):
        last = min(first + PORTION * width, len(digits))
        yield sorted({digits[at : at + width] for at in range(first, last, width)})


def note_load(db: Session, loaded: Loaded, source: str, *, now: datetime) -> None:
    """Note a file that was taken in: how long it was, and of when."""
    db.add(NeverLoad(source=source, rows=loaded.lines, made_at=now))
    numbers = [f"{loaded.never}"]
    audit.append(db, "never-call list loaded", subject=f"list:{source}", details=numbers)


def suppress_many(
    db: Session,
    hmacs: Sequence[str],
    *,
    reason: str,
    source: str,
    now: datetime,
    actor_id: int | None = None,
) -> None:
    """Nobody rings these numbers any more, in a few statements; the first reason for one stands.

    It writes nothing into the audit log: that is for who knows what the numbers come from.
    """
    each = select(each_of(db, hmacs).label("hmac")).subquery()
    held = select(Suppression.id).where(Suppression.hmac == each.c.hmac)
    new = select(each.c.hmac).where(~held.exists())
    journal.note_suppressed(db, new, reason=reason, source=source, now=now)
    rows: Select[*tuple[Any, ...]] = select(
        each_of(db, hmacs),
        literal(reason),
        literal(source),
        literal(now, Suppression.made_at.type),
        literal(actor_id, Suppression.made_by.type),
    )
    add_or_leave(db, Suppression, rows, "hmac", "reason", "source", "made_at", "made_by")
    signals.numbers_suppressed.send(db, hmacs=hmacs)
