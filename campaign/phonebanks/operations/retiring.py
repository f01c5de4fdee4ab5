"""What call lists do not keep for ever: people, notes, opinions and calls. Numbers stay.

Everything goes in portions, each a transaction of its own, so that nobody who calls waits; it
may be stopped at any moment and goes on the next time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    case,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from campaign.foundation import clock
from campaign.foundation.database import Database, is_postgresql
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import (
    Answer,
    AnswerTotal,
    Broadcast,
    Call,
    CallTotal,
    Contact,
    HeldReport,
    HelpRequest,
    Pairing,
    Phonebank,
    Sharer,
)
from campaign.phonebanks.operations.forgetting import GONE
from campaign.phonebanks.operations.many import among

PORTION = 500
# A claim that ran out so long ago can no longer be reported.
LATEST = timedelta(days=1)
OFF = ("withdrawn", "suppressed")
# After this nothing can be taken out again: a reversal reaches back four weeks.
SILENT: dict[str, Any] = {"note": "", "before": None, "said": None}
NAMED = or_(
    Contact.first_name != "",
    Contact.last_name != "",
    Contact.town != "",
    Contact.note != "",
    Contact.postcode.is_not(None),
    Contact.email.is_not(None),
    Contact.external_id.is_not(None),
)


def people_due(db: Session, ended_before: datetime) -> int:
    """How many people were never reached, on phonebanks that ended before then."""
    return _count(db, _never_reached(ended_before))


def forget_people(database: Database, ended_before: datetime) -> int:
    """Forget who was never reached on phonebanks that ended before then; they still count."""
    return _in_portions(database, _never_reached(ended_before), _blank_people)


def reached_due(db: Session, ended_before: datetime) -> int:
    """How many people are left on phonebanks that ended before then."""
    return _count(db, _left(ended_before))


def forget_reached(database: Database, ended_before: datetime) -> int:
    """Forget whoever is left on phonebanks that ended before then; they still count."""
    return _in_portions(database, _left(ended_before), _blank_people)


def notes_due(db: Session, rung_before: datetime) -> int:
    """How many calls and people have a note of before then."""
    return _count(db, _calls_with_notes(rung_before)) + _count(db, _people_with_notes(rung_before))


def forget_notes(database: Database, rung_before: datetime) -> int:
    """Forget what callers wrote before then, on the call and on the person."""

    def of_calls(db: Session, ids: Sequence[int]) -> None:
        _update(db, Call, ids, **SILENT)
        _run(db, delete(HeldReport).where(among(db, HeldReport.call_id, ids)))

    def of_people(db: Session, ids: Sequence[int]) -> None:
        _update(db, Contact, ids, note="")

    gone = _in_portions(database, _calls_with_notes(rung_before), of_calls)
    return gone + _in_portions(database, _people_with_notes(rung_before), of_people)


def opinions_due(db: Session, reported_before: datetime) -> int:
    """How many calls have answers, of before then, of people who have not joined us."""
    return _count(db, _opinions(reported_before))


def forget_opinions(database: Database, reported_before: datetime) -> int:
    """Forget what people said before then who have no account here; how many said what stays."""
    return _in_portions(database, _opinions(reported_before), _sum_up_answers)


def calls_due(db: Session, claimed_before: datetime) -> int:
    """How many calls were begun before then."""
    return _count(db, _old_calls(claimed_before))


def forget_calls(database: Database, claimed_before: datetime) -> int:
    """Forget the calls of before then; how many ended how on which day stays."""
    return _in_portions(database, _old_calls(claimed_before), _sum_up_calls)


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


def _left(ended_before: datetime) -> Select[int]:
    """Who is still somebody on a phonebank that ended; a lead who closes one sets its end."""
    return (
        select(Contact.id)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .where(
            Phonebank.closes_at < ended_before, ~Phonebank.is_practice, _in_no_hands(ended_before)
        )
        .where(or_(NAMED, Contact.state.not_in(OFF)))
        .order_by(Contact.id)
    )


def _in_no_hands(since: datetime) -> ColumnElement[bool]:
    """Nobody frees a claim that ran out: it is over all the same."""
    return or_(Contact.state != "claimed", Contact.claimed_until < since)


def _never_reached(ended_before: datetime) -> Select[int]:
    reached = select(Call.id).where(Call.contact_id == Contact.id, Call.reached)
    return _left(ended_before).where(~reached.exists())


def _calls_with_notes(rung_before: datetime) -> Select[int]:
    """With a note, or with what they know of how somebody was before (and so of notes)."""
    written = or_(Call.note != "", Call.before.is_not(None), Call.said.is_not(None))
    return select(Call.id).where(written, Call.claimed_at < rung_before).order_by(Call.id)


def _people_with_notes(rung_before: datetime) -> Select[int]:
    """Whoever has not been rung since; a note that came with a list goes as old as its call."""
    old = Contact.last_call_at < rung_before
    return select(Contact.id).where(Contact.note != "", old).order_by(Contact.id)


def _opinions(reported_before: datetime) -> Select[int]:
    joined = select(Person.id).where(
        Person.email == func.lower(Contact.email), Person.email_confirmed_at.is_not(None)
    )
    said = select(Answer.call_id).where(Answer.call_id == Call.id).exists()
    # A call that was taken out keeps what it said, and counts for nothing.
    out = and_(Call.status == "reversed", cast(Call.answers, String) != "{}")
    return (
        select(Call.id)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.reported_at < reported_before, or_(said, out), ~joined.exists())
        .order_by(Call.id)
    )


def _old_calls(claimed_before: datetime) -> Select[int]:
    """A claim that nobody took over since may still point to its call."""
    held = select(Contact.id).where(Contact.id == Call.contact_id, Contact.claim_call_id == Call.id)
    return select(Call.id).where(Call.claimed_at < claimed_before, ~held.exists()).order_by(Call.id)


def _blank_people(db: Session, ids: Sequence[int]) -> None:
    """The numbers first, in one order for everybody (see locking), then the people."""
    listed = select(Contact.number_id).where(among(db, Contact.id, ids))
    wanted = select(PhoneNumber.id).where(PhoneNumber.id.in_(listed)).order_by(PhoneNumber.id)
    numbers = db.scalars(wanted.with_for_update()).all()
    theirs = and_(among(db, Contact.id, ids), _in_no_hands(clock.now() - LATEST))
    free = {"claimed_by": None, "claimed_until": None, "claim_call_id": None}
    off = case((Contact.state == "suppressed", "suppressed"), else_="withdrawn")
    values = {**GONE, **free, "state": off, "version": Contact.version + 1}
    _run(db, update(Contact).where(theirs).values(values))
    # Whoever shares a number is on the list for as long as its contact is, and no longer.
    _run(db, delete(Sharer).where(among(db, Sharer.contact_id, ids)))
    calls = db.scalars(select(Call.id).where(among(db, Call.contact_id, ids))).all()
    _sum_up_answers(db, calls)
    _update(db, Call, calls, **SILENT)
    _forget_numbers(db, numbers)


def _forget_numbers(db: Session, number_ids: Sequence[int]) -> None:
    """A number that stands on no list any more is nobody's."""
    others = select(Contact.id).where(
        Contact.number_id == PhoneNumber.id, Contact.state.not_in(OFF)
    )
    gone = literal("gone-") + cast(PhoneNumber.id, String)
    _run(
        db,
        update(PhoneNumber)
        .where(among(db, PhoneNumber.id, number_ids), ~others.exists())
        .values(e164=gone, hmac=gone, state="wrong"),
    )


def _sum_up_answers(db: Session, call_ids: Sequence[int]) -> None:
    counted = (
        select(Call.phonebank_id, Answer.question, Answer.option, func.count())
        .join(Call, Call.id == Answer.call_id)
        .where(among(db, Answer.call_id, call_ids))
        .group_by(Call.phonebank_id, Answer.question, Answer.option)
    )
    for phonebank_id, question, option, number in db.execute(counted).all():
        key = {"phonebank_id": phonebank_id, "question": question, "option": option}
        _add(db, AnswerTotal, key, answers=number)
    _run(db, delete(Answer).where(among(db, Answer.call_id, call_ids)))
    _update(db, Call, call_ids, answers={})


def _sum_up_calls(db: Session, call_ids: Sequence[int]) -> None:
    _sum_up_answers(db, call_ids)
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
    _run(db, delete(Call).where(among(db, Call.id, call_ids)))


def _add(db: Session, table: Any, key: dict[str, Any], **number: int) -> None:
    """Add to a total, which begins at nothing."""
    ((name, more),) = number.items()
    dialect = postgresql if is_postgresql(db) else sqlite
    db.execute(
        dialect.insert(table)
        .values(**key, **number)
        .on_conflict_do_update(index_elements=list(key), set_={name: getattr(table, name) + more})
    )


def _update(db: Session, table: Any, ids: Sequence[int], **values: Any) -> None:
    _run(db, update(table).where(among(db, table.id, ids)).values(**values))


def _run(db: Session, statement: Any) -> None:
    db.execute(statement.execution_options(synchronize_session=False))
