"""Each thing at the end of its term: how much is due, and forgetting it in portions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from campaign.foundation.database import Database
from campaign.phonebanks.models import Broadcast, Call, Contact, HeldReport, HelpRequest, Pairing
from campaign.phonebanks.operations.many import among
from campaign.phonebanks.operations.retiring.ages import (
    calls_with_notes,
    left,
    never_reached,
    old_calls,
    opinions,
    people_with_notes,
)
from campaign.phonebanks.operations.retiring.totals import (
    SILENT,
    blank_people,
    run,
    sum_up_answers,
    sum_up_calls,
    update_rows,
)

PORTION = 500


def people_due(db: Session, ended_before: datetime) -> int:
    """How many people were never reached, on phonebanks that ended before then."""
    return _count(db, never_reached(ended_before))


def forget_people(database: Database, ended_before: datetime) -> int:
    """Forget who was never reached on phonebanks that ended before then; they still count."""
    return _in_portions(database, never_reached(ended_before), blank_people)


def reached_due(db: Session, ended_before: datetime) -> int:
    """How many people are left on phonebanks that ended before then."""
    return _count(db, left(ended_before))


def forget_reached(database: Database, ended_before: datetime) -> int:
    """Forget whoever is left on phonebanks that ended before then; they still count."""
    return _in_portions(database, left(ended_before), blank_people)


def notes_due(db: Session, rung_before: datetime) -> int:
    """How many calls and people have a note of before then."""
    return _count(db, calls_with_notes(rung_before)) + _count(db, people_with_notes(rung_before))


def forget_notes(database: Database, rung_before: datetime) -> int:
    """Forget what callers wrote before then, on the call and on the person."""

    def of_calls(db: Session, ids: Sequence[int]) -> None:
        update_rows(db, Call, ids, **SILENT)
        run(db, delete(HeldReport).where(among(db, HeldReport.call_id, ids)))

    def of_people(db: Session, ids: Sequence[int]) -> None:
        update_rows(db, Contact, ids, note="")

    gone = _in_portions(database, calls_with_notes(rung_before), of_calls)
    return gone + _in_portions(database, people_with_notes(rung_before), of_people)


def opinions_due(db: Session, reported_before: datetime) -> int:
    """How many calls have answers, of before then, of people who have not joined us."""
    return _count(db, opinions(reported_before))


def forget_opinions(database: Database, reported_before: datetime) -> int:
    """Forget what people said before then who have no account here; how many said what stays."""
    return _in_portions(database, opinions(reported_before), sum_up_answers)


def calls_due(db: Session, claimed_before: datetime) -> int:
    """How many calls were begun before then."""
    return _count(db, old_calls(claimed_before))


def forget_calls(database: Database, claimed_before: datetime) -> int:
    """Forget the calls of before then; how many ended how on which day stays."""
    return _in_portions(database, old_calls(claimed_before), sum_up_calls)


def helping_due(db: Session, before: datetime) -> int:
    """How many requests for help, lines and pairs are older than this."""
    counts = (
        select(func.count()).where(HelpRequest.asked_at < before),
        select(func.count()).where(Broadcast.made_at < before),
        select(func.count()).where(Pairing.made_at < before),
    )
    return sum(db.scalar(one) or 0 for one in counts)


def forget_helping(db: Session, before: datetime) -> int:
    """Requests for help, lines to callers and who sat with whom go; there are few of them."""
    rows = 0
    for gone in (
        delete(HelpRequest).where(HelpRequest.asked_at < before),
        delete(Broadcast).where(Broadcast.made_at < before),
        delete(Pairing).where(Pairing.made_at < before),
    ):
        rows += db.execute(gone).rowcount  # type: ignore[attr-defined]
    return rows


def _in_portions(
    database: Database, due: Select[int], forget: Callable[[Session, Sequence[int]], None]
) -> int:
    """By a growing key, so that what cannot go just now does not stand in the way of the rest."""
    key, last, gone = due.column_descriptions[0]["expr"], 0, 0
    while True:
        with database.unit_of_work() as db:
            ids = db.scalars(due.where(key > last).limit(PORTION)).all()
            if ids:
                forget(db, ids)
        gone += len(ids)
        if len(ids) < PORTION:
            return gone
        last = ids[-1]


def _count(db: Session, due: Select[int]) -> int:
    return db.scalar(select(func.count()).select_from(due.order_by(None).subquery())) or 0
