"""The claim itself: one conditional UPDATE, and who has to make way for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from campaign.foundation.database import constraint_name
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.locking import end_claim, lock_contact, try_lock_number
from campaign.phonebanks.queries import holding, households
from campaign.phonebanks.rules.claims import kept_until

RETRIES = 5
CALLER_INDEX, NUMBER_INDEX = "uq_contact_claimed_by", "uq_contact_claimed_number"
HOUSEHOLD_INDEX = "uq_contact_claimed_household"


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact in a caller's hands until ``call.expires_at``."""

    call: Call
    contact: Contact
    number: PhoneNumber


class HasOne(Exception):
    """The caller was handed somebody by another request at this very moment."""


class _Taken(Exception):
    """Somebody was quicker."""


def claim(
    db: Session,
    phonebank: Phonebank,
    contact: Contact,
    *,
    caller_id: int,
    session_id: int | None,
    now: datetime,
) -> Call | None:
    """The conditional UPDATE; None where the contact is no longer to be had."""
    life = timedelta(seconds=phonebank.claim_seconds)
    until = kept_until(now, life, closes_at=phonebank.closes_at)
    for _ in range(RETRIES):
        call = Call(
            phonebank_id=phonebank.id,
            contact_id=contact.id,
            number_id=contact.number_id,
            caller_id=caller_id,
            session_id=session_id,
            claimed_at=now,
            expires_at=until,
        )
        try:
            with db.begin_nested():
                db.add(call)
                db.flush()
                taken = db.execute(
                    update(Contact)
                    .where(Contact.id == contact.id, Contact.state.in_(("ready", "callback")))
                    .values(
                        state="claimed",
                        claimed_by=caller_id,
                        claimed_until=until,
                        claim_call_id=call.id,
                        version=Contact.version + 1,
                    )
                    .execution_options(synchronize_session=False)
                )
                if taken.rowcount != 1:  # type: ignore[attr-defined]
                    raise _Taken
        except _Taken:
            return None
        except IntegrityError as error:
            _make_way(db, error, contact, caller_id, now)
            continue
        _now_held(contact, call)
        return call
    return None


def _now_held(contact: Contact, call: Call) -> None:
    """The locked row as the UPDATE left it, without reading it again."""
    held = {
        "state": "claimed",
        "claimed_by": call.caller_id,
        "claimed_until": call.expires_at,
        "claim_call_id": call.id,
        "version": contact.version + 1,
    }
    for name, value in held.items():
        set_committed_value(contact, name, value)


def _make_way(
    db: Session, error: IntegrityError, contact: Contact, caller_id: int, now: datetime
) -> None:
    """The indexes cannot see the clock: free whoever holds something past their time."""
    name = constraint_name(error)
    if name == NUMBER_INDEX:
        for contact_id in holding.expired_holders(db, contact.number_id, now=now):
            free_held(db, contact_id, now)
    elif name == HOUSEHOLD_INDEX:
        _free_household(db, contact, now)
    elif name == CALLER_INDEX:
        held = holding.held_by(db, caller_id)
        if held is not None and held.claimed_until and held.claimed_until > now:
            raise HasOne from error
        if held is not None:
            free_held(db, held.id, now)
    else:
        raise error


def free_held(db: Session, contact_id: int, now: datetime) -> None:
    """End a claim whose time is over; its number must be held already."""
    contact = lock_contact(db, contact_id)
    if contact.state == "claimed" and contact.claimed_until and contact.claimed_until <= now:
        phonebank = db.get_one(Phonebank, contact.phonebank_id)
        end_claim(db, contact=contact, phonebank=phonebank, now=now, status="expired")


def _free_household(db: Session, contact: Contact, now: datetime) -> None:
    for contact_id, number_id in households.expired_holders(db, contact, now=now):
        # Without waiting: this transaction holds another number already.
        if try_lock_number(db, number_id):
            free_held(db, contact_id, now)
