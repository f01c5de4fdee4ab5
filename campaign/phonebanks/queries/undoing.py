"""The report that a caller may still take back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session, aliased

from campaign.phonebanks.models import Call, CallReview, Contact, Phonebank
from campaign.phonebanks.queries.board.calls import LONGEST

# So long a report may be taken back, if nobody else has rung them or looked at it.
OPEN_FOR = timedelta(minutes=20)


@dataclass(frozen=True, slots=True)
class Undoable:
    """A report: the call's id in addresses, the report's own key, how it went and with whom."""

    claim_id: str
    report: str
    outcome: str
    first_name: str
    at: datetime


def last_report(
    db: Session, caller_id: int, phonebank_id: int, *, never: Collection[str], now: datetime
) -> Undoable | None:
    """The caller's last report here, if it may be taken back now; outcomes of ``never`` may not."""
    mine = aliased(Call)
    last = (
        select(mine.id)
        .where(mine.caller_id == caller_id, mine.phonebank_id == phonebank_id)
        .where(mine.claimed_at > now - OPEN_FOR - LONGEST, mine.reported_at > now - OPEN_FOR)
        .order_by(mine.reported_at.desc(), mine.id.desc())
        .limit(1)
    )
    query = (
        select(Call.public_id, Call.client_uuid, Call.result_code, Contact.first_name)
        .add_columns(Call.reported_at)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.id == last.scalar_subquery(), *_is_open(never, now))
    )
    row = db.execute(query).first()
    return Undoable(*row) if row else None


def is_open(db: Session, call: Call, report: str, *, never: Collection[str], now: datetime) -> bool:
    """Whether this report of a call may be taken back now."""
    query = (
        select(Call.id)
        .join(Contact, Contact.id == Call.contact_id)
        .where(Call.id == call.id, Call.client_uuid == report, *_is_open(never, now))
    )
    return db.scalar(query) is not None


def _is_open(never: Collection[str], now: datetime) -> list[ColumnElement[bool]]:
    """Reported in time and lately; nobody has rung them since, or looked at the call."""
    later = aliased(Call)
    since = select(later.id).where(later.contact_id == Call.contact_id, later.id > Call.id)
    looked = select(CallReview.call_id).where(
        CallReview.call_id == Call.id, CallReview.verdict.is_not(None)
    )
    practice = select(Phonebank.id).where(Phonebank.is_practice)
    return [
        and_(Call.status == "reported", ~Call.late, ~Call.inbound),
        Call.reported_at > now - OPEN_FOR,
        Call.reversal_id.is_(None),
        Call.before.is_not(None),
        Call.result_code.not_in(sorted(never)),
        Call.phonebank_id.not_in(practice),
        Contact.last_call_at == Call.reported_at,
        Contact.state.in_(("ready", "callback", "held", "done", "exhausted")),
        ~since.exists(),
        ~looked.exists(),
    ]
