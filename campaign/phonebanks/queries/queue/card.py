"""The reasons card: why each of a list is not rung just now, and when that changes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from campaign.foundation.database import with_room
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.queries import goals, households, promises
from campaign.phonebanks.queries.caller import Caller
from campaign.phonebanks.queries.nations import lives_in
from campaign.phonebanks.queries.queue.conditions import (
    WORKING,
    in_state,
    not_oneself,
    rested,
    skipped,
    suppressed,
    week_before,
)
from campaign.phonebanks.queries.queue.moments import Moment
from campaign.phonebanks.queries.screening import reasons_against
from campaign.phonebanks.rules.screening import ON_TPS


def reasons(db: Session, phonebank: Phonebank, moment: Moment) -> dict[str, int]:
    """How many people stand for each reason; everybody has exactly one, "ready" is one of them."""
    # Who is in a call elsewhere is joined and not looked up, one by one, for each of a long list.
    # Their number is on one screen at most, so nobody is counted twice.
    other = aliased(Contact)
    live = and_(other.claimed_until > moment.now, in_state("claimed", other))
    reason = reason_of(phonebank, moment, other.id.is_not(None)).label("reason")
    # The limits of nothing keep PostgreSQL from guessing that there are as many reasons as people,
    # and from sorting them all.
    found = (
        select(reason)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .outerjoin(other, and_(other.number_id == Contact.number_id, live))
        .where(Contact.phonebank_id == phonebank.id, Contact.canary.is_(None))
        .offset(0)
        .subquery()
    )
    with_room(db)
    rows = db.execute(select(found.c.reason, func.count()).group_by(found.c.reason))
    return dict(sorted((name, count) for name, count in rows))


def ready_for_others(
    db: Session, phonebank: Phonebank, caller: Person | Caller, moment: Moment
) -> int:
    """How many of the ready are never offered to this caller: passed over, or the caller."""
    query = (
        select(func.count())
        .select_from(Contact)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(Contact.phonebank_id == phonebank.id, reason_of(phonebank, moment) == "ready")
        .where(Contact.canary.is_(None))
        .where(or_(skipped(caller.id), ~not_oneself(caller.phone or "", caller.email or "")))
    )
    return db.scalar(query) or 0


def next_change(db: Session, phonebank: Phonebank, *, now: datetime) -> datetime | None:
    """When the next contact may become ready: a rest, a promise or a claim comes to its end."""
    until = case((in_state("claimed"), Contact.claimed_until), else_=Contact.not_before)
    earliest: datetime | None = db.scalar(
        select(func.min(until)).where(
            Contact.phonebank_id == phonebank.id,
            Contact.state.in_(("ready", "callback", "claimed")),
            until > now,
        )
    )
    return earliest


def _had_their_week(moment: Moment) -> ColumnElement[bool]:
    """The number was rung as often as a week allows; a claim finds that out for itself."""
    if moment.is_practice:
        return literal(False)
    since = week_before(moment.now)
    calls = (
        select(func.count())
        .where(Call.number_id == PhoneNumber.id, Call.attempted_at > since)
        .correlate(PhoneNumber)
        .scalar_subquery()
    )
    return and_(PhoneNumber.last_attempt_at > since, calls >= moment.caps.per_week)


def _in_call_elsewhere(now: datetime) -> ColumnElement[bool]:
    other = aliased(Contact)
    live = and_(other.claimed_until > now, in_state("claimed", other), other.id != Contact.id)
    return select(other.id).where(other.number_id == Contact.number_id, live).exists()


def reason_of(
    phonebank: Phonebank, moment: Moment, elsewhere: ColumnElement[bool] | None = None
) -> ColumnElement[str]:
    """The one reason of each contact, in words of the card; "ready" where there is none."""
    if elsewhere is None:
        elsewhere = _in_call_elsewhere(moment.now)
    live = and_(Contact.state == "claimed", Contact.claimed_until > moment.now)
    dead, worn = PhoneNumber.state.not_in(WORKING), Contact.state == "exhausted"
    ways: list[tuple[ColumnElement[bool], str]] = [
        (or_(Contact.state == "suppressed", suppressed()), "never"),
        (Contact.state == "done", "finished"),
        (~goals.is_wanted(), "signed_up"),
        (Contact.state == "withdrawn", "withdrawn"),
        (or_(dead, and_(worn, Contact.last_result == "dead_number")), "no_number"),
        (or_(worn, _worn_out(phonebank)), "tried"),
        (and_(Contact.state == "held", ~Contact.consent, ~Contact.screened), "no_consent"),
        (and_(Contact.state == "held", Contact.hold_reason == ON_TPS), "on_tps"),
        (Contact.state == "held", "organiser"),
        *reasons_against(moment.now),
        (live, "in_call"),
        (elsewhere, "elsewhere"),
        (promises.is_awaited(moment.now), "callback"),
        (or_(~rested(moment), _had_their_week(moment)), "resting"),
        *households.reasons_against(moment.now, moment.caps.household, moment.is_practice),
        (PhoneNumber.time_zone.not_in(moment.open_zones), "hours"),
        (lives_in(moment.shut_nations), "hours"),
    ]
    return case(*ways, else_="ready")


def _worn_out(phonebank: Phonebank) -> ColumnElement[bool]:
    if phonebank.is_practice:
        return literal(False)
    return and_(
        Contact.attempts >= phonebank.max_attempts,
        Contact.state.in_(("ready", "callback")),
        Contact.promised_at.is_(None),
    )
