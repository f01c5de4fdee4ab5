"""Somebody else of the household came to the telephone: the call goes on with them."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dispensing import Claim, moment_of, rests_until
from campaign.phonebanks.operations.locking import try_lock_number
from campaign.phonebanks.operations.reporting import record_outcome
from campaign.phonebanks.operations.revealing import reveal
from campaign.phonebanks.queries import board, queue
from campaign.phonebanks.queries.at_home import others_at_home
from campaign.phonebanks.rules.claims import USUAL_PACE, Nothing, Pace, kept_until
from campaign.phonebanks.rules.households import ref_of

SOMEBODY_ELSE = "other_person"


class _Taken(Exception):
    """Somebody was quicker."""


def switch(
    db: Session,
    *,
    call: Call,
    phonebank: Phonebank,
    to: str,
    now: datetime,
    client_uuid: str | None = None,
    note: str = "",
    callback_at: datetime | None = None,
    pace: Pace | None = USUAL_PACE,
) -> Claim | Nothing:
    """Report that somebody else answered, and hand the caller that person, all in one.

    ``to`` is how the screen named one of the household. They must be callable just as at any
    claim, save that their household is in a call: it is this one. Whoever is not to be had any
    more is answered as Nothing, and the report is kept; the same again answers the same.
    """
    saved = record_outcome(
        db,
        call=call,
        phonebank=phonebank,
        outcome=SOMEBODY_ELSE,
        now=now,
        client_uuid=client_uuid,
        note=note,
        callback_at=callback_at,
    )
    if saved.repeated:
        held = board.held_claim(db, call.caller_id, now=now)
        return Claim(held.call, held.contact, held.number) if held else Nothing("not_at_home")
    moment = moment_of(phonebank, now=now)
    found = _of_household(db, call, phonebank, moment, to)
    claimed = _claim(db, found, _call_of(found, call, phonebank, moment)) if found else None
    if claimed is None:
        return Nothing("not_at_home")
    # They are on the line: what is shown is counted, and looked at once more, like any number.
    return reveal(db, call=claimed, phonebank=phonebank, now=now, pace=pace, at_home=True)


def says(found: Claim | Nothing) -> str:
    """What became of it, for the caller."""
    if isinstance(found, Nothing):
        return "The other person cannot be taken just now."
    return f"This call goes on with {found.contact.first_name}."


def _of_household(
    db: Session, call: Call, phonebank: Phonebank, moment: queue.Moment, to: str
) -> Contact | None:
    before, caller = db.get_one(Contact, call.contact_id), db.get_one(Person, call.caller_id)
    for contact, number in others_at_home(db, before, phonebank, caller, moment):
        if ref_of(call.public_id, contact.id) == to:
            return contact if _is_free(db, contact, number, moment) else None
    return None


def _is_free(db: Session, contact: Contact, number: PhoneNumber, moment: queue.Moment) -> bool:
    # Without waiting: this transaction holds another number already.
    return try_lock_number(db, number.id) and rests_until(db, contact, number, moment) is None


def _call_of(contact: Contact, before: Call, phonebank: Phonebank, moment: queue.Moment) -> Call:
    life = timedelta(seconds=phonebank.claim_seconds)
    return Call(
        phonebank_id=phonebank.id,
        contact_id=contact.id,
        number_id=contact.number_id,
        caller_id=before.caller_id,
        session_id=before.session_id,
        claimed_at=moment.now,
        expires_at=kept_until(moment.now, life, closes_at=phonebank.closes_at),
    )


def _claim(db: Session, contact: Contact, call: Call) -> Call | None:
    try:
        with db.begin_nested():
            db.add(call)
            db.flush()
            _take(db, contact, call)
    except (_Taken, IntegrityError):
        # Named indexes stand behind it: a caller, a number and a household are claimed once.
        return None
    return call


def _take(db: Session, contact: Contact, call: Call) -> None:
    taken = db.execute(
        update(Contact)
        .where(Contact.id == contact.id, Contact.state.in_(("ready", "callback")))
        .values(
            state="claimed",
            claimed_by=call.caller_id,
            claimed_until=call.expires_at,
            claim_call_id=call.id,
            version=Contact.version + 1,
        )
        .execution_options(synchronize_session="fetch")
    )
    if taken.rowcount != 1:  # type: ignore[attr-defined]
        raise _Taken
