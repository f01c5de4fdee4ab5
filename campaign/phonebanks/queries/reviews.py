"""Calls that wait for a lead's look, what was said of them, and signs on the board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from campaign.people.models import Person
from campaign.phonebanks.models import (
    Call,
    CallerProfile,
    CallerSignal,
    CallReview,
    Contact,
    Phonebank,
    ScriptVersion,
)
from campaign.phonebanks.rules.signals import in_words

SHOWN = timedelta(hours=12)
MOST = 20


@dataclass(frozen=True, slots=True)
class Looked:
    """A call to look at: with whom by first name, who called, and how it went. No number."""

    review: CallReview
    call: Call
    first_name: str
    town: str
    caller_key: str
    caller: str

    @property
    def seconds(self) -> int:
        """From the claim to the report."""
        assert self.call.reported_at is not None
        return round((self.call.reported_at - self.call.claimed_at).total_seconds())


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in words: its figure, and what the figure says."""

    code: str
    strong: bool
    figure: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Watched:
    """A caller with signs, or whom a lead is to talk to; ``paused_at`` is None while they call."""

    person_id: int
    public_id: str
    name: str
    paused_at: datetime | None
    signs: list[Sign]


def waiting(db: Session, phonebank_id: int, *, viewer_id: int) -> int:
    """How many calls wait for this lead's look; nobody looks at their own."""
    counted = select(func.count()).select_from(CallReview)
    return db.scalar(counted.where(*_waits(phonebank_id, viewer_id))) or 0


def queue_of(db: Session, phonebank_id: int, *, viewer_id: int, most: int = MOST) -> list[Looked]:
    """The calls that wait for this lead's look, the oldest first."""
    query = _looked().where(*_waits(phonebank_id, viewer_id)).order_by(CallReview.call_id)
    return [Looked(*row) for row in db.execute(query.limit(most))]


def review_of(db: Session, phonebank_id: int, call_id: int) -> CallReview | None:
    """The look at one call, done or not."""
    review = db.get(CallReview, call_id)
    return review if review and review.phonebank_id == phonebank_id else None


def script_steps(db: Session, call: Call) -> list[dict[str, Any]]:
    """What was asked on a call, by the script of that day."""
    query = select(ScriptVersion.steps).where(
        ScriptVersion.phonebank_id == call.phonebank_id,
        ScriptVersion.number == call.script_number,
    )
    return list(db.scalar(query) or [])


def said_of(db: Session, caller_id: int) -> list[tuple[Looked, str]]:
    """What leads said of somebody's calls, what is not read and serious first."""
    said = (CallReview.verdict != "ok") | (CallReview.feedback != "")
    query = (
        _looked()
        .add_columns(Phonebank.title)
        .join(Phonebank, Phonebank.id == CallReview.phonebank_id)
        .where(CallReview.caller_id == caller_id, CallReview.verdict.is_not(None), said)
        .order_by(CallReview.read_at.is_not(None), CallReview.verdict.desc())
        .order_by(CallReview.reviewed_at.desc(), CallReview.call_id.desc())
        .limit(100)
    )
    return [(Looked(*row[:6]), row[6]) for row in db.execute(query)]


def found_right(db: Session, caller_id: int) -> int:
    """How many of somebody's calls were looked at and found right."""
    counted = select(func.count()).where(
        CallReview.caller_id == caller_id, CallReview.verdict == "ok"
    )
    return db.scalar(counted) or 0


def unread(db: Session, caller_id: int) -> int:
    """How much of what leads said somebody has not read."""
    counted = select(func.count()).where(
        CallReview.caller_id == caller_id,
        CallReview.verdict.in_(("minor", "serious")),
        CallReview.read_at.is_(None),
    )
    return db.scalar(counted) or 0


def watched(
    db: Session, phonebank_id: int, *, labels: Callable[[str], str], now: datetime
) -> list[Watched]:
    """Who was paused here, the last first; then who shows signs in these hours, by name.

    ``labels`` says what an outcome is called.
    """
    query = (
        select(Person.id, Person.public_id, Person.name, CallerProfile.paused_at)
        .join(CallerProfile, CallerProfile.person_id == Person.id)
        .where(CallerProfile.paused_in == phonebank_id, CallerProfile.paused_at.is_not(None))
        .order_by(CallerProfile.paused_at.desc(), Person.id)
        .limit(50)
    )
    signs = _signs(db, phonebank_id, labels, now)
    paused = [Watched(*row, signs.pop(row[0], [])) for row in db.execute(query)]
    if not signs:
        return paused
    others = (
        select(Person.id, Person.public_id, Person.name)
        .where(Person.id.in_(sorted(signs)))
        .order_by(Person.name, Person.id)
    )
    return paused + [Watched(*row, None, signs[row[0]]) for row in db.execute(others)]


def _signs(
    db: Session, phonebank_id: int, labels: Callable[[str], str], now: datetime
) -> dict[int, list[Sign]]:
    """The signs of these hours by caller, the strong ones first."""
    query = (
        select(CallerSignal)
        .where(CallerSignal.phonebank_id == phonebank_id, CallerSignal.last_at > now - SHOWN)
        .order_by(CallerSignal.strong.desc(), CallerSignal.first_at, CallerSignal.code)
        .limit(200)
    )
    found: dict[int, list[Sign]] = {}
    for one in db.scalars(query):
        words = in_words(one.code, one.figures, labels(one.word))
        found.setdefault(one.caller_id, []).append(Sign(one.code, one.strong, *words))
    return found


def _looked() -> Any:
    return (
        select(CallReview, Call, Contact.first_name, Contact.town, Person.public_id, Person.name)
        .join(Call, Call.id == CallReview.call_id)
        .join(Contact, Contact.id == Call.contact_id)
        .join(Person, Person.id == CallReview.caller_id)
    )


def _waits(phonebank_id: int, viewer_id: int) -> list[ColumnElement[bool]]:
    return [
        CallReview.phonebank_id == phonebank_id,
        CallReview.verdict.is_(None),
        CallReview.caller_id != viewer_id,
    ]
