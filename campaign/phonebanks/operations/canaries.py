"""Our own numbers on a list: put there, handed out now and then, noted, and taken off again."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from campaign.foundation import audit, phone
from campaign.foundation.errors import Refused
from campaign.foundation.words import clean_text
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Call, Canary, CanaryCall, Contact, Phonebank
from campaign.phonebanks.operations.dispensing import SLOTS
from campaign.phonebanks.operations.locking import (
    Attempt,
    note_attempts,
    release_contact,
)
from campaign.phonebanks.queries import past
from campaign.phonebanks.rules.canaries import ENDED, KINDS, MOST, is_right

SHUFFLED = 2**31 - 1


def add(
    db: Session,
    *,
    phonebank: Phonebank,
    owner: Person,
    written: str,
    first_name: str,
    town: str,
    kind: str,
    key: str,
    now: datetime,
    allow_unassigned: bool = False,
) -> Canary:
    """Put a number of one's own on a list. It rests there until it is one of some calls' turn.

    Refuses a number that cannot be rung, that asked for peace, or that is on the list already.
    """
    if kind not in KINDS:
        raise Refused("Say what happens when it is rung.", field="kind")
    number = phone.parse(written, allow_unassigned=allow_unassigned)
    held = people.know_number(db, number=number, key=key)
    here = select(Contact.id).where(Contact.phonebank_id == phonebank.id)
    if past.is_number_suppressed(db, held):
        raise Refused("Nobody may ring this number any more.", field="number")
    if db.scalar(here.where(Contact.number_id == held.id)) is not None:
        raise Refused("This number is on the list already.", field="number")
    counted = select(func.count()).where(Canary.phonebank_id == phonebank.id)
    if (db.scalar(counted) or 0) >= MOST:
        raise Refused(f"{MOST} numbers are enough. Take one off first.")
    contact = Contact(
        phonebank_id=phonebank.id,
        number_id=held.id,
        first_name=clean_text(first_name, most=80, field="first_name"),
        town=clean_text(town, most=80, field="town"),
        consent=True,
        state="done",
        canary=kind,
        shuffle=secrets.randbelow(SHUFFLED),
        slot=secrets.randbelow(SLOTS),
    )
    db.add(contact)
    db.flush()
    canary = Canary(
        contact_id=contact.id, phonebank_id=phonebank.id, owner_id=owner.id, made_at=now
    )
    db.add(canary)
    _note(db, phonebank.id, "own number added", owner.id)
    return canary


def remove(db: Session, *, canary: Canary, actor_id: int | None) -> None:
    """Take a number of ours off its list, with what was noted of it."""
    phonebank_id, contact_id = canary.phonebank_id, canary.contact_id
    db.execute(delete(Call).where(Call.contact_id == contact_id))
    db.execute(delete(Canary).where(Canary.contact_id == contact_id))
    db.execute(delete(Contact).where(Contact.id == contact_id))
    _note(db, phonebank_id, "own number removed", actor_id)


def remove_all_of(db: Session, *, person_id: int) -> list[int]:
    """Take the numbers that somebody gave off every list; answers which numbers they were."""
    mine = (
        select(Canary, Contact.number_id)
        .join(Contact, Contact.id == Canary.contact_id)
        .where(Canary.owner_id == person_id)
        .order_by(Canary.contact_id)
    )
    numbers = []
    for canary, number_id in db.execute(mine).all():
        remove(db, canary=canary, actor_id=None)
        numbers.append(number_id)
    return numbers


def hand_out(db: Session, phonebank_id: int, many: int) -> None:
    """So many of ours come first in a slot of the queue, where none is on its way already."""
    ours = select(Contact.id).where(Contact.phonebank_id == phonebank_id)
    ours = ours.where(Contact.canary.is_not(None), Contact.state == "done")
    resting = list(db.scalars(ours.order_by(Contact.id)))
    for _ in range(min(many, len(resting))):
        contact_id = resting.pop(secrets.randbelow(len(resting)))
        db.execute(
            update(Contact)
            .where(Contact.id == contact_id, Contact.state == "done")
            .values(
                state="ready",
                priority=0,
                attempts=0,
                not_before=None,
                slot=secrets.randbelow(SLOTS),
                shuffle=secrets.randbelow(SHUFFLED),
                version=Contact.version + 1,
            )
        )


def noted(db: Session, call: Call) -> CanaryCall | None:
    """What was noted of a call to a number of ours, if anything was."""
    return db.get(CanaryCall, call.id)


def note(db: Session, line: Attempt, *, code: str, key: str) -> str:
    """What a caller noted of a number of ours; the first time counts. Answers what is stored.

    It is no report: it counts in no figure, rings nobody again and takes nobody off.
    """
    call = line.call
    if noted(db, call) is not None:
        return str(call.result_code)
    assert line.contact.canary is not None
    call.result_code, call.client_uuid, call.status = code, key, "released"
    call.skip_reason, call.ended_at, call.attempted_at = ENDED, call.ended_at or line.now, None
    db.add(
        CanaryCall(
            call_id=call.id,
            phonebank_id=call.phonebank_id,
            caller_id=call.caller_id,
            right=is_right(line.contact.canary, code),
            at=line.now,
        )
    )
    if line.holds:
        release_contact(line.contact, state="done")
    db.flush()
    note_attempts(db, line.number.id)
    return code


def _note(db: Session, phonebank_id: int, action: str, actor_id: int | None) -> None:
    db.flush()
    audit.append(db, action, subject=f"phonebank:{phonebank_id}", actor_id=actor_id)
