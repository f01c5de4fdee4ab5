"""Loading many never-call numbers at once: the TPS file, or a list of one's own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Select, delete, literal, select
from sqlalchemy.orm import Session

from campaign.foundation import audit, phone, signals
from campaign.foundation.errors import Refused
from campaign.people.models import Suppression
from campaign.phonebanks.models import NeverLoad, TpsNumber
from campaign.phonebanks.operations.many import add_or_leave, each_of, plan_afresh
from campaign.phonebanks.queries.screening import TPS, last_check
from campaign.phonebanks.rules.never import (
    NAMED,
    Line,
    lines_of,
    refuse_smaller,
    refuse_unreadable,
)
from campaign.phonebanks.rules.screening import day_of_file

# So many at a time: sorted, they go into the index in few runs, and memory holds them.
PORTION = 50_000
# What a bureau writes. No plan is asked whose number it is: never ringing a wrong one harms nobody.
USUAL = re.compile(r"(?:\+44|0)([1-9]\d{9})", re.ASCII)


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
    for hmacs in _portions(written, loaded, key, allow_unassigned):
        suppress_many(db, hmacs, reason=reason, source=source, now=now)
    _accept(db, loaded, source, now=now, smaller_is_right=smaller_is_right)
    return loaded


def load_tps(
    db: Session,
    written: Iterable[str],
    *,
    key: bytes,
    now: datetime,
    allow_unassigned: bool = False,
    smaller_is_right: bool = False,
    dated: date | None = None,
) -> Loaded:
    """Take the whole TPS file in the place of the last: who is screened is checked against it.

    It adds to no do-not-call list and takes nothing off one. Refuses what ``load`` refuses, and a
    bureau's answer on one list, for that says nothing of other people; the caller's transaction
    must then not be kept. The 28 days count from the first minute of the day on which the file is
    ``dated``, or else from now; refuses a day to come and one before the last file's.
    """
    as_of = now if dated is None else day_of_file(dated, last_check(db), now=now)
    loaded = Loaded()
    plan_afresh(db)
    db.execute(delete(TpsNumber).execution_options(synchronize_session=False))
    for hmacs in _portions(written, loaded, key, allow_unassigned):
        add_or_leave(db, TpsNumber, select(each_of(db, hmacs)), "hmac")
    if loaded.clear:
        raise Refused(
            "This is an answer on one list: some of its lines are clear. Load the whole TPS file, "
            "or this one with --source list."
        )
    _accept(db, loaded, TPS, now=as_of, smaller_is_right=smaller_is_right)
    return loaded


def _portions(
    written: Iterable[str], loaded: Loaded, key: bytes, allow_unassigned: bool
) -> Iterator[list[str]]:
    keys = _hmacs(lines_of(written), loaded, key, allow_unassigned)
    while hmacs := sorted(set(islice(keys, PORTION))):
        loaded.never += len(hmacs)
        yield hmacs


def _accept(
    db: Session, loaded: Loaded, source: str, *, now: datetime, smaller_is_right: bool
) -> None:
    """Note a file that was taken in; refuse one that cannot be right."""
    refuse_unreadable(loaded.lines, loaded.unreadable, loaded.places)
    if not smaller_is_right:
        refuse_smaller(loaded.lines, last_size(db, source))
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
    rows: Select[*tuple[Any, ...]] = select(
        each_of(db, hmacs),
        literal(reason),
        literal(source),
        literal(now, Suppression.made_at.type),
        literal(actor_id, Suppression.made_by.type),
    )
    add_or_leave(db, Suppression, rows, "hmac", "reason", "source", "made_at", "made_by")
    signals.numbers_suppressed.send(db, hmacs=hmacs)


def last_size(db: Session, source: str) -> int | None:
    """How many lines the last file of a source had."""
    last = select(NeverLoad.rows).where(NeverLoad.source == source)
    return db.scalar(last.order_by(NeverLoad.id.desc()).limit(1))


def _hmacs(
    lines: Iterable[Line], loaded: Loaded, key: bytes, allow_unassigned: bool
) -> Iterator[str]:
    """The keys of a file's numbers; counts its lines on the way."""
    for line in lines:
        loaded.lines += 1
        if line.clear:
            loaded.clear += 1
            continue
        hmac = _hmac(line.text, key, allow_unassigned)
        if hmac is not None:
            yield hmac
            continue
        loaded.unreadable += 1
        if len(loaded.places) < NAMED:
            loaded.places.append(line.place)


def _hmac(text: str, key: bytes, allow_unassigned: bool) -> str | None:
    """The key of a line's number; a line with more than a number is not guessed at."""
    if usual := USUAL.fullmatch(text.replace(" ", "")):
        return phone.hmac_key("+44" + usual[1], key)
    try:
        number = phone.parse(text, allow_unassigned=allow_unassigned, allow_abroad=True)
    except phone.NumberRefused:
        return None
    return phone.hmac_key(number.e164, key)
