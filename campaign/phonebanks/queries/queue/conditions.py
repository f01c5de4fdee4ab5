"""What lets somebody be rung now and what speaks against it, each as a condition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, literal, or_, select, true

from campaign.foundation.database import UTCDateTime
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.queries import sharing
from campaign.phonebanks.queries.at_hand import Asking, Terms
from campaign.phonebanks.queries.caller import Caller
from campaign.phonebanks.queries.queue.moments import Moment
from campaign.phonebanks.rules.screening import LASTS

WORKING = ("ok", "suspect")


def within_week() -> ColumnElement[bool]:
    """Whether the week's cap on a number lets it be rung; ``week`` and ``per_week`` are given."""
    since = instant("week")
    calls = (
        select(func.count())
        .select_from(Call)
        .where(Call.number_id == PhoneNumber.id, Call.attempted_at > since)
        .correlate(PhoneNumber)
        .scalar_subquery()
    )
    last = PhoneNumber.last_attempt_at
    quiet = or_(last.is_(None), last <= since)
    # In this order: most were not rung in a week, and nothing is counted for them.
    return case((quiet, true()), else_=calls < bindparam("per_week"))


def in_state(state: str, contact: Any = Contact) -> ColumnElement[bool]:
    """Whether somebody is in this state."""
    # Written out, so that both databases see that the partial index fits.
    found: ColumnElement[bool] = contact.state == literal(state, literal_execute=True)
    return found


def values_of(
    phonebank: Phonebank | Terms, caller: Person | Caller | Asking, moment: Moment
) -> dict[str, Any]:
    """The values by name that every look at the queue is asked with."""
    return {
        "bank": phonebank.id,
        "cap": phonebank.max_attempts,
        "caller": caller.id,
        "phone": caller.phone or "",
        "email": caller.email or "",
        "now": moment.now,
        "rung_after": moment.now - moment.caps.between,
        "screened_after": moment.now - LASTS,
        "household_after": moment.now - moment.caps.household,
        "zones": list(moment.open_zones),
    }


def instant(name: str) -> ColumnElement[datetime]:
    """A moment that is given by its name."""
    return bindparam(name, type_=UTCDateTime())


def skipped(caller_id: Any) -> ColumnElement[bool]:
    """The caller passed them over before."""
    return (
        select(Call.id)
        .where(Call.contact_id == Contact.id, Call.caller_id == caller_id)
        .where(Call.skip_reason.like("skip_%"))
        .exists()
    )


def suppressed() -> ColumnElement[bool]:
    """The number is never to be rung."""
    return select(Suppression.id).where(Suppression.hmac == PhoneNumber.hmac).exists()


def not_oneself(phone: Any, email: Any) -> ColumnElement[bool]:
    """Neither the caller nor a number that they share."""
    other = or_(Contact.email.is_(None), Contact.email != email)
    return and_(PhoneNumber.e164 != phone, other, ~sharing.is_among(email))


def due(now: Any) -> ColumnElement[bool]:
    """Their rest or the time that was promised is over."""
    return or_(Contact.not_before.is_(None), Contact.not_before <= now)


def rested_then(is_practice: bool) -> ColumnElement[bool]:
    """They have rested, and so has the number, by the values that are given by name."""
    now = instant("now")
    return due(now) if is_practice else and_(due(now), ~cooling(instant("rung_after")))


def rested(moment: Moment) -> ColumnElement[bool]:
    """The same at one moment."""
    if moment.is_practice:
        return due(moment.now)
    return and_(due(moment.now), ~cooling(moment.now - moment.caps.between))


def cooling(after: Any) -> ColumnElement[bool]:
    """The number was rung lately, from this phonebank or another (the week is judged after)."""
    last = PhoneNumber.last_attempt_at
    other = func.coalesce(Contact.last_result, "") == "other_person"
    return and_(last.is_not(None), last > after, ~other, Contact.promised_at.is_(None))


def week_before(now: datetime) -> datetime:
    """Since when the weekly cap counts."""
    return now - timedelta(days=7)
