"""Looks at the queue: who comes first, and whether anybody may be rung; the first is locked."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    bindparam,
    literal,
    literal_column,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import Session, aliased

from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.queries import goals, households
from campaign.phonebanks.queries.caller import Caller
from campaign.phonebanks.queries.nations import lives_in
from campaign.phonebanks.queries.queue.conditions import (
    WORKING,
    due,
    in_state,
    instant,
    not_oneself,
    rested_then,
    skipped,
    suppressed,
    values_of,
)
from campaign.phonebanks.queries.queue.moments import Moment
from campaign.phonebanks.queries.screening import is_lawful
from campaign.phonebanks.rules.claims import CALLBACK_GRACE


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
    asked = asked.where(Contact.state.in_(("ready", "callback")), rested_then(moment.is_practice))
    asked = _but_shut(asked, moment.shut_nations).where(*narrower).limit(most)
    found = db.execute(asked, {**values_of(phonebank, caller, moment), **given})
    return [(row[0], row[1]) for row in found]


def _but_shut(
    asked: Select[Contact, PhoneNumber], nations: tuple[str, ...]
) -> Select[Contact, PhoneNumber]:
    """Without the people of nations that keep a bank holiday: a few days a year."""
    return asked.where(~lives_in(nations)) if nations else asked


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
    asked = _callable(is_practice).where(in_state("ready"), rested_then(is_practice))
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
        in_state("callback"), due(instant("now")), Contact.promised_at <= instant("now"), anybody
    )
    return _locked(asked.order_by(own.desc(), Contact.promised_at, Contact.id))


def _callable(is_practice: bool) -> Select[Contact, PhoneNumber]:
    other = aliased(Contact)
    # At most one row, by its unique index. As a value and not as EXISTS: PostgreSQL would compare
    # each contact with every claim there is, instead of looking the one number up.
    elsewhere = (
        select(other.id)
        .where(other.number_id == Contact.number_id, other.claimed_until > instant("now"))
        .where(other.state == literal("claimed", literal_execute=True))
        .scalar_subquery()
    )
    asked = (
        select(Contact, PhoneNumber)
        .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
        .where(
            Contact.phonebank_id == bindparam("bank"),
            is_lawful(instant("screened_after")),
            PhoneNumber.state.in_(WORKING),
            PhoneNumber.time_zone.in_(bindparam("zones", expanding=True)),
            elsewhere.is_(None),
            goals.is_wanted(),
            ~skipped(bindparam("caller")),
        )
    )
    if is_practice:
        return asked.where(PhoneNumber.fictitious)
    # What was promised is kept beyond the cap of the phonebank; the week's cap holds all the same.
    within = or_(Contact.attempts < bindparam("cap"), Contact.promised_at.is_not(None))
    oneself = not_oneself(bindparam("phone"), bindparam("email"))
    apart = households.is_apart(instant("now"), instant("household_after"), bindparam("caller"))
    return asked.where(within, ~suppressed(), oneself, apart)
