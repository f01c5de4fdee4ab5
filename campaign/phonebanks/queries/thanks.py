"""Who talked with many, of those who want to be named; never what was only reported."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import Session

from campaign.people.models import Person
from campaign.phonebanks.models import Call, CallerProfile, CallReview, ShownCaller
from campaign.phonebanks.queries.counted import counted, is_talk

MOST = 20


@dataclass(frozen=True, slots=True)
class Thanked:
    """A caller who is named, and their conversations."""

    person_id: int
    name: str
    talks: int


def thanked(db: Session, phonebank_id: int) -> list[Thanked]:
    """Who is named on a phonebank's list, the most conversations first.

    A conversation counts where the number was or may have been rung and nobody has judged the call
    a serious mistake. Who was stopped from calling is not named.
    """
    talks = func.count()
    serious = exists().where(CallReview.call_id == Call.id, CallReview.verdict == "serious")
    stopped = exists().where(
        CallerProfile.person_id == Call.caller_id,
        or_(CallerProfile.trust == "suspended", CallerProfile.paused_at.is_not(None)),
    )
    rung = or_(Call.dialled_at.is_not(None), Call.attempted_at.is_not(None))
    query = (
        select(Person.id, Person.name, talks)
        .join(Call, Call.caller_id == Person.id)
        .join(ShownCaller, ShownCaller.person_id == Person.id)
        .where(ShownCaller.shows_name, Person.disabled_at.is_(None))
        .where(Call.phonebank_id == phonebank_id, counted(), is_talk(), rung, ~serious, ~stopped)
        .group_by(Person.id, Person.name)
        .order_by(talks.desc(), Person.name, Person.id)
        .limit(MOST)
    )
    return [Thanked(*row) for row in db.execute(query)]


def wish_of(db: Session, person_id: int) -> tuple[bool, bool]:
    """Whether somebody is named, and whether they want to see such lists; as nobody has said."""
    wish = db.get(ShownCaller, person_id)
    return (wish.shows_name, wish.sees_list) if wish else (False, True)
