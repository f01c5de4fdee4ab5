"""Whoever has signed up by themselves is not rung for it, and is again where they cancel."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from campaign.events import queries as events
from campaign.events.rules.kinds import Kind
from campaign.foundation import audit, clock
from campaign.foundation.database import Database
from campaign.foundation.errors import Refused
from campaign.people.models import Person
from campaign.phonebanks.models import Contact, Goal, Phonebank
from campaign.phonebanks.queries import goals

FREE = ("ready", "callback")


def name_goal(
    db: Session, *, phonebank: Phonebank, choice: str, actor_id: int, now: datetime
) -> None:
    """Say what people are asked to come to: ``event:``, ``series:`` or ``kind:``; empty: nothing.

    Who has signed up for it already is off the queue at once, and on it again where they were off
    for another goal. Refuses what the group does not hold.
    """
    wanted = _chosen(db, phonebank, choice)
    goal = goals.goal_of(db, phonebank.id)
    if goal is not None:
        db.delete(goal)
        db.flush()
    if wanted is not None:
        db.add(wanted)
        db.flush()
    look(db, wanted, phonebank, now=now)
    audit.append(
        db,
        "phonebank goal set",
        subject=f"phonebank:{phonebank.id}",
        actor_id=actor_id,
        details=[choice.partition(":")[0] or "none"],
    )


def look_at_all(database: Database, *, now: datetime) -> None:
    """Look at the sign-ups of each goal, whichever way they came; each in its own transaction."""
    with database.reading() as db:
        found = [phonebank.id for _, phonebank in goals.goals(db)]
    for phonebank_id in found:
        with database.unit_of_work() as db:
            goal = goals.goal_of(db, phonebank_id)
            if goal is not None:
                look(db, goal, db.get_one(Phonebank, phonebank_id), now=now)


def sign_up_changed(db: Session, *, event_id: int, person_id: int) -> None:
    """Somebody has signed up, or cancelled: in that transaction."""
    found = goals.goals_met_at(db, event_id)
    if not found:
        return
    is_them = goals.is_person(db.get_one(Person, person_id))
    for goal, phonebank in found:
        look(db, goal, phonebank, is_them, now=clock.now())


def look(
    db: Session,
    goal: Goal | None,
    phonebank: Phonebank,
    *whom: ColumnElement[bool],
    now: datetime,
) -> None:
    """Take off the queue who has met the goal, and put back who has not any more.

    Whoever is in a call stays there, and is not offered again. A goal takes nothing else away: a
    promise, a hold and what calls taught us are as they were.
    """
    theirs = (Contact.phonebank_id == phonebank.id, *whom)
    if goal is None:
        _put_back(db, phonebank, *theirs)
        return
    met = goals.has_signed_up(goal, phonebank)
    _take_off(db, *theirs, met, now=now)
    _put_back(db, phonebank, *theirs, ~met)


def _take_off(db: Session, *whom: ColumnElement[bool], now: datetime) -> None:
    ids = _held(db, *whom, Contact.goal_met_at.is_(None), Contact.state != "withdrawn")
    state = case((Contact.state.in_(FREE), "withdrawn"), else_=Contact.state)
    _write(db, ids, state, now)


def _put_back(db: Session, phonebank: Phonebank, *whom: ColumnElement[bool]) -> None:
    ids = _held(db, *whom, Contact.goal_met_at.is_not(None))
    waiting = case(
        (Contact.promised_at.is_not(None), "callback"),
        (Contact.attempts >= phonebank.max_attempts, "exhausted"),
        else_="ready",
    )
    state = case((Contact.state == "withdrawn", waiting), else_=Contact.state)
    _write(db, ids, state, None)


def _held(db: Session, *whom: ColumnElement[bool]) -> list[int]:
    """Found first and held in one order, so that nobody waits in a circle."""
    query = select(Contact.id).where(*whom).order_by(Contact.id)
    return list(db.scalars(query.with_for_update()))


def _write(db: Session, ids: list[int], state: ColumnElement[str], at: datetime | None) -> None:
    for start in range(0, len(ids), 500):
        db.execute(
            update(Contact)
            .where(Contact.id.in_(ids[start : start + 500]))
            .values(state=state, goal_met_at=at, version=Contact.version + 1)
            .execution_options(synchronize_session="fetch")
        )


def _chosen(db: Session, phonebank: Phonebank, choice: str) -> Goal | None:
    how, _, what = choice.partition(":")
    if not choice:
        return None
    if how == "kind" and what in set(Kind):
        return Goal(phonebank_id=phonebank.id, kind=what)
    event = events.event_by_public_id(db, what) if how in ("event", "series") else None
    if event is not None and event.group_id == phonebank.group_id:
        if how == "event":
            return Goal(phonebank_id=phonebank.id, event_id=event.id)
        series_id = goals.series_of(db, event.id)
        if series_id is not None:
            return Goal(phonebank_id=phonebank.id, series_id=series_id)
    raise Refused("Choose something that your group holds.", field="goal")
