"""Every minute: calls are chosen for a lead to look at, standings rise, and signs are judged.

All of it apart from calling: what the everyday report writes stays as it is. A look may be stopped
at any point and done again: what was chosen is chosen again, and nobody is paused twice.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import Database, is_postgresql
from campaign.people import operations as people
from campaign.phonebanks import adapters
from campaign.phonebanks.models import CallerSignal, CallReview, Phonebank, QualityMark
from campaign.phonebanks.operations import canaries, pausing
from campaign.phonebanks.queries import board, watching
from campaign.phonebanks.rules.canaries import how_many
from campaign.phonebanks.rules.sampling import Shares, is_chosen
from campaign.phonebanks.rules.signals import Kinds, Signal, judge, pauses

# What was noted so shortly before the last look may have been written after it.
OVERLAP = timedelta(minutes=2)
# The first look goes back so far, and no further after the worker stood still.
FIRST, MOST = timedelta(hours=1), timedelta(hours=24)
PORTION = 100


@dataclass(frozen=True, slots=True)
class Terms:
    """How many calls are looked at, and the key that says which."""

    shares: Shares
    key: bytes


def look(database: Database, *, terms: Terms, now: datetime) -> None:
    """Look at what was done since the last look, phonebank by phonebank."""
    with database.reading() as db:
        mark = watching.mark_of(db) or watching.Mark(now - FIRST, 0)
        since = max(mark.looked_at, now - MOST) - OVERLAP
        last = watching.last_call_id(db)
        at_it = watching.callers_since(db, mark.call_id) if mark.call_id else {}
        banks = sorted({*watching.banks_in_use(db, since=since), *at_it})
    for bank_id in banks:
        noted = _choose(database, bank_id, since, terms, now)
        claims = at_it.get(bank_id, Counter())
        _judge_all(database, bank_id, noted | claims.keys(), now)
        _hand_out(database, bank_id, claims.total())
    with database.unit_of_work() as db:
        people.insert_or_leave(db, QualityMark, id=1, looked_at=now, call_id=last)
        row = db.get_one(QualityMark, 1)
        row.looked_at, row.call_id = now, last


def _hand_out(database: Database, bank_id: int, claims: int) -> None:
    """Numbers of our own, about once in seventy-five claims."""
    many = how_many(claims, dice=secrets.randbelow)
    if many:
        with database.unit_of_work() as db:
            canaries.hand_out(db, bank_id, many)


def _choose(
    database: Database, bank_id: int, since: datetime, terms: Terms, now: datetime
) -> set[int]:
    """Choose calls, then let standings rise: nobody escapes by their twentieth call."""
    with database.reading() as db:
        noted = watching.noted_since(db, bank_id, since)
        callers = {caller_id for _, caller_id in noted}
        bank = db.get_one(Phonebank, bank_id)
        trust = watching.standings(db, bank, callers) if noted else {}
        chosen = [
            (call_id, caller_id)
            for call_id, caller_id in noted
            if is_chosen(call_id, terms.shares.of(trust[caller_id]), key=terms.key)
        ]
        risen = {one: becomes for one in sorted(callers)
                 if (becomes := watching.risen(db, one, now=now))}  # fmt: skip
    if chosen or risen:
        with database.unit_of_work() as db:
            for call_id, caller_id in chosen:
                people.insert_or_leave(
                    db,
                    CallReview,
                    call_id=call_id,
                    phonebank_id=bank_id,
                    caller_id=caller_id,
                    chosen_at=now,
                )
            for person_id, becomes in risen.items():
                _rise(db, person_id, becomes, now)
    return callers


def _rise(db: Session, person_id: int, becomes: str, now: datetime) -> None:
    profile = pausing.profile_for(db, person_id)
    profile.trust, profile.since = becomes, now
    db.flush()
    audit.append(db, "caller trusted", subject=f"person:{person_id}", details=[becomes])


def _judge_all(database: Database, bank_id: int, callers: Collection[int], now: datetime) -> None:
    everybody = sorted(callers)
    for start in range(0, len(everybody), PORTION):
        part = everybody[start : start + PORTION]
        with database.reading() as db:
            signs = _signs(db, bank_id, part, now)
        for caller_id, signals in signs.items():
            with database.unit_of_work() as db:
                _keep(db, bank_id, caller_id, signals, now)


def _signs(
    db: Session, bank_id: int, callers: Sequence[int], now: datetime
) -> dict[int, list[Signal]]:
    calls = watching.calls_of(db, bank_id, callers, now=now)
    wrong = watching.wrong_canaries(db, bank_id, callers, now=now)
    lately, kinds = watching.outcomes_lately(db, bank_id, now=now), kinds_of_outcomes()
    everybody: Counter[str] = Counter()
    for (_, code), number in lately.items():
        everybody[code] += number
    found = {}
    for caller_id, made in calls.items():
        own = Counter({code: n for (one, code), n in lately.items() if one == caller_id})
        signals = judge(
            made, others=everybody - own, kinds=kinds, now=now, wrong_checks=wrong.get(caller_id, 0)
        )
        if signals:
            found[caller_id] = signals
    return found


def kinds_of_outcomes() -> Kinds:
    """What the outcomes of this installation are to the signs."""
    rows = list(adapters.outcomes())
    return Kinds(
        frozenset(row.code for row in rows if row.second_report or row.suppress),
        frozenset(row.code for row in rows if not row.reached and not row.verdict),
    )


def _keep(
    db: Session, bank_id: int, caller_id: int, signals: Sequence[Signal], now: datetime
) -> None:
    """Note the signs with their figures; two strong ones stop the caller, but never a lead here."""
    bank = db.get_one(Phonebank, bank_id)
    for signal in signals:
        _write(db, bank_id, caller_id, signal, now)
    if pauses(signals) and caller_id not in board.managers(db, bank):
        why = " ".join(signal.code for signal in signals if signal.strong)
        pausing.pause(db, phonebank=bank, person_id=caller_id, why=why, now=now)


def _write(db: Session, bank_id: int, caller_id: int, signal: Signal, now: datetime) -> None:
    dialect = postgresql if is_postgresql(db) else sqlite
    new = {"strong": signal.strong, "figures": list(signal.figures), "word": signal.word,
           "last_at": now}  # fmt: skip
    key = {"phonebank_id": bank_id, "caller_id": caller_id, "code": signal.code}
    db.execute(
        dialect.insert(CallerSignal)
        .values(**key, **new, first_at=now)
        .on_conflict_do_update(index_elements=list(key), set_=new)
    )
