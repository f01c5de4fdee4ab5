"""Showing a claimed number, after one more look at whether it may be rung; and giving it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused, TooOften
from campaign.people.models import Person
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations.dialling import set_dialled
from campaign.phonebanks.operations.dispensing import Claim, moment_of, rests_until
from campaign.phonebanks.operations.drafting import forget_drafts
from campaign.phonebanks.operations.locking import Attempt, end_claim, lock_attempt
from campaign.phonebanks.queries import households, past, queue, screening
from campaign.phonebanks.queries.caller import past_of
from campaign.phonebanks.rules.claims import (
    HOUR,
    SKIPS_AN_HOUR,
    USUAL_PACE,
    Nothing,
    Pace,
    extended,
    not_open,
    too_many,
)
from campaign.phonebanks.rules.nations import nation_of_postcode

STOP = "stop"
# Why a caller sees no number more just now.
TOO_MANY = {
    "day_limit": "That was 250 calls in a day. Thank you: go on tomorrow.",
    "hour_limit": "That was 60 calls in an hour. Have some tea first.",
    "newcomer_limit": (
        "That was enough for an hour. It goes quicker once your first calls are noted: say how the "
        "ones before went, and have some tea."
    ),
}


class Gone(Conflict):
    """The claim is no longer the caller's: its time ran out, or it was taken back."""

    def __init__(self) -> None:
        super().__init__(
            "This person is no longer kept for you: the time ran out, or a lead or the person "
            "ended it. Take the next one."
        )


def reveal(
    db: Session,
    *,
    call: Call,
    phonebank: Phonebank,
    now: datetime,
    pace: Pace | None = USUAL_PACE,
    at_home: bool = False,
    dialling: bool = False,
) -> Claim | Nothing:
    """Show the claimed number, counted, after checking once more that it may be rung now.

    Again is harmless. Refuses a claim that is over (Gone) and a caller over the limits of an
    hour or a day (TooOften). Where the person may not be rung any more they go off the screen
    at once, and the reason is answered as Nothing. ``at_home`` says that they came to the
    telephone of somebody they live with, which is no reason then; ``dialling`` that what shows
    the number dials it, too.
    """
    line = lock_attempt(db, call, phonebank, now)
    call, contact, number = line.call, line.contact, line.number
    if not line.is_live and not (line.holds and _shut(line)):
        raise Gone
    if call.revealed_at is None and pace and not phonebank.is_practice:
        _refuse_too_many(db, call.caller_id, now, pace)
    why = _why_not_now(db, line)
    if at_home and why == Nothing("household"):
        why = None
    if why is not None:
        end_claim(db, contact=contact, phonebank=phonebank, now=now, status="revoked")
        _park(contact, why)
        db.flush()
        return why
    if call.revealed_at is None:
        call.status, call.revealed_at = "revealed", now
        audit.append(
            db, "number revealed", subject=f"contact:{contact.id}", actor_id=call.caller_id
        )
        if not phonebank.is_practice:
            call.attempted_at = number.last_attempt_at = now
    if dialling:
        set_dialled(line)
    db.flush()
    return Claim(call, contact, number)


def extend(db: Session, *, call: Call, phonebank: Phonebank, now: datetime) -> datetime | None:
    """Keep somebody longer for a caller whose screen is open; answers until when.

    None where the person is no longer in the caller's hands. Never takes back a minute that was
    promised; stops at the cap. Only what changes the end is written.
    """
    life = timedelta(seconds=phonebank.claim_seconds)
    line = lock_attempt(db, call, phonebank, now)
    if not line.is_live:
        return None
    call = line.call
    ends = phonebank.closes_at
    until = extended(call.claimed_at, call.expires_at, life, now=now, closes_at=ends)
    if until != call.expires_at:
        call.expires_at = line.contact.claimed_until = until
        db.flush()
    return until


def release(
    db: Session,
    *,
    call: Call,
    phonebank: Phonebank,
    reason: str,
    now: datetime,
    pace: Pace | None = USUAL_PACE,
) -> None:
    """Give a person back: with a skip's code never to this caller again, or ``stop``.

    Giving back what is no longer held changes nothing. Refuses an unknown reason, and more than
    ten skips an hour.
    """
    code = STOP if reason == STOP else f"skip_{reason.removeprefix('skip_')}"
    if code != STOP and not (code in adapters.outcomes() and adapters.outcomes()[code].is_skip):
        raise Refused("Choose why you pass this person on.", field="reason")
    line = lock_attempt(db, call, phonebank, now)
    if not line.holds:
        return
    if code != STOP and pace and not phonebank.is_practice:
        _refuse_too_many_skips(db, call.caller_id, now)
    line.call.skip_reason = code
    end_claim(db, contact=line.contact, phonebank=phonebank, now=now, status="released")
    forget_drafts(db, [line.call.id])
    subject, caller_id = f"contact:{line.contact.id}", line.call.caller_id
    audit.append(db, "person given back", subject=subject, actor_id=caller_id, details=[code])


def _why_not_now(db: Session, line: Attempt) -> Nothing | None:
    """The checks of the claim once more, on rows that are locked now."""
    phonebank, number = line.phonebank, line.number
    shut = _shut(line)
    if shut is not None:
        return shut
    moment = moment_of(phonebank, now=line.now)
    if moment.is_practice:
        return None if number.fictitious else Nothing("real_number")
    if past.is_number_suppressed(db, number):
        return Nothing("never")
    nation = nation_of_postcode(line.contact.postcode) or adapters.calling_rules().usual_nation
    if number.time_zone not in moment.open_zones or nation in moment.shut_nations:
        return Nothing("closed")
    return _why_not_them(db, line, moment)


def _shut(line: Attempt) -> Nothing | None:
    bank = line.phonebank
    return not_open(bank.status, opens_at=bank.opens_at, closes_at=bank.closes_at, now=line.now)


def _why_not_them(db: Session, line: Attempt, moment: queue.Moment) -> Nothing | None:
    caller = db.get_one(Person, line.call.caller_id)
    if line.number.state not in queue.WORKING:
        return Nothing("no_number")
    against = screening.reason_against(db, line.contact, now=line.now)
    if against is not None:
        return Nothing(against)
    if line.contact.goal_met_at is not None:
        return Nothing("no_need")
    if line.number.e164 == caller.phone:
        return Nothing("oneself")
    rest = rests_until(db, line.contact, line.number, moment, but=line.call.id)
    if rest is not None:
        return Nothing("resting", rest)
    # The last of all checks: see ``at_home``.
    busy = households.is_busy(db, line.contact, now=line.now, rest=moment.caps.household)
    return Nothing("household") if busy else None


def _park(contact: Contact, why: Nothing) -> None:
    """Where somebody goes who turned out not to be callable."""
    if why.reason == "never":
        contact.state, contact.promised_at = "suppressed", None
    elif why.reason == "no_need":
        contact.state = "withdrawn"
    elif why.reason == "resting":
        contact.not_before = why.until


def _refuse_too_many(db: Session, caller_id: int, now: datetime, pace: Pace) -> None:
    seen = too_many(past_of(db, caller_id, now=now, pace=pace), pace)
    if seen is not None and seen.until is not None:
        wait = int((seen.until - now).total_seconds()) + 1
        raise TooOften(TOO_MANY[seen.reason], retry_after=wait)


def _refuse_too_many_skips(db: Session, caller_id: int, now: datetime) -> None:
    past = past_of(db, caller_id, now=now)
    if past.skips_hour >= SKIPS_AN_HOUR and past.oldest_skip_hour:
        wait = int((past.oldest_skip_hour + HOUR - now).total_seconds()) + 1
        raise TooOften(
            "You have passed on ten people within an hour. Ring this one, or stop for now.",
            retry_after=wait,
        )
