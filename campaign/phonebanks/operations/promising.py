"""A promised call reaches its caller's calendar, and leaves it when it no longer stands."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.orm import Session

from campaign.foundation.outbox import post
from campaign.foundation.words import human_when
from campaign.people import operations as people
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks import messages
from campaign.phonebanks.messages import Mail
from campaign.phonebanks.models import Call, Contact, NoPromiseLetters, Promise
from campaign.phonebanks.queries import calendar_entries

# Afterwards nobody needs to know what stood in a calendar.
KEPT = timedelta(days=1)


def write_promise(db: Session, *, call: Call, mail: Mail, now: datetime) -> None:
    """After a report: a letter with a calendar entry to who promised, in the same transaction.

    Nothing where "anyone" may ring, nothing was promised, or the caller wants no letters; the same
    promise again writes nothing. A promise that moved moves in the calendar.
    """
    contact = db.get_one(Contact, call.contact_id, populate_existing=True)
    if contact.callback_owner_id == call.caller_id:
        _write(db, contact, db.get_one(Person, call.caller_id), mail, now)


def promise_again(db: Session, *, contact: Contact, mail: Mail, now: datetime) -> None:
    """A promise stands again that was off for a while: its entry comes back where it was gone."""
    if contact.callback_owner_id is None or contact.promised_at is None:
        return
    held = calendar_entries.promise_of(
        db, contact_id=contact.id, owner_id=contact.callback_owner_id
    )
    if held is not None and contact.promised_at > now:
        _write(db, contact, db.get_one(Person, contact.callback_owner_id), mail, now)


def _write(db: Session, contact: Contact, caller: Person, mail: Mail, now: datetime) -> None:
    at = contact.promised_at
    if at is None or contact.state != "callback":
        return
    if not caller.email or not calendar_entries.wants_letters(db, caller.id):
        return
    held = calendar_entries.promise_of(db, contact_id=contact.id, owner_id=caller.id)
    if held is not None and held.at == at and not held.over:
        return
    if held is None:
        held = Promise(contact_id=contact.id, owner_id=caller.id, at=at, sequence=-1)
        db.add(held)
    held.at, held.over, held.sequence = at, False, held.sequence + 1
    db.flush()
    zone = ZoneInfo(db.get_one(PhoneNumber, contact.number_id).time_zone)
    when = human_when(at, None, zone)
    letter = messages.promise(mail, held, to=caller.email, when=when, now=now)
    post(db, letter, key=f"promise:{held.public_id}:{held.sequence}")


def call_off(db: Session, *, mail: Mail, now: datetime) -> None:
    """Take entries to come out of calendars whose promise no longer stands; each once."""
    for promise, owner in calendar_entries.called_off(db, now=now):
        promise.over, promise.sequence = True, promise.sequence + 1
        if owner.email and calendar_entries.wants_letters(db, owner.id):
            letter = messages.promise(mail, promise, to=owner.email, when="", now=now)
            post(db, letter, key=f"promise:{promise.public_id}:{promise.sequence}")
    db.execute(delete(Promise).where(Promise.at < now - KEPT))
    db.flush()


def want_letters(db: Session, *, person_id: int, wanted: bool, now: datetime) -> None:
    """Letters for promises, or none; again is harmless."""
    if wanted:
        db.execute(delete(NoPromiseLetters).where(NoPromiseLetters.person_id == person_id))
    else:
        people.insert_or_leave(db, NoPromiseLetters, person_id=person_id, at=now)
