"""What was done since we last looked: which calls were noted, and who is at it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from campaign.phonebanks.models import (
    Call,
    CallerProfile,
    CallReview,
    CanaryCall,
    Phonebank,
    QualityMark,
)
from campaign.phonebanks.queries import board
from campaign.phonebanks.queries.callers import calls_reported
from campaign.phonebanks.rules.canaries import ENDED
from campaign.phonebanks.rules.signals import WINDOW, Made
from campaign.phonebanks.rules.trust import Record, Trust, earned

# Claims of one look: tens of thousands would be those of a minute of the whole country.
MOST = 100_000
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far we have looked: calls noted until then, claims up to this one."""

    looked_at: datetime
    call_id: int


def mark_of(db: Session) -> Mark | None:
    """Where the last look ended."""
    row = db.get(QualityMark, 1)
    return Mark(row.looked_at, row.call_id) if row else None


def last_call_id(db: Session) -> int:
    """The newest claim there is."""
    return db.scalar(select(func.max(Call.id))) or 0


def callers_since(db: Session, call_id: int) -> dict[int, Counter[int]]:
    """Who has claimed how often since that call, by phonebank; practice is none."""
    rows = db.execute(
        select(Call.phonebank_id, Call.caller_id)
        .join(Phonebank, Phonebank.id == Call.phonebank_id)
        .where(Call.id > call_id, ~Phonebank.is_practice)
        # By the key alone: grouped here, all calls there ever were would be read.
        .order_by(Call.id)
        .limit(MOST)
    )
    found: dict[int, Counter[int]] = defaultdict(Counter)
    for bank_id, caller_id in rows:
        found[bank_id][caller_id] += 1
    return found


def banks_in_use(db: Session, *, since: datetime) -> list[int]:
    """Phonebanks in which a call may have been noted since then."""
    over = Phonebank.closes_at.is_not(None) & (Phonebank.closes_at < since)
    query = select(Phonebank.id).where(Phonebank.status != "draft", ~Phonebank.is_practice, ~over)
    return list(db.scalars(query.order_by(Phonebank.id)))


def noted_since(db: Session, bank_id: int, since: datetime) -> list[tuple[int, int]]:
    """Calls that were noted after then and not chosen yet, with their callers, the first first."""
    chosen = select(CallReview.call_id).where(CallReview.call_id == Call.id)
    query = (
        select(Call.id, Call.caller_id)
        .where(Call.phonebank_id == bank_id, Call.reported_at > since)
        .where(Call.status == "reported", ~chosen.exists())
        .order_by(Call.reported_at, Call.id)
    )
    return [(call_id, caller_id) for call_id, caller_id in db.execute(query)]


def standings(db: Session, bank: Phonebank, caller_ids: Collection[int]) -> dict[int, str]:
    """How far these callers are trusted here: leads of the phonebank are leads."""
    asked = select(CallerProfile.person_id, CallerProfile.trust).where(
        CallerProfile.person_id.in_(sorted(caller_ids))
    )
    found = {person_id: trust for person_id, trust in db.execute(asked)}
    leads = board.managers(db, bank)
    return {
        one: Trust.LEAD
        if one in leads and found.get(one) != Trust.SUSPENDED
        else found.get(one, Trust.NEW)
        for one in caller_ids
    }


def risen(db: Session, person_id: int, *, now: datetime) -> Trust | None:
    """The standing that somebody has earned and does not have yet."""
    profile = db.get(CallerProfile, person_id)
    trust, since = (profile.trust, profile.since) if profile else (Trust.NEW, None)
    if trust not in (Trust.NEW, Trust.REGULAR):
        return None
    record = Record(calls_reported(db, person_id, since=since), _found_right(db, person_id, since),
                    since)  # fmt: skip
    becomes = earned(trust, record, now=now)
    return None if becomes == trust else becomes


def _found_right(db: Session, person_id: int, since: datetime | None) -> int:
    counted = select(func.count()).where(
        CallReview.caller_id == person_id, CallReview.verdict == "ok"
    )
    if since is not None:
        counted = counted.where(CallReview.reviewed_at >= since)
    return db.scalar(counted) or 0


def calls_of(
    db: Session, bank_id: int, caller_ids: Sequence[int], *, now: datetime
) -> dict[int, list[Made]]:
    """What these callers did here in the last hours, since a lead last let them go on."""
    query = (
        select(
            Call.caller_id,
            Call.claimed_at,
            Call.revealed_at,
            Call.dialled_at,
            Call.result_code,
            Call.reported_at,
            Call.status,
            Call.expires_at,
            Call.skip_reason,
            CallerProfile.let_go_at,
        )
        .outerjoin(CallerProfile, CallerProfile.person_id == Call.caller_id)
        .where(Call.caller_id.in_(caller_ids), Call.claimed_at > now - WINDOW)
        .where(Call.phonebank_id == bank_id, ~Call.inbound, ~Call.late)
        .order_by(Call.caller_id, Call.claimed_at, Call.id)
    )
    found: dict[int, list[Made]] = defaultdict(list)
    for caller, at, shown, dialled, code, noted, status, until, skip, let_go in db.execute(query):
        if skip == ENDED or (let_go is not None and at <= let_go):
            continue
        over = status in ("released", "expired") or (status == "revealed" and until <= now)
        skipped = bool(skip and skip.startswith("skip_"))
        found[caller].append(
            Made(
                at,
                shown=shown is not None,
                code=code if status == "reported" else None,
                reported_at=noted,
                is_over=over,
                skipped=skipped,
                dialled=dialled is not None,
            )
        )
    return found


def wrong_canaries(
    db: Session, bank_id: int, caller_ids: Sequence[int], *, now: datetime
) -> dict[int, int]:
    """How many of our own numbers they noted wrongly in a week, since they were let go on."""
    query = (
        select(CanaryCall.caller_id, func.count())
        .outerjoin(CallerProfile, CallerProfile.person_id == CanaryCall.caller_id)
        .where(CanaryCall.caller_id.in_(caller_ids), CanaryCall.at > now - WEEK)
        .where(CanaryCall.phonebank_id == bank_id, ~CanaryCall.right)
        .where(or_(CallerProfile.let_go_at.is_(None), CanaryCall.at > CallerProfile.let_go_at))
        .group_by(CanaryCall.caller_id)
        .order_by(CanaryCall.caller_id)
    )
    return {caller_id: number for caller_id, number in db.execute(query)}


def outcomes_lately(db: Session, bank_id: int, *, now: datetime) -> dict[tuple[int, str], int]:
    """How many calls of whom ended how in the last hours."""
    counted = func.count()
    query = (
        select(Call.caller_id, Call.result_code, counted)
        .where(Call.phonebank_id == bank_id, Call.reported_at > now - WINDOW)
        .where(Call.status == "reported")
        .group_by(Call.caller_id, Call.result_code)
        .order_by(Call.caller_id, Call.result_code)
    )
    return {(caller_id, code): number for caller_id, code, number in db.execute(query) if code}
