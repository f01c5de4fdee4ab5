"""What is left of calls and people that are forgotten: sums, and rows without a name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, and_, case, cast, delete, func, literal, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import is_postgresql
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Answer, AnswerTotal, Call, CallTotal, Contact, Sharer
from campaign.phonebanks.operations.forgetting import GONE
from campaign.phonebanks.operations.many import among
from campaign.phonebanks.operations.retiring.ages import LATEST, OFF, in_no_hands

# After this nothing can be taken out again: a reversal reaches back four weeks.
SILENT: dict[str, Any] = {"note": "", "before": None, "said": None}


def blank_people(db: Session, ids: Sequence[int]) -> None:
    """The numbers first, in one order for everybody (see locking), then the people."""
    listed = select(Contact.number_id).where(among(db, Contact.id, ids))
    wanted = select(PhoneNumber.id).where(PhoneNumber.id.in_(listed)).order_by(PhoneNumber.id)
    numbers = db.scalars(wanted.with_for_update()).all()
    theirs = and_(among(db, Contact.id, ids), in_no_hands(clock.now() - LATEST))
    free = {"claimed_by": None, "claimed_until": None, "claim_call_id": None}
    off = case((Contact.state == "suppressed", "suppressed"), else_="withdrawn")
    values = {**GONE, **free, "state": off, "version": Contact.version + 1}
    run(db, update(Contact).where(theirs).values(values))
    # Whoever shares a number is on the list for as long as its contact is, and no longer.
    run(db, delete(Sharer).where(among(db, Sharer.contact_id, ids)))
    calls = db.scalars(select(Call.id).where(among(db, Call.contact_id, ids))).all()
    sum_up_answers(db, calls)
    update_rows(db, Call, calls, **SILENT)
    _forget_numbers(db, numbers)


def _forget_numbers(db: Session, number_ids: Sequence[int]) -> None:
    """A number that stands on no list any more is nobody's."""
    others = select(Contact.id).where(
        Contact.number_id == PhoneNumber.id, Contact.state.not_in(OFF)
    )
    gone = literal("gone-") + cast(PhoneNumber.id, String)
    run(
        db,
        update(PhoneNumber)
        .where(among(db, PhoneNumber.id, number_ids), ~others.exists())
        .values(e164=gone, hmac=gone, state="wrong"),
    )


def sum_up_answers(db: Session, call_ids: Sequence[int]) -> None:
    """What was answered becomes totals, and is gone."""
    counted = (
        select(Call.phonebank_id, Answer.question, Answer.option, func.count())
        .join(Call, Call.id == Answer.call_id)
        .where(among(db, Answer.call_id, call_ids))
        .group_by(Call.phonebank_id, Answer.question, Answer.option)
    )
    for phonebank_id, question, option, number in db.execute(counted).all():
        key = {"phonebank_id": phonebank_id, "question": question, "option": option}
        _add(db, AnswerTotal, key, answers=number)
    run(db, delete(Answer).where(among(db, Answer.call_id, call_ids)))
    update_rows(db, Call, call_ids, answers={})


def sum_up_calls(db: Session, call_ids: Sequence[int]) -> None:
    """Calls become totals, and are gone."""
    sum_up_answers(db, call_ids)
    query = select(
        Call.phonebank_id, Call.reported_at, Call.result_code, Call.inbound, Call.reached
    ).where(among(db, Call.id, call_ids), Call.status == "reported")
    counted = Counter(
        (phonebank_id, at.date(), code, inbound, reached)
        for phonebank_id, at, code, inbound, reached in db.execute(query)
        if at and code
    )
    names = ("phonebank_id", "day", "result_code", "inbound", "reached")
    for values, number in counted.items():
        _add(db, CallTotal, dict(zip(names, values, strict=True)), calls=number)
    run(db, delete(Call).where(among(db, Call.id, call_ids)))


def _add(db: Session, table: Any, key: dict[str, Any], **number: int) -> None:
    """Add to a total, which begins at nothing."""
    ((name, more),) = number.items()
    dialect = postgresql if is_postgresql(db) else sqlite
    db.execute(
        dialect.insert(table)
        .values(**key, **number)
        .on_conflict_do_update(index_elements=list(key), set_={name: getattr(table, name) + more})
    )


def update_rows(db: Session, table: Any, ids: Sequence[int], **values: Any) -> None:
    """Write these values onto rows by their ids."""
    run(db, update(table).where(among(db, table.id, ids)).values(**values))


def run(db: Session, statement: Any) -> None:
    """Change rows that the session need not know of."""
    db.execute(statement.execution_options(synchronize_session=False))
