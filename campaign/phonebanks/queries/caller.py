"""What a claim has to know of its caller, in one look: their day, and what waits to be done first.

The statements are built once, since building one costs more than asking it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from campaign.events.models import Event
from campaign.foundation.database import UTCDateTime
from campaign.people.models import Person, RoleGrant
from campaign.phonebanks.models import (
    Call,
    CallingSession,
    Contact,
    Phonebank,
    Removal,
)
from campaign.phonebanks.queries.callers import standing_of
from campaign.phonebanks.queries.training import has_agreed, has_passed
from campaign.phonebanks.rules.claims import (
    DAY,
    EARLY,
    HOUR,
    LATE,
    REVEALS_A_DAY,
    USUAL_PACE,
    Pace,
    Past,
)
from campaign.phonebanks.rules.trust import Trust


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who asks for the next person.

    ``holds`` says whether a contact is in their hands, its time over or not; ``has_expired`` and
    ``has_callbacks`` whether the phonebank has claims that ran out, or promises that are due.
    """

    id: int
    phone: str | None
    email: str | None
    past: Past
    holds: bool
    has_expired: bool
    has_callbacks: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """What decides whether somebody may call: who took them off, their roles, what they did.

    ``has_session`` only says that a session of the phonebank runs now, not that they are in it;
    ``standing`` is one of ``trust.STOPPED``, or how far they are trusted.
    """

    standing: str
    removed: bool
    roles: frozenset[str]
    practised: bool
    agreed: bool
    has_session: bool


def caller_of(
    db: Session, caller_id: int, phonebank_id: int, *, now: datetime, pace: Pace = USUAL_PACE
) -> Caller:
    """The caller, as a claim in this phonebank needs to know them."""
    given = {"caller": caller_id, "bank": phonebank_id, "now": now, **past_values(now, pace)}
    row: list[Any] = list(db.execute(_CALLER, given).one())
    holds, expired, callbacks = (bool(found) for found in row[2:5])
    return Caller(caller_id, row[0], row[1], Past(*row[5:]), holds, expired, callbacks)


def past_of(db: Session, caller_id: int, *, now: datetime, pace: Pace = USUAL_PACE) -> Past:
    """What a caller has done in the last hour and day, from their calls."""
    given = {"caller": caller_id, **past_values(now, pace)}
    row: list[Any] = list(db.execute(_PAST, given).one())
    return Past(*row)


def entry_of(db: Session, phonebank_id: int, person_id: int, *, now: datetime) -> Entry:
    """What decides whether this person may call for the phonebank, as it stands now."""
    rows = db.execute(
        _ENTRY,
        {
            "bank": phonebank_id,
            "caller": person_id,
            "now": now,
            "early": now + EARLY,
            "late": now - LATE,
        },
    ).all()
    standing, removed, practised, agreed, has_session = rows[0][:5]
    roles = frozenset(str(row[5]) for row in rows if row[5] is not None)
    return Entry(
        standing or Trust.NEW,
        bool(removed),
        roles,
        bool(practised),
        bool(agreed),
        bool(has_session),
    )


def _instant(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime())


def past_values(now: datetime, pace: Pace) -> dict[str, Any]:
    """What ``past_columns`` want to know beside the caller."""
    return {
        "hour": now - HOUR,
        "day": now - DAY,
        "before": now - DAY - HOUR,
        # Nobody sees so many where nobody counts as new.
        "slow": pace.newcomer_reveals if pace.newcomer_calls else REVEALS_A_DAY + 1,
        "known_after": max(pace.newcomer_calls - 1, 0),
    }


def past_columns() -> list[ColumnElement[Any]]:
    """The columns of ``Past``, of calls since ``before``; ``past_values`` and ``caller`` are given.

    Whether the caller is new is looked up only from ``slow`` reveals on.
    """
    in_hour, in_day = Call.revealed_at > _instant("hour"), Call.revealed_at > _instant("day")
    skipped = and_(Call.skip_reason.like("skip_%"), Call.ended_at > _instant("hour"))
    return [
        func.max(Call.claimed_at).label("last_claim"),
        func.count(case((in_hour, 1))).label("reveals_hour"),
        func.min(case((in_hour, Call.revealed_at))).label("oldest_hour"),
        func.count(case((in_day, 1))).label("reveals_day"),
        func.min(case((in_day, Call.revealed_at))).label("oldest_day"),
        func.count(case((skipped, 1))).label("skips_hour"),
        func.min(case((skipped, Call.ended_at))).label("oldest_skip"),
        case((func.count(case((in_hour, 1))) >= bindparam("slow"), _is_new()), else_=false()).label(
            "is_new"
        ),
    ]


def _is_new() -> ColumnElement[bool]:
    """Whether the caller has not reported as many real calls as make one known."""
    mine = aliased(Call)
    known = (
        select(mine.id)
        .join(Phonebank, Phonebank.id == mine.phonebank_id)
        .where(mine.caller_id == bindparam("caller"))
        .where(mine.status == "reported", ~Phonebank.is_practice)
        .order_by(mine.claimed_at)
        .limit(literal_column("1"))
        .offset(bindparam("known_after"))
        .correlate(None)
    )
    return known.scalar_subquery().is_(None)


def _is(state: str) -> ColumnElement[bool]:
    # Written out, so that both databases see that the partial index fits.
    return Contact.state == literal(state, literal_execute=True)


_PAST = select(*past_columns()).where(
    Call.caller_id == bindparam("caller"), Call.claimed_at > _instant("before")
)
_LATELY = _PAST.subquery()


def due_columns(bank: Any) -> list[ColumnElement[bool]]:
    """Whether a phonebank has claims that ran out, and promises that are due; ``now`` is given."""
    # By another name, since the look may be about a contact itself.
    other = aliased(Contact)
    on_list = select(other.id).where(other.phonebank_id == bank)
    claimed, promised = (
        on_list.where(other.state == literal(state, literal_execute=True))
        for state in ("claimed", "callback")
    )
    due = or_(other.not_before.is_(None), other.not_before <= _instant("now"))
    # The first of them, so that the index of these times is read: to ask whether there is any,
    # PostgreSQL would try every live claim. The limit is no value, or it counts on a tenth of them.
    expired = claimed.where(other.claimed_until <= _instant("now")).order_by(other.claimed_until)
    first = expired.limit(literal_column("1")).scalar_subquery()
    return [
        first.is_not(None),
        promised.where(due).exists(),
    ]


def entry_columns(bank: Any) -> list[ColumnElement[bool]]:
    """The columns of ``Entry`` beside the roles; ``early`` and ``late`` are given."""
    return [
        select(Removal.person_id)
        .where(Removal.phonebank_id == bank, Removal.person_id == Person.id)
        .exists(),
        has_passed(Person.id),
        has_agreed(Person.id),
        select(CallingSession.id)
        .join(Event, Event.id == CallingSession.event_id)
        .where(CallingSession.phonebank_id == bank, Event.state != "cancelled")
        .where(Event.starts_at <= _instant("early"), Event.ends_at >= _instant("late"))
        .exists(),
    ]


_CALLER = (
    select(
        Person.phone,
        Person.email,
        select(Contact.id).where(Contact.claimed_by == Person.id, _is("claimed")).exists(),
        *due_columns(bindparam("bank")),
        *_LATELY.c,
    )
    .select_from(Person)
    .join(_LATELY, true())
    .where(Person.id == bindparam("caller"))
)
_ENTRY = (
    select(standing_of(Person.id), *entry_columns(bindparam("bank")), RoleGrant.role)
    .select_from(Person)
    .outerjoin(RoleGrant, RoleGrant.person_id == Person.id)
    .where(Person.id == bindparam("caller"))
    .order_by(RoleGrant.role)
)
