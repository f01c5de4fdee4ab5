"""What calling has come to, in numbers, and who is calling."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CompoundSelect, case, func, select
from sqlalchemy.orm import Session

from campaign.events.models import Rsvp
from campaign.events.rules.signups import LIVE
from campaign.phonebanks.models import (
    Answer,
    AnswerTotal,
    Call,
    CallSignUp,
    CallTotal,
    Contact,
    Phonebank,
)
from campaign.phonebanks.queries.counted import counted, is_talk


@dataclass(frozen=True, slots=True)
class Progress:
    """What calling has come to, in numbers only."""

    people: int
    calls: int
    talks: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What was reported: by a caller, or by everybody."""

    calls: int
    talks: int
    # Whom calls signed up to something, where that still stands.
    sign_ups: int = 0


def progress(db: Session, phonebank_id: int) -> Progress:
    """How many people, calls and conversations, with those that are forgotten since."""
    people = db.scalar(
        select(func.count()).where(Contact.phonebank_id == phonebank_id, Contact.canary.is_(None))
    )
    ended = _endings(phonebank_id).subquery()
    talked = func.sum(case((is_talk(ended.c), ended.c.calls), else_=0))
    calls, talks = db.execute(select(func.sum(ended.c.calls), talked)).one()
    return Progress(people or 0, int(calls or 0), int(talks or 0))


def outcomes_of(db: Session, phonebank_id: int) -> list[tuple[str, int]]:
    """How calls ended, the commonest first, with those that are forgotten since."""
    ended = _endings(phonebank_id).subquery()
    number = func.sum(ended.c.calls)
    rows = db.execute(
        select(ended.c.result_code, number)
        .group_by(ended.c.result_code)
        .order_by(number.desc(), ended.c.result_code)
    )
    return [(code, int(count)) for code, count in rows if code]


def answers_of(db: Session, phonebank_id: int) -> dict[tuple[str, str], int]:
    """How many chose which option of which question, with those who are forgotten since."""
    now = (
        select(Answer.question, Answer.option, func.count().label("answers"))
        .join(Call, Call.id == Answer.call_id)
        .where(Call.phonebank_id == phonebank_id, counted())
        .group_by(Answer.question, Answer.option)
    )
    before = select(AnswerTotal.question, AnswerTotal.option, AnswerTotal.answers).where(
        AnswerTotal.phonebank_id == phonebank_id
    )
    said = now.union_all(before).subquery()
    rows = db.execute(
        select(said.c.question, said.c.option, func.sum(said.c.answers))
        .group_by(said.c.question, said.c.option)
        .order_by(said.c.question, said.c.option)
    )
    return {(question, option): int(number) for question, option, number in rows}


def _endings(phonebank_id: int) -> CompoundSelect[str | None, bool, int]:
    """How calls ended and whether somebody was reached, and how many did: rows and totals."""
    now = (
        select(Call.result_code, Call.reached, func.count().label("calls"))
        .where(Call.phonebank_id == phonebank_id, counted())
        .group_by(Call.result_code, Call.reached)
    )
    before = select(CallTotal.result_code, CallTotal.reached, CallTotal.calls).where(
        CallTotal.phonebank_id == phonebank_id
    )
    return now.union_all(before)


def languages_needed(db: Session, phonebank_id: int) -> list[tuple[str, int]]:
    """Which languages people who are still to be rung need, the commonest first."""
    number = func.count()
    rows = db.execute(
        select(Contact.language, number)
        .where(Contact.phonebank_id == phonebank_id, Contact.language.is_not(None))
        .where(Contact.state.in_(("ready", "claimed", "callback")))
        .group_by(Contact.language)
        .order_by(number.desc(), Contact.language)
        .limit(50)
    )
    return [(language, count) for language, count in rows if language]


def tally(db: Session, caller_id: int, *, since: datetime) -> Tally:
    """What a caller has reported since then; practice counts for nothing."""
    calls, talks = db.execute(
        select(func.count(), func.count(case((is_talk(), 1))))
        .select_from(Call)
        .join(Phonebank, Phonebank.id == Call.phonebank_id)
        .where(
            Call.caller_id == caller_id,
            Call.claimed_at > since - timedelta(hours=2),
            counted(),
            Call.reported_at > since,
            ~Phonebank.is_practice,
        )
    ).one()
    return Tally(calls, talks)


def day_so_far(db: Session, phonebank_id: int, *, since: datetime) -> Tally:
    """What everybody has reported since then: read from the end of the list of reports."""
    theirs = (Call.phonebank_id == phonebank_id, Call.reported_at >= since, counted())
    signed_up = (
        select(func.count())
        .select_from(CallSignUp)
        .join(Call, Call.id == CallSignUp.call_id)
        .join(Rsvp, Rsvp.id == CallSignUp.rsvp_id)
        .where(*theirs, Rsvp.status.in_(LIVE))
        .correlate(None)
        .scalar_subquery()
    )
    sums = select(func.count(), func.count(case((is_talk(), 1))), signed_up).where(*theirs)
    return Tally(*db.execute(sums).one())
