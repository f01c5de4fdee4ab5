"""Waits follow the rules: who waits is reckoned anew where config/outcomes.toml has changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, bindparam, select, update
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.rules.outcomes import Outcome, Outcomes, waits_until
from campaign.phonebanks.rules.waiting import mark_of

PORTION = 1_000


def wait_anew(database: Database, *, outcomes: Outcomes) -> int:
    """Reckon afresh how long people wait, on each phonebank whose rules are others now.

    A wait follows from the last outcome, when it was and the rules. Promised calls keep their
    time, and so does whoever rests because a number was shown and nothing said of it. Who was
    tried as often as was allowed comes back where more is allowed now. The hours and the caps
    over all phonebanks are judged at the claim as ever. Answers how many people were moved; in
    portions, and again changes nothing.
    """
    moved = 0
    for phonebank_id, mark in _changed(database, outcomes):
        moved += _all_of(database, phonebank_id, mark, outcomes)
    return moved


def _changed(database: Database, outcomes: Outcomes) -> list[tuple[int, str]]:
    with database.reading() as db:
        banks = db.execute(
            select(Phonebank.id, Phonebank.max_attempts, Phonebank.waits_by)
            .where(~Phonebank.is_practice)
            .order_by(Phonebank.id)
        ).all()
    marks = [(key, mark_of(outcomes, most_attempts=most), before) for key, most, before in banks]
    return [(key, mark) for key, mark, before in marks if mark != before]


def _all_of(database: Database, phonebank_id: int, mark: str, outcomes: Outcomes) -> int:
    last, moved, missed = 0, 0, False
    while True:
        with database.unit_of_work() as db:
            ids = list(db.scalars(_WAITING, {"bank": phonebank_id, "last": last}))
            # Whoever is being handed out or reported just now is not waited for.
            rows: list[Row[Any]] = list(db.execute(_held(ids)))
            missed = missed or len(rows) < len(ids)
            moved += _move(db, [change for row in rows if (change := _anew(row, outcomes))])
            if len(ids) < PORTION:
                if not missed:
                    bank = update(Phonebank).where(Phonebank.id == phonebank_id)
                    db.execute(bank.values(waits_by=mark))
                return moved
        last = ids[-1]


def _anew(row: Row[Any], outcomes: Outcomes) -> dict[str, Any] | None:
    """What changes for somebody; None where nothing does."""
    if row.last_result not in outcomes:
        return None
    outcome = outcomes[row.last_result]
    if outcome.next != "ready" or row.attempts >= row.max_attempts:
        return None
    until = waits_until(
        outcome,
        since=row.last_call_at,
        last_of_day=_was_last_of_day(row, outcome),
        tz_name=row.time_zone,
    )
    if row.state == "ready" and row.not_before == until:
        return None
    return {"of": row.id, "until": until}


def _was_last_of_day(row: Row[Any], outcome: Outcome) -> bool:
    same_day = row.busy_day == row.last_call_at.date()
    return 0 < outcome.most_a_day <= (row.busy_count if same_day else 0)


def _move(db: Session, changes: Sequence[dict[str, Any]]) -> int:
    if changes:
        table = Contact.__table__
        db.execute(
            update(Contact.__table__)  # type: ignore[arg-type]
            .where(table.c.id == bindparam("of"))
            .values(state="ready", not_before=bindparam("until"), version=table.c.version + 1),
            list(changes),
        )
    return len(changes)


def _held(ids: Sequence[int]) -> Select[*tuple[Any, ...]]:
    """These people as they are now, held until the transaction ends."""
    return (
        select(
            *(Contact.id, Contact.state, Contact.last_result, Contact.last_call_at),
            *(Contact.not_before, Contact.attempts, Contact.busy_day, Contact.busy_count),
            *(PhoneNumber.time_zone, Phonebank.max_attempts),
        )
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .where(Contact.id.in_(ids), *_IS_WAITING)
        .order_by(Contact.id)
        .with_for_update(skip_locked=True, of=Contact)
    )


# A number that was shown since, and nothing said of it, rests for that and not for the outcome.
_SHOWN_SINCE = (
    select(Call.id)
    .where(Call.contact_id == Contact.id, Call.status.not_in(("reported", "reversed")))
    .where(Call.revealed_at > Contact.last_call_at)
    .exists()
)
_IS_WAITING = (
    Contact.state.in_(("ready", "exhausted")),
    Contact.promised_at.is_(None),
    Contact.last_result.is_not(None),
    Contact.last_call_at.is_not(None),
)
_WAITING = (
    select(Contact.id)
    .where(Contact.phonebank_id == bindparam("bank"), Contact.id > bindparam("last"))
    .where(*_IS_WAITING, ~_SHOWN_SINCE)
    .order_by(Contact.id)
    .limit(PORTION)
)
