"""Calls that are to be taken out, and all others that the same people and numbers had."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber, Suppression
from campaign.phonebanks.models import Call, Contact, Phonebank, Reversal
from campaign.phonebanks.queries.board.calls import LONGEST
from campaign.phonebanks.rules.replaying import Terms

# A call is reported a day after its claim ended, at the latest.
EARLIER = LONGEST + timedelta(hours=24)


def of_caller(
    caller_id: int, phonebank_ids: Collection[int], *, since: datetime
) -> ColumnElement[bool]:
    """What a caller did in these phonebanks since then, as far as it changed anything."""
    ended = func.coalesce(Call.reported_at, Call.ended_at, Call.claimed_at)
    changed = or_(
        Call.status == "reported",
        and_(
            Call.status.in_(("released", "expired", "revoked")),
            Call.revealed_at.is_not(None),
        ),
    )
    return and_(
        Call.caller_id == caller_id,
        Call.claimed_at >= since - EARLIER,
        Call.phonebank_id.in_(phonebank_ids),
        ended >= since,
        changed,
    )


def stays(never: Iterable[str]) -> ColumnElement[bool]:
    """Of these, what is never taken out: wishes not to be called, and what nobody kept before."""
    return or_(is_wish(never), Call.before.is_(None))


def is_wish(never: Iterable[str]) -> ColumnElement[bool]:
    """Whether a call put its number on the do-not-call list, where it still stands."""
    listed = (
        select(Suppression.id)
        .join(PhoneNumber, PhoneNumber.hmac == Suppression.hmac)
        .where(PhoneNumber.id == Call.number_id)
    )
    said = func.coalesce(Call.result_code, "").in_(sorted(never))
    return and_(Call.status == "reported", said, listed.exists())


def counted(
    db: Session, theirs: ColumnElement[bool], never: Collection[str]
) -> list[tuple[str, str, int]]:
    """How many of these calls are out, a wish or old, by outcome; the commonest first."""
    kept = case((is_wish(never), "wish"), (Call.before.is_(None), "old"), else_="out")
    code = case((Call.status == "reported", Call.result_code), else_="")
    number = func.count()
    rows = db.execute(
        select(kept, code, number)
        .where(theirs)
        .group_by(kept, code)
        .order_by(number.desc(), code, kept)
    )
    return [(what, code, many) for what, code, many in rows]


def people_in(db: Session, theirs: ColumnElement[bool]) -> int:
    """How many people these calls were with."""
    return db.scalar(select(func.count(Call.contact_id.distinct())).where(theirs)) or 0


def called_for(db: Session, caller_id: int, *, since: datetime) -> list[Phonebank]:
    """The phonebanks for which somebody has called since then, by title; practice is none."""
    theirs = select(Call.phonebank_id).where(
        Call.caller_id == caller_id, Call.claimed_at >= since - EARLIER
    )
    query = select(Phonebank).where(Phonebank.id.in_(theirs), ~Phonebank.is_practice)
    return list(db.scalars(query.order_by(Phonebank.title, Phonebank.id)))


def named(db: Session, reversal_id: int, *, most: int) -> list[Call]:
    """The next calls that a reversal is to take out, by number, so that each is whole."""
    mine = (Call.reversal_id == reversal_id, Call.status != "reversed")
    numbers = select(Call.number_id).where(*mine).distinct().order_by(Call.number_id).limit(most)
    query = select(Call).where(*mine, Call.number_id.in_(db.scalars(numbers).all()))
    return list(db.scalars(query.order_by(Call.id)))


def everything_with(
    db: Session, contact_ids: Collection[int], number_ids: Collection[int]
) -> list[Call]:
    """All calls with these people, and all that said something of these numbers; held."""
    theirs = or_(Call.contact_id.in_(contact_ids), Call.number_id.in_(number_ids))
    query = select(Call).where(theirs, Call.status != "reversed").order_by(Call.id)
    practice = select(Phonebank.id).where(Phonebank.is_practice)
    query = query.where(Call.phonebank_id.not_in(practice)).with_for_update()
    return list(db.scalars(query.execution_options(populate_existing=True)))


def rung_at(db: Session, number_ids: Collection[int]) -> set[int]:
    """The people of these numbers whom somebody rang there."""
    rung = select(Call.id).where(Call.contact_id == Contact.id, Call.number_id == Contact.number_id)
    query = select(Contact.id).where(Contact.number_id.in_(number_ids), rung.exists())
    return set(db.scalars(query.order_by(Contact.id)))


def terms_of(db: Session, contact_ids: Collection[int]) -> dict[int, Terms]:
    """What the phonebanks of people say about calls with them."""
    query: Any = (
        select(Contact.id, Phonebank.max_attempts, Phonebank.cooldown_minutes)
        .join(Phonebank, Phonebank.id == Contact.phonebank_id)
        .where(Contact.id.in_(contact_ids))
    )
    return {
        key: Terms(attempts, timedelta(minutes=cooldown), "")
        for key, attempts, cooldown in db.execute(query)
    }


def reversals_of(db: Session, phonebank_id: int, caller_id: int) -> list[Reversal]:
    """What was taken back of a caller from this phonebank's board, the last first."""
    query = (
        select(Reversal)
        .where(Reversal.phonebank_id == phonebank_id, Reversal.caller_id == caller_id)
        .order_by(Reversal.id.desc())
        .limit(20)
    )
    return list(db.scalars(query))


def going(db: Session) -> int | None:
    """A reversal that is not finished."""
    query = select(Reversal.id).where(Reversal.finished_at.is_(None)).order_by(Reversal.id)
    return db.scalar(query.limit(1))
