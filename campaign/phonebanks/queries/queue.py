"""The queue: who may be handed out now, and for everybody else the one reason why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    literal,
    literal_column,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from campaign.foundation.database import UTCDateTime, with_room
from campaign.people.models import Person, PhoneNumber, Suppression
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.queries import goals, households, promises, sharing
from campaign.phonebanks.queries.at_hand import Asking, Terms
from campaign.phonebanks.queries.caller import Caller
from campaign.phonebanks.queries.nations import lives_in
from campaign.phonebanks.queries.screening import is_lawful, reasons_against
from campaign.phonebanks.rules.attempts import Caps
from campaign.phonebanks.rules.claims import CALLBACK_GRACE
from campaign.phonebanks.rules.screening import LASTS

WORKING = ("ok", "suspect")


@dataclass(frozen=True, slots=True)
class Moment:
    """What every check of a claim needs to know: when, and what is open then."""

    now: datetime
    open_zones: tuple[str, ...]
    caps: Caps
    is_practice: bool
    # Where a bank holiday is kept just now and nobody is rung.
    shut_nations: tuple[str, ...] = ()


def next_ready(
    db: Session,
    phonebank: Phonebank,
    caller: Person | Caller,
    moment: Moment,
    *,
    slot: int | None,
) -> tuple[Contact, PhoneNumber] | None:
    """The first of the ready queue, locked; contacts that others are handing out are skipped."""
    asked = _but_shut(_ready(moment.is_practice, slot is not None), moment.shut_nations)
    return _first(db, asked, {**values_of(phonebank, caller, moment), "slot": slot})


def in_line(shut: tuple[str, ...], *columns: Any) -> Select[Any]:
    """These columns of the first of a slot from a place on, as ``next_ready`` asks for it.

    ``values_of`` gives the values, but for the slot and where to begin in its order.
    """
    named = (
        bindparam("priority", type_=Contact.priority.type),
        bindparam("shuffle", type_=Integer()),
    )
    begins = tuple_(*named)
    onwards = tuple_(Contact.priority, Contact.shuffle) >= begins
    asked = _but_shut(_ready(False, True), shut).where(onwards)
    return asked.with_only_columns(*columns, maintain_column_froms=True)


def within_week() -> ColumnElement[bool]:
    """Whether the week's cap on a number lets it be rung; ``week`` and ``per_week`` are given."""
    since = _instant("week")
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


def next_callback(
    db: Session, phonebank: Phonebank, caller: Person | Caller, moment: Moment
) -> tuple[Contact, PhoneNumber] | None:
    """The first due callback: the caller's own, then others' past their grace; locked."""
    asked = _but_shut(_callbacks(moment.is_practice), moment.shut_nations)
    given = {"grace": moment.now - CALLBACK_GRACE}
    return _first(db, asked, {**values_of(phonebank, caller, moment), **given})


def has_somebody(
    db: Session, phonebank: Phonebank, caller: Person | Caller, moment: Moment
) -> bool:
    """Whether anybody on the list may be rung by this caller now; locks nobody."""
    return bool(callable_now(db, phonebank, caller, moment, most=1))


def callable_now(
    db: Session,
    phonebank: Phonebank,
    caller: Person | Caller,
    moment: Moment,
    *narrower: ColumnElement[bool],
    most: int,
    **given: Any,
) -> list[tuple[Contact, PhoneNumber]]:
    """A few who may be rung by this caller now, of those that are meant; locks nobody."""
    asked = _callable(moment.is_practice)
    asked = asked.where(Contact.state.in_(("ready", "callback")), _rested_then(moment.is_practice))
    asked = _but_shut(asked, moment.shut_nations).where(*narrower).limit(most)
    found = db.execute(asked, {**values_of(phonebank, caller, moment), **given})
    return [(row[0], row[1]) for row in found]


def reasons(db: Session, phonebank: Phonebank, moment: Moment) -> dict[str, int]:
    """How many people stand for each reason; everybody has exactly one, "ready" is one of them."""
    # Who is in a call elsewhere is joined and not looked up, one by one, for each of a long list.
    # Their number is on one screen at most, so nobody is counted twice.
    other = aliased(Contact)
    live = and_(other.claimed_until > moment.now, _is("claimed", other))
    reason = _reason(phonebank, moment, other.id.is_not(None)).label("reason")
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
        .where(Contact.phonebank_id == phonebank.id, _reason(phonebank, moment) == "ready")
        .where(Contact.canary.is_(None))
        .where(or_(_skipped(caller.id), ~_not_oneself(caller.phone or "", caller.email or "")))
    )
    return db.scalar(query) or 0


def next_change(db: Session, phonebank: Phonebank, *, now: datetime) -> datetime | None:
    """When the next contact may become ready: a rest, a promise or a claim comes to its end."""
    until = case((_is("claimed"), Contact.claimed_until), else_=Contact.not_before)
    earliest: datetime | None = db.scalar(
        select(func.min(until)).where(
            Contact.phonebank_id == phonebank.id,
            Contact.state.in_(("ready", "callback", "claimed")),
            until > now,
        )
    )
    return earliest


def _but_shut(
    asked: Select[Contact, PhoneNumber], nations: tuple[str, ...]
) -> Select[Contact, PhoneNumber]:
    """Without the people of nations that keep a bank holiday: a few days a year."""
    return asked.where(~lives_in(nations)) if nations else asked


def _is(state: str, contact: Any = Contact) -> ColumnElement[bool]:
    # Written out, so that both databases see that the partial index fits.
    found: ColumnElement[bool] = contact.state == literal(state, literal_execute=True)
    return found


def _first(
    db: Session, asked: Select[Contact, PhoneNumber], values: dict[str, Any]
) -> tuple[Contact, PhoneNumber] | None:
    row = db.execute(asked, values).first()
    return (row[0], row[1]) if row else None


def _locked(asked: Select[Contact, PhoneNumber]) -> Select[Contact, PhoneNumber]:
    return (
        # Written out: of a limit that is a value PostgreSQL thinks that a tenth of all is wanted.
        asked.limit(literal_column("1"))
        .with_for_update(skip_locked=True, of=[Contact, PhoneNumber])
        .execution_options(populate_existing=True)
    )


# The looks at the queue are built once for each kind: building one costs more than asking it.
# Every value in them has a name, and ``values_of`` gives it.


@lru_cache(maxsize=4)
def _ready(is_practice: bool, slotted: bool) -> Select[Contact, PhoneNumber]:
    asked = _callable(is_practice).where(_is("ready"), _rested_then(is_practice))
    if slotted:
        asked = asked.where(Contact.slot == bindparam("slot"))
    # In the very order of the index: a tie-breaker after it would have dozens of rows sorted to
    # find the first, and who comes first of two with the same random number is no matter.
    return _locked(asked.order_by(Contact.priority, Contact.shuffle))


@lru_cache(maxsize=2)
def _callbacks(is_practice: bool) -> Select[Contact, PhoneNumber]:
    own = Contact.callback_owner_id == bindparam("caller")
    anybody = or_(
        own, Contact.callback_owner_id.is_(None), Contact.promised_at <= bindparam("grace")
    )
    asked = _callable(is_practice).where(
        _is("callback"), _due(_instant("now")), Contact.promised_at <= _instant("now"), anybody
    )
    return _locked(asked.order_by(own.desc(), Contact.promised_at, Contact.id))


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


def _instant(name: str) -> ColumnElement[datetime]:
    return bindparam(name, type_=UTCDateTime())


def _callable(is_practice: bool) -> Select[Contact, PhoneNumber]:
    other = aliased(Contact)
    # At most one row, by its unique index. As a value and not as EXISTS: PostgreSQL would compare
    # each contact with every claim there is, instead of looking the one number up.
    elsewhere = (
        select(other.id)
        .where(other.number_id == Contact.number_id, other.claimed_until > _instant("now"))
        .where(other.state == literal("claimed", literal_execute=True))
        .scalar_subquery()
    )
    asked = (
        select(Contact, PhoneNumber)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(
            Contact.phonebank_id == bindparam("bank"),
            is_lawful(_instant("screened_after")),
            PhoneNumber.state.in_(WORKING),
            PhoneNumber.time_zone.in_(bindparam("zones", expanding=True)),
            elsewhere.is_(None),
            goals.is_wanted(),
            ~_skipped(bindparam("caller")),
        )
    )
    if is_practice:
        return asked.where(PhoneNumber.fictitious)
    # What was promised is kept beyond the cap of the phonebank; the week's cap holds all the same.
    within = or_(Contact.attempts < bindparam("cap"), Contact.promised_at.is_not(None))
    oneself = _not_oneself(bindparam("phone"), bindparam("email"))
    apart = households.is_apart(_instant("now"), _instant("household_after"), bindparam("caller"))
    return asked.where(within, ~_suppressed(), oneself, apart)


def _skipped(caller_id: Any) -> ColumnElement[bool]:
    return (
        select(Call.id)
        .where(Call.contact_id == Contact.id, Call.caller_id == caller_id)
        .where(Call.skip_reason.like("skip_%"))
        .exists()
    )


def _suppressed() -> ColumnElement[bool]:
    return select(Suppression.id).where(Suppression.hmac == PhoneNumber.hmac).exists()


def _not_oneself(phone: Any, email: Any) -> ColumnElement[bool]:
    other = or_(Contact.email.is_(None), Contact.email != email)
    return and_(PhoneNumber.e164 != phone, other, ~sharing.is_among(email))


def _due(now: Any) -> ColumnElement[bool]:
    return or_(Contact.not_before.is_(None), Contact.not_before <= now)


def _rested_then(is_practice: bool) -> ColumnElement[bool]:
    now = _instant("now")
    return _due(now) if is_practice else and_(_due(now), ~_cooling(_instant("rung_after")))


def _rested(moment: Moment) -> ColumnElement[bool]:
    if moment.is_practice:
        return _due(moment.now)
    return and_(_due(moment.now), ~_cooling(moment.now - moment.caps.between))


def _cooling(after: Any) -> ColumnElement[bool]:
    """The number was rung lately, from this phonebank or another (the week is judged after)."""
    last = PhoneNumber.last_attempt_at
    other = func.coalesce(Contact.last_result, "") == "other_person"
    return and_(last.is_not(None), last > after, ~other, Contact.promised_at.is_(None))


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
    live = and_(other.claimed_until > now, _is("claimed", other), other.id != Contact.id)
    return select(other.id).where(other.number_id == Contact.number_id, live).exists()


def _reason(
    phonebank: Phonebank, moment: Moment, elsewhere: ColumnElement[bool] | None = None
) -> ColumnElement[str]:
    if elsewhere is None:
        elsewhere = _in_call_elsewhere(moment.now)
    live = and_(Contact.state == "claimed", Contact.claimed_until > moment.now)
    dead, worn = PhoneNumber.state.not_in(WORKING), Contact.state == "exhausted"
    ways: list[tuple[ColumnElement[bool], str]] = [
        (or_(Contact.state == "suppressed", _suppressed()), "never"),
        (Contact.state == "done", "finished"),
        (~goals.is_wanted(), "signed_up"),
        (Contact.state == "withdrawn", "withdrawn"),
        (or_(dead, and_(worn, Contact.last_result == "dead_number")), "no_number"),
        (or_(worn, _worn_out(phonebank)), "tried"),
        (and_(Contact.state == "held", ~Contact.consent, ~Contact.screened), "no_consent"),
        (Contact.state == "held", "organiser"),
        *reasons_against(moment.now),
        (live, "in_call"),
        (elsewhere, "elsewhere"),
        (promises.is_awaited(moment.now), "callback"),
        (or_(~_rested(moment), _had_their_week(moment)), "resting"),
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


def week_before(now: datetime) -> datetime:
    """Since when the weekly cap counts."""
    return now - timedelta(days=7)
