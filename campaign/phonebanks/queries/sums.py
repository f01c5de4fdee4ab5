"""What calls come to, counted by the database in a few passes over them.

Every pass is two statements: one over all calls, and one over the conversations in which somebody
was asked, which are few. ``rules.funnel`` says what each step is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session

from campaign.foundation.database import hour_said, whole_hour
from campaign.groups.models import Membership
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import (
    Answer,
    AnswerTotal,
    Call,
    CallTotal,
    Contact,
    Goal,
    Phonebank,
    ScriptVersion,
)
from campaign.phonebanks.queries import board, goals
from campaign.phonebanks.queries.counted import counted, is_talk
from campaign.phonebanks.rules.asks import Asks, asks_of
from campaign.phonebanks.rules.funnel import NOWHERE, TALKS, Funnel, Part, Sums, together
from campaign.phonebanks.rules.hours import HOME

# Of a script that was written anew more often, the older versions' questions are not known.
MOST_VERSIONS = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A phonebank whose calls are counted, with what its scripts and its goal ask for."""

    phonebank: Phonebank
    asks: Asks
    goal: Goal | None


def asked_of(db: Session, phonebanks: Sequence[Phonebank]) -> list[Asked]:
    """What each of these phonebanks asks for."""
    ids = [phonebank.id for phonebank in phonebanks]
    goals_of = {
        goal.phonebank_id: goal
        for goal in db.scalars(select(Goal).where(Goal.phonebank_id.in_(ids)))
    }
    versions: dict[int, list[Any]] = {}
    query = (
        select(ScriptVersion.phonebank_id, ScriptVersion.steps)
        .where(ScriptVersion.phonebank_id.in_(ids))
        .order_by(ScriptVersion.phonebank_id, ScriptVersion.number.desc())
    )
    for phonebank_id, steps in db.execute(query):
        versions.setdefault(phonebank_id, []).append(steps)
    return [
        Asked(one, asks_of(versions.get(one.id, [])[:MOST_VERSIONS]), goals_of.get(one.id))
        for one in phonebanks
    ]


def sums_of(db: Session, asked: Asked) -> Sums:
    """Everything that a phonebank's calls come to, as it is at this moment."""
    among, bank = [asked], asked.phonebank.id
    session = func.coalesce(Call.session_id, NOWHERE)
    zone, beside = _zone(asked.phonebank)
    by_hour = tallied(db, among, whole_hour(db, Call.claimed_at), zone, through=beside)
    script = func.coalesce(Call.script_number, NOWHERE)
    parts = (session, script, Contact.source, Call.result_code)
    by_part = tallied(db, among, *parts, through=(Contact,))
    by_caller = tallied(db, among, session, Call.caller_id)
    forgotten, endings = _forgotten(db, among)[bank]
    endings.update({code: one.calls for code, one in _by(by_part, 3).items()})
    callers = Counter(key for key, _ in by_caller)
    sessions = _by(by_part, 0)
    return Sums(
        total=(together(by_hour.values()) + forgotten).as_steps(),
        forgotten=forgotten,
        outcomes=dict(sorted(endings.items(), key=lambda one: (-one[1], one[0]))),
        week=_week(by_hour),
        days=_days(by_hour),
        sessions={key: Part(found, callers[key]) for key, found in sessions.items()},
        scripts=_by(by_part, 1),
        sources=_by(by_part, 2),
        groups=_groups(db, asked, _by(by_caller, 1)),
        answers=board.answers_of(db, bank),
    )


def funnels_of(db: Session, phonebanks: Sequence[Phonebank]) -> dict[int, Funnel]:
    """The funnel of each of several phonebanks, in two passes for all of them."""
    among = asked_of(db, phonebanks)
    if not among:
        return {}
    found, forgotten = tallied(db, among, Call.phonebank_id), _forgotten(db, among)
    return {
        bank: (found.get((bank,), Funnel()) + before).as_steps()
        for bank, (before, _) in forgotten.items()
    }


def tallied(
    db: Session, among: Sequence[Asked], *keys: Any, through: Sequence[Any] = ()
) -> dict[tuple[Any, ...], Funnel]:
    """The funnels of these phonebanks' calls, by these columns of a call.

    ``through`` names the tables beside it that the columns are of: each costs time, so none is
    looked at that is not needed.
    """
    named = [key.label(f"k{place}") for place, key in enumerate(keys)]
    found: dict[tuple[Any, ...], Funnel] = {}
    for *key, calls, reached, talks in db.execute(_all(among, named, through)):
        found[tuple(key)] = Funnel(calls, reached, talks)
    for *key, asked, yes, came in db.execute(_asked(among, named, through)):
        found[tuple(key)] += Funnel(asked=asked, yes=yes or 0, came=came or 0)
    return found


def _all(among: Sequence[Asked], named: Sequence[Any], through: Sequence[Any]) -> Select[Any]:
    counts = (
        func.count(),
        func.count(case((Call.reached, 1))),
        func.count(case((is_talk(), 1))),
    )
    asked = select(*named, *counts).select_from(Call)
    return _joined(asked, through).where(_theirs(among), counted()).group_by(*named)


def _asked(among: Sequence[Asked], named: Sequence[Any], through: Sequence[Any]) -> Select[Any]:
    answered = _answered(among)
    signed_up = and_(Contact.goal_met_at.is_not(None), Contact.goal_met_at >= Call.claimed_at)
    says_yes = case((or_(answered.c.yes == 1, signed_up), 1), else_=0)
    newest = func.row_number().over(
        partition_by=Call.contact_id, order_by=(says_yes.desc(), Call.id.desc())
    )
    came = case((_has_come(among), 1), else_=0)
    query = (
        select(*named, says_yes.label("yes"), newest.label("place"), came.label("came"))
        .select_from(Call)
        .outerjoin(answered, answered.c.call_id == Call.id)
    )
    query = _joined(query, (Contact, *through)).where(_theirs(among), counted(), is_talk())
    found = query.where(or_(answered.c.call_id.is_not(None), signed_up)).subquery()
    keys = [found.c[key.name] for key in named]
    once = case(((found.c.yes == 1) & (found.c.place == 1), found.c.came), else_=0)
    return select(*keys, func.count(), func.sum(found.c.yes), func.sum(once)).group_by(*keys)


def _answered(among: Sequence[Asked]) -> Any:
    """The calls with a kept answer to what is asked, and whether it was a yes."""
    asked, yes = (_said(among, which) for which in ("asked", "yes"))
    return (
        select(Answer.call_id, func.max(case((yes, 1), else_=0)).label("yes"))
        .join(Call, Call.id == Answer.call_id)
        .where(_theirs(among), asked)
        .group_by(Answer.call_id)
        .subquery()
    )


def _said(among: Sequence[Asked], which: str) -> ColumnElement[bool]:
    """Phonebanks that ask the same are looked at together."""
    alike: dict[frozenset[Any], list[int]] = {}
    for one in among:
        alike.setdefault(getattr(one.asks, which), []).append(one.phonebank.id)
    ways = [
        and_(Call.phonebank_id.in_(ids), tuple_(Answer.question, Answer.option).in_(sorted(pairs)))
        for pairs, ids in alike.items()
        if pairs
    ]
    return or_(*ways) if ways else false()


def _has_come(among: Sequence[Asked]) -> ColumnElement[bool]:
    ways = [
        and_(Call.phonebank_id == one.phonebank.id, goals.has_come(one.goal, one.phonebank))
        for one in among
        if one.goal is not None
    ]
    return or_(*ways) if ways else false()


def _joined(asked: Select[Any], through: Sequence[Any]) -> Select[Any]:
    if Contact in through:
        asked = asked.join(Contact, Contact.id == Call.contact_id)
    if PhoneNumber in through:
        asked = asked.join(PhoneNumber, PhoneNumber.id == Call.number_id)
    return asked


def _theirs(among: Sequence[Asked]) -> ColumnElement[bool]:
    ids = [one.phonebank.id for one in among]
    return Call.phonebank_id == ids[0] if len(ids) == 1 else Call.phonebank_id.in_(ids)


def _zone(phonebank: Phonebank) -> tuple[Any, tuple[Any, ...]]:
    """Where the person lives; nobody is looked up where all live in one zone."""
    zones = phonebank.zones or [HOME]
    return (literal(zones[0]), ()) if len(zones) == 1 else (PhoneNumber.time_zone, (PhoneNumber,))


def _by(found: Mapping[tuple[Any, ...], Funnel], place: int) -> dict[Any, Funnel]:
    parts: dict[Any, Funnel] = {}
    for key, funnel in found.items():
        parts[key[place]] = parts.get(key[place], Funnel()) + funnel
    return {key: parts[key] for key in sorted(parts)}


def _week(by_hour: Mapping[tuple[Any, ...], Funnel]) -> dict[tuple[int, int], Funnel]:
    """By weekday and hour, in the time of who was rung."""
    week: dict[tuple[int, int], Funnel] = {}
    for (hour, zone), funnel in by_hour.items():
        there = hour_said(hour).astimezone(ZoneInfo(zone))
        at = (there.weekday(), there.hour)
        week[at] = week.get(at, Funnel()) + funnel
    return dict(sorted(week.items()))


def _days(by_hour: Mapping[tuple[Any, ...], Funnel]) -> dict[date, Funnel]:
    days: dict[date, Funnel] = {}
    for (hour, _), funnel in by_hour.items():
        day = hour_said(hour).astimezone(ZoneInfo(HOME)).date()
        days[day] = days.get(day, Funnel()) + funnel
    return dict(sorted(days.items()))


def _groups(db: Session, asked: Asked, funnels: Mapping[int, Funnel]) -> dict[int, Part]:
    """By the group of who called: the phonebank's own where they belong to it, else their first."""
    once = select(Call.caller_id).where(_theirs([asked]), counted()).distinct().subquery()
    own = asked.phonebank.group_id
    home = (
        select(Membership.group_id)
        .where(Membership.person_id == once.c.caller_id, Membership.role != "follower")
        .order_by(Membership.group_id != own, Membership.joined_at, Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    found: dict[int, Part] = {}
    for caller_id, group_id in db.execute(select(once.c.caller_id, home)):
        key = group_id or NOWHERE
        before = found.get(key, Part(Funnel()))
        found[key] = Part(before.funnel + funnels[caller_id], before.callers + 1)
    return {key: found[key] for key in sorted(found)}


def _forgotten(db: Session, among: Sequence[Asked]) -> dict[int, tuple[Funnel, Counter[str]]]:
    """What is kept of calls and answers that are forgotten; who came is not known any more."""
    found = {one.phonebank.id: (Funnel(), Counter[str]()) for one in among}
    ids = sorted(found)
    calls = (
        select(CallTotal.phonebank_id, CallTotal.result_code, CallTotal.reached, CallTotal.calls)
        .where(CallTotal.phonebank_id.in_(ids))
        .order_by(CallTotal.phonebank_id, CallTotal.day, CallTotal.result_code, CallTotal.reached)
    )
    for bank, code, reached, number in db.execute(calls):
        funnel, endings = found[bank]
        talks = number if reached and code in TALKS else 0
        endings[code] += number
        found[bank] = (funnel + Funnel(number, number if reached else 0, talks), endings)
    answers = (
        select(AnswerTotal)
        .where(AnswerTotal.phonebank_id.in_(ids))
        .order_by(AnswerTotal.phonebank_id, AnswerTotal.question, AnswerTotal.option)
    )
    asks = {one.phonebank.id: one.asks for one in among}
    for total in db.scalars(answers):
        pair, bank = (total.question, total.option), total.phonebank_id
        said = Funnel(
            asked=total.answers * (pair in asks[bank].asked),
            yes=total.answers * (pair in asks[bank].yes),
        )
        found[bank] = (found[bank][0] + said, found[bank][1])
    return found
