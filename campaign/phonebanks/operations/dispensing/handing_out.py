"""Handing somebody out: promises first, then a slot of one's own, then whoever is ready."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dispensing.claims import Claim, HasOne, claim, free_held
from campaign.phonebanks.operations.dispensing.moments import (
    moment_of,
    rests_until,
    week_of,
    why_not,
)
from campaign.phonebanks.operations.locking import try_lock_number
from campaign.phonebanks.queries import holding, queue
from campaign.phonebanks.queries.caller import Caller, caller_of
from campaign.phonebanks.queries.nations import nations_waiting
from campaign.phonebanks.queries.queue import Moment
from campaign.phonebanks.rules.claims import USUAL_PACE, Nothing, Pace
from campaign.phonebanks.rules.hours import reopening

SWEEP = 5
SLOTS = 16
# Reasons that pass by themselves.
FOR_NOW = ("ready", "in_call", "callback", "resting", "elsewhere", "household")
Look = Callable[[], tuple[Contact, PhoneNumber] | None]


def claim_next(
    db: Session,
    *,
    phonebank: Phonebank,
    caller_id: int,
    now: datetime,
    pace: Pace | None = USUAL_PACE,
    session_id: int | None = None,
) -> Claim | Nothing:
    """Hand the caller the next person, or say why there is nobody just now.

    Answers with the claim already held, if there is one: asking twice changes nothing. Refuses
    (as Nothing) a closed phonebank, closed hours, a caller who is too fast or has somebody in
    another phonebank. No ``pace`` lifts only the caller's limits, for load tests.
    """
    caller = caller_of(db, caller_id, phonebank.id, now=now, pace=pace or USUAL_PACE)
    held = _held(db, phonebank, caller_id, now) if caller.holds else None
    if held is not None:
        return held
    shut = why_not(phonebank, caller.past if pace else None, now, pace or USUAL_PACE)
    if shut is not None:
        return shut
    moment = moment_of(phonebank, now=now)
    if caller.has_expired:
        _sweep(db, phonebank, now)
    try:
        found = _take(db, phonebank, caller, moment, session_id)
    except HasOne:
        return _held(db, phonebank, caller_id, now) or Nothing("pace")
    return found or _nobody(db, phonebank, caller, moment)


def outlook(db: Session, *, phonebank: Phonebank, caller_id: int, now: datetime) -> Nothing | None:
    """Why nobody would be handed to a caller, if that will not change in a while; takes nobody.

    None where a claim may well find somebody: now, or when a call, a rest or a promise is over.
    """
    shut = why_not(phonebank, None, now)
    if shut is not None:
        return shut
    caller, moment = db.get_one(Person, caller_id), moment_of(phonebank, now=now)
    if queue.has_somebody(db, phonebank, caller, moment):
        return None
    nobody = _nobody(db, phonebank, caller, moment)
    return None if nobody.reason == "waiting" else nobody


def _held(
    db: Session, phonebank: Phonebank, caller_id: int, now: datetime
) -> Claim | Nothing | None:
    contact = holding.held_by(db, caller_id)
    if contact is None:
        return None
    if contact.claimed_until is None or contact.claimed_until <= now:
        if not try_lock_number(db, contact.number_id):
            return Nothing("pace", now + timedelta(seconds=1))  # another is just freeing it
        free_held(db, contact.id, now)
        return None
    if contact.phonebank_id != phonebank.id:
        return Nothing("elsewhere", contact.claimed_until)
    call = db.get_one(Call, contact.claim_call_id)
    return Claim(call, contact, db.get_one(PhoneNumber, contact.number_id))


def _sweep(db: Session, phonebank: Phonebank, now: datetime) -> None:
    for contact_id, number_id in holding.expired_ids(db, phonebank.id, now=now, most=SWEEP):
        if try_lock_number(db, number_id):
            free_held(db, contact_id, now)


def _take(
    db: Session, phonebank: Phonebank, caller: Caller, moment: Moment, session_id: int | None
) -> Claim | None:
    if not moment.open_zones:
        return None
    for look in _looks(db, phonebank, caller, moment):
        while (row := look()) is not None:
            contact, number = row
            if rests_until(db, contact, number, moment) is not None:
                continue
            call = claim(
                db, phonebank, contact, caller_id=caller.id, session_id=session_id, now=moment.now
            )
            if call is not None:
                return Claim(call, contact, number)
    return None


def _looks(db: Session, phonebank: Phonebank, caller: Caller, moment: Moment) -> list[Look]:
    """Promises first; then a slot of one's own, apart from other callers; then all slots."""
    own_slot = secrets.randbelow(SLOTS)
    looks: list[Look] = [
        lambda: queue.next_ready(db, phonebank, caller, moment, slot=own_slot),
        lambda: queue.next_ready(db, phonebank, caller, moment, slot=None),
    ]
    if caller.has_callbacks or caller.has_expired:
        looks.insert(0, lambda: queue.next_callback(db, phonebank, caller, moment))
    return looks


def _nobody(db: Session, phonebank: Phonebank, caller: Person | Caller, moment: Moment) -> Nothing:
    counts = queue.reasons(db, phonebank, moment)
    passed = queue.ready_for_others(db, phonebank, caller, moment) if counts.get("ready") else 0
    counts["ready"] = counts.get("ready", 0) - passed
    if counts.get("hours") and not counts["ready"]:
        rules, week = adapters.calling_rules(), week_of(phonebank)
        nations = nations_waiting(db, phonebank.id, rules.holidays)
        return Nothing(
            "closed", reopening(moment.now, phonebank.zones, rules, week, nations=nations)
        )
    if any(counts.get(name) for name in FOR_NOW):
        return Nothing("waiting", queue.next_change(db, phonebank, now=moment.now))
    if counts.get("tps_old"):
        return Nothing("tps_old")
    return Nothing("passed_over" if passed else "finished")
