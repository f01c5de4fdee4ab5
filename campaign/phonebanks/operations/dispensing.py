"""Handing people out, so that nobody is on two screens.

The claim is one conditional UPDATE of a row that was locked (and skipped where another holds
it); behind it stand two partial unique indexes, one per caller and one per number. Expiry is
judged when reading, so a claim that ran out needs no clock to be free.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from campaign.foundation.database import constraint_name
from campaign.people.models import Person, PhoneNumber
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.locking import (
    end_claim,
    lock_contact,
    try_lock_number,
)
from campaign.phonebanks.queries import holding, households, past, queue
from campaign.phonebanks.queries.at_hand import Terms
from campaign.phonebanks.queries.caller import Caller, caller_of
from campaign.phonebanks.queries.nations import nations_waiting
from campaign.phonebanks.queries.queue import Moment
from campaign.phonebanks.rules.attempts import earliest_attempt
from campaign.phonebanks.rules.claims import (
    USUAL_PACE,
    Nothing,
    Pace,
    Past,
    kept_until,
    not_open,
    too_fast,
)
from campaign.phonebanks.rules.hours import HOME, open_now, reopening, shut_nations
from campaign.phonebanks.rules.week import Week, read_week

RETRIES = 5
SWEEP = 5
SLOTS = 16
# Reasons that pass by themselves.
FOR_NOW = ("ready", "in_call", "callback", "resting", "elsewhere", "household")
Look = Callable[[], tuple[Contact, PhoneNumber] | None]
CALLER_INDEX, NUMBER_INDEX = "uq_contact_claimed_by", "uq_contact_claimed_number"
HOUSEHOLD_INDEX = "uq_contact_claimed_household"


@dataclass(frozen=True, slots=True)
class Claim:
    """A contact in a caller's hands until ``call.expires_at``."""

    call: Call
    contact: Contact
    number: PhoneNumber


class _HasOne(Exception):
    """The caller was handed somebody by another request at this very moment."""


class _Taken(Exception):
    """Somebody was quicker."""


def week_of(phonebank: Phonebank | Terms) -> Week | None:
    """The phonebank's own hours; None where it keeps the usual ones."""
    # "On no day" is stored as an empty week, and is not the same as having none of one's own.
    return None if phonebank.hours is None else read_week(phonebank.hours, adapters.calling_rules())


def moment_of(phonebank: Phonebank | Terms, *, now: datetime) -> Moment:
    """What is open now, and how often a number may be rung."""
    rules, week = adapters.calling_rules(), week_of(phonebank)
    always = phonebank.is_practice
    shut = () if always else shut_nations(now, rules, week)
    at_home = len(shut) < len(rules.holidays)
    zones = tuple(
        zone
        for zone in phonebank.zones
        if (zone == HOME and at_home) or open_now(now, zone, rules, week, always=always)
    )
    between = max(rules.caps.between, timedelta(minutes=phonebank.cooldown_minutes))
    caps = replace(rules.caps, between=between)
    return Moment(now, zones, caps, always, shut if at_home else ())


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
    except _HasOne:
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
        _free_held(db, contact.id, now)
        return None
    if contact.phonebank_id != phonebank.id:
        other = db.get_one(Phonebank, contact.phonebank_id)
        return Nothing("elsewhere", contact.claimed_until, other.public_id)
    call = db.get_one(Call, contact.claim_call_id)
    return Claim(call, contact, db.get_one(PhoneNumber, contact.number_id))


def why_not(
    phonebank: Phonebank | Terms, past: Past | None, now: datetime, pace: Pace = USUAL_PACE
) -> Nothing | None:
    """Why nobody is handed out here, or not to somebody with this past."""
    shut = not_open(
        phonebank.status, opens_at=phonebank.opens_at, closes_at=phonebank.closes_at, now=now
    )
    if shut is not None:
        return shut
    if past is None or phonebank.is_practice:
        return None
    return too_fast(past, pace, now=now)


def _sweep(db: Session, phonebank: Phonebank, now: datetime) -> None:
    for contact_id, number_id in holding.expired_ids(db, phonebank.id, now=now, most=SWEEP):
        if try_lock_number(db, number_id):
            _free_held(db, contact_id, now)


def _free_held(db: Session, contact_id: int, now: datetime) -> None:
    contact = lock_contact(db, contact_id)
    if contact.state == "claimed" and contact.claimed_until and contact.claimed_until <= now:
        phonebank = db.get_one(Phonebank, contact.phonebank_id)
        end_claim(db, contact=contact, phonebank=phonebank, now=now, status="expired")


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
            call = _claim(
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


def rests_until(
    db: Session, contact: Contact, number: PhoneNumber, moment: Moment, *, but: int = 0
) -> datetime | None:
    """Until when the caps over all phonebanks let a number rest; the contact waits until then."""
    if moment.is_practice or _is_quiet(number, moment):
        return None
    rung = past.attempts_on(db, number.id, since=queue.week_before(moment.now), but=but)
    promised = contact.promised_at is not None
    excepted = promised or contact.last_result == "other_person"
    earliest = earliest_attempt(rung, moment.caps, excepted=excepted)
    if earliest is None or earliest <= moment.now:
        return None
    contact.not_before = earliest
    db.flush()
    return earliest


def _is_quiet(number: PhoneNumber, moment: Moment) -> bool:
    """Whether nobody rang the number in a week: its last attempt is never behind its calls."""
    last = number.last_attempt_at
    return last is None or last <= queue.week_before(moment.now)


def _claim(
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
            _free_held(db, contact_id, now)
    elif name == HOUSEHOLD_INDEX:
        _free_household(db, contact, now)
    elif name == CALLER_INDEX:
        held = holding.held_by(db, caller_id)
        if held is not None and held.claimed_until and held.claimed_until > now:
            raise _HasOne from error
        if held is not None:
            _free_held(db, held.id, now)
    else:
        raise error


def _free_household(db: Session, contact: Contact, now: datetime) -> None:
    for contact_id, number_id in households.expired_holders(db, contact, now=now):
        # Without waiting: this transaction holds another number already.
        if try_lock_number(db, number_id):
            _free_held(db, contact_id, now)


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
