"""Whoever the TPS lists waits aside, so that no claim steps over them; and comes back once clear.

Each claim judges the law for itself: this only keeps the queues short. On a list of which five in
six are listed, a look past all of them took more than a second.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, not_, select, update
from sqlalchemy.orm import Session

from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Contact, Phonebank
from campaign.phonebanks.operations.many import among
from campaign.phonebanks.operations.never import Work
from campaign.phonebanks.queries.screening import is_listed
from campaign.phonebanks.rules.screening import ON_TPS

# People who are looked at in one transaction: a few hundredths of a second.
PORTION = 1_000
UNASKED = and_(Contact.screened, ~Contact.consent)
READY = and_(Contact.state == "ready", UNASKED)
ASIDE = and_(Contact.state == "held", Contact.hold_reason == ON_TPS)


def park(work: Work, phonebank_id: int | None = None) -> int:
    """Put aside who is listed, and back into the queue who is not any more; in portions.

    Of one phonebank, or of all that have not ended. Promises stand, and whoever is being handed
    out just now is left for the next time; again changes nothing. Answers how many were moved.
    """
    put = _turn(work, READY, is_listed(), phonebank_id, state="held", hold_reason=ON_TPS)
    clear = not_(and_(UNASKED, is_listed()))
    return put + _turn(work, ASIDE, clear, phonebank_id, state="ready", hold_reason=None)


def _turn(
    work: Work,
    these: ColumnElement[bool],
    which: ColumnElement[bool],
    phonebank_id: int | None,
    **becomes: Any,
) -> int:
    last, moved, full = 0, 0, True
    while full:
        with work() as db:
            ids = list(db.scalars(_after(last, these, phonebank_id)))
            full = len(ids) == PORTION
            if ids:
                last = ids[-1]
                moved += _move(db, ids, and_(these, which), becomes)
    return moved


def _after(last: int, these: ColumnElement[bool], phonebank_id: int | None) -> Select[int]:
    asked = select(Contact.id).where(these, Contact.id > last).order_by(Contact.id).limit(PORTION)
    if phonebank_id is not None:
        return asked.where(Contact.phonebank_id == phonebank_id)
    going = select(Phonebank.id).where(Phonebank.status != "closed", ~Phonebank.is_practice)
    return asked.where(Contact.phonebank_id.in_(going))


def _move(db: Session, ids: list[int], which: ColumnElement[bool], becomes: dict[str, Any]) -> int:
    # Nobody is waited for: so it does not matter in which order others hold them.
    held = list(
        db.scalars(
            select(Contact.id)
            .join(PhoneNumber, PhoneNumber.id == Contact.number_id)
            .where(among(db, Contact.id, ids), which)
            .order_by(Contact.id)
            .with_for_update(skip_locked=True, of=Contact)
        )
    )
    if held:
        db.execute(
            update(Contact)
            .where(among(db, Contact.id, held))
            .values(version=Contact.version + 1, **becomes)
            .execution_options(synchronize_session="fetch")
        )
    return len(held)
