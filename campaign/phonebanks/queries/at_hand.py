"""A call that is about to be reported, with all that decides on it and on who comes next.

One look of the session's transaction, as plain values and without a lock: whoever writes afterwards
says in the statement what must still be so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, select, true
from sqlalchemy.orm import Session

from campaign.foundation.statements import Statement
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank, ScriptVersion
from campaign.phonebanks.queries.caller import (
    due_columns,
    entry_columns,
    past_columns,
    past_values,
)
from campaign.phonebanks.queries.callers import standing_of
from campaign.phonebanks.queries.drafts import has_draft
from campaign.phonebanks.rules.claims import EARLY, LATE, USUAL_PACE, Pace, Past
from campaign.phonebanks.rules.trust import Trust

# Until the transaction ends or ``at_once`` has written. Its one statement takes longer to plan than
# to run, so it is planned once for all values; and without values the planner takes so few of a
# slot for ready that it would read and sort all of it, where the index has them in order.
PLANNING = {"plan_cache_mode": ("force_generic_plan", "auto"), "enable_sort": ("off", "on")}


def planned_once() -> list[Any]:
    """Columns that tell PostgreSQL so."""
    return [func.set_config(name, so, True) for name, (so, _) in PLANNING.items()]


def planned_as_usual() -> list[Any]:
    """Columns that take it back."""
    return [func.set_config(name, usual, True) for name, (_, usual) in PLANNING.items()]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a phonebank says about its calls."""

    id: int
    public_id: str
    status: str
    opens_at: datetime | None
    closes_at: datetime | None
    hours: dict[str, list[str]] | None
    zones: list[str]
    claim_seconds: int
    max_attempts: int
    cooldown_minutes: int
    is_practice: bool
    access: str


@dataclass(frozen=True, slots=True)
class Rung:
    """The call: what of it decides."""

    id: int
    caller_id: int
    status: str
    expires_at: datetime
    revealed_at: datetime | None
    attempted_at: datetime | None
    ended_at: datetime | None
    inbound: bool
    # Only where its report is not the first, or is none of everyday.
    said: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The person on the list; ``holds`` says whether this very call has them in hand."""

    id: int
    attempts: int
    voicemails: int
    busy_day: date | None
    busy_count: int
    note: str
    reached_at: datetime | None
    promised_at: datetime | None
    hold_reason: str | None
    not_before: datetime | None
    callback_owner_id: int | None
    language: str | None
    last_result: str | None
    last_call_at: datetime | None
    version: int
    number_id: int
    number_state: str
    time_zone: str
    holds: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """Who reports, and may ask for the next person; ``standing`` as in ``caller.Entry``."""

    id: int
    phone: str | None
    email: str | None
    standing: str
    removed: bool
    practised: bool
    agreed: bool
    has_session: bool
    has_expired: bool
    has_callbacks: bool
    past: Past


@dataclass(frozen=True, slots=True)
class AtHand:
    """All of it."""

    terms: Terms
    call: Rung
    contact: Waiting
    caller: Asking
    script_number: int | None
    has_draft: bool


def call_at_hand(
    db: Session, claim_id: str, caller_id: int, *, now: datetime, pace: Pace = USUAL_PACE
) -> AtHand | None:
    """The caller's own call by the id of its claim; None where there is none of theirs."""
    connection = db.connection()
    rows = _statement(connection.dialect.name).rows(
        connection,
        {
            "claim": claim_id,
            "caller": caller_id,
            "now": now,
            "early": now + EARLY,
            "late": now - LATE,
            **past_values(now, pace),
        },
    )
    return _understood(list(rows[0])) if rows else None


def _understood(row: list[Any]) -> AtHand:
    def take(many: int) -> list[Any]:
        taken, row[:many] = row[:many], []
        return taken

    terms, call = Terms(*take(12)), Rung(*take(len(Rung.__slots__)))
    contact = Waiting(*take(len(Waiting.__slots__)))
    who, standing, known = take(3), take(1)[0] or Trust.NEW, [bool(one) for one in take(6)]
    caller = Asking(*[*who, standing, *known, Past(*take(8))])
    return AtHand(terms, call, contact, caller, row[0], bool(row[1]))


@lru_cache(maxsize=2)
def _statement(database: str) -> Statement:
    asked = _asked()
    if database == "postgresql":
        asked = asked.add_columns(*planned_once())
    return Statement(asked, database)


def _asked() -> Select[Any]:
    lately = (
        select(*past_columns())
        .where(Call.caller_id == bindparam("caller"), Call.claimed_at > bindparam("before"))
        .subquery()
    )
    script = (
        select(func.max(ScriptVersion.number))
        .where(ScriptVersion.phonebank_id == Phonebank.id)
        .scalar_subquery()
    )
    return (
        select(
            *(getattr(Phonebank, name) for name in Terms.__slots__),
            *(getattr(Call, name) for name in Rung.__slots__),
            *_of_the_contact(),
            Person.id,
            Person.phone,
            Person.email,
            standing_of(Person.id),
            *entry_columns(Phonebank.id),
            *due_columns(Phonebank.id),
            *lately.c,
            script,
            has_draft(),
        )
        .select_from(Call)
        .join(Phonebank, Phonebank.id == Call.phonebank_id)
        .join(Contact, Contact.id == Call.contact_id)
        .join(PhoneNumber, PhoneNumber.id == Call.number_id)
        .join(Person, Person.id == Call.caller_id)
        .join(lately, true())
        .where(Call.public_id == bindparam("claim"), Call.caller_id == bindparam("caller"))
    )


def _of_the_contact() -> list[ColumnElement[Any]]:
    # Of a number of our own nothing is written at once: what is noted of it is no report.
    holds = and_(
        Contact.state == "claimed", Contact.claim_call_id == Call.id, Contact.canary.is_(None)
    )
    names = ("id", "attempts", "voicemails", "busy_day", "busy_count", "note", "reached_at",
             "promised_at", "hold_reason", "not_before", "callback_owner_id", "language",
             "last_result", "last_call_at", "version")  # fmt: skip
    mine = [getattr(Contact, name) for name in names]
    return [*mine, PhoneNumber.id, PhoneNumber.state, PhoneNumber.time_zone, holds]
