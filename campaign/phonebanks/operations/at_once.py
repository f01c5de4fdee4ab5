"""The everyday report with the next claim, in one statement.

Nine calls of ten end the same way: in time, with an outcome that concerns nobody but the person on
this list. Those are written here, by the same rules as every report (``rules.outcomes`` decides,
``rules.settling`` says what is written) and with every check of a claim. All others (late, twice, a
promise, "never call", a newcomer's word on a number, answers, practice) go through
``reporting`` and ``dispensing``, and so does whoever finds that something was not so any more.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from campaign.foundation import tokens
from campaign.foundation.words import clean_text
from campaign.phonebanks.models import Contact
from campaign.phonebanks.operations.dispensing import SLOTS, moment_of, why_not
from campaign.phonebanks.operations.reporting import Saved
from campaign.phonebanks.queries import at_once, queue
from campaign.phonebanks.queries.at_hand import AtHand
from campaign.phonebanks.queries.sharing import who_is_asked_for
from campaign.phonebanks.rules.before import NUMBER, picture_of
from campaign.phonebanks.rules.claims import USUAL_PACE, Pace, kept_until
from campaign.phonebanks.rules.outcomes import ContactFacts, Decision, Outcome, decide
from campaign.phonebanks.rules.settling import of_the_call, of_the_contact
from campaign.phonebanks.rules.trust import SUSPENDED


@dataclass(frozen=True, slots=True)
class Taken:
    """The next person in a caller's hands; the number is not shown yet."""

    public_id: str
    expires_at: datetime
    first_name: str
    town: str
    attempts: int
    note: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A report that is stored, and the next person where one was at hand at once."""

    saved: Saved
    taken: Taken | None


@dataclass(frozen=True, slots=True)
class Next:
    """That the caller wants and may have the next person, from which session, and their pace."""

    session_id: int | None = None
    pace: Pace | None = USUAL_PACE


def is_everyday(found: AtHand, outcome: Outcome, *, now: datetime) -> bool:
    """Whether a report can be written at once: nothing of it reaches beyond this list."""
    call, terms = found.call, found.terms
    in_time = call.status == "revealed" and call.revealed_at is not None and call.expires_at > now
    if terms.is_practice or call.inbound or not in_time or not found.contact.holds:
        return False
    # What was kept of it on the way goes with the report.
    if found.has_draft or found.contact.promised_at is not None:
        return False
    if call.said is not None or found.caller.standing == SUSPENDED:
        return False
    beyond = outcome.is_skip or outcome.suppress or outcome.second_report
    return not beyond and not outcome.asks and outcome.next != "callback"


def report_at_once(
    db: Session,
    *,
    found: AtHand,
    outcome: Outcome,
    client_uuid: str,
    note: str,
    following: Next | None,
    now: datetime,
    script: int | None = None,
) -> Kept | None:
    """Store an everyday report and hand out the next person; None where somebody was quicker.

    With None nothing is to stand: the transaction is to be given up, and the report to go the long
    way. No next person only says that there was none in the first look: ask ``dispensing`` then.
    """
    note = clean_text(note, most=500, lines=True, field="note")
    moment = moment_of(found.terms, now=now)
    wanted = following is not None and bool(moment.open_zones) and _may_have(found, following, now)
    life = timedelta(seconds=found.terms.claim_seconds)
    until = kept_until(now, life, closes_at=found.terms.closes_at)
    public_id = tokens.public_id()
    decision = decide(outcome, _facts(found, now), now=now)
    values = _of_the_contact(found, outcome, decision, note=note, now=now)
    values |= _of_the_call(found, outcome, decision, key=client_uuid, now=now)
    values |= _read(found, script)
    values["call_note"] = note
    before = picture_of(found.contact, "claimed")
    values["call_before"] = {**before, NUMBER: found.contact.number_state}
    values |= queue.values_of(found.terms, found.caller, moment)
    values |= {
        "wanted": wanted,
        "slot": secrets.randbelow(SLOTS),
        "week": queue.week_before(now),
        "per_week": moment.caps.per_week,
        "until": until,
        "public_id": public_id,
        "session": following.session_id if following else None,
    }
    zones = tuple(values.pop("zones"))
    try:
        kept, row = at_once.send(db, values, zones=zones, shut=moment.shut_nations)
    except IntegrityError:
        return None
    if not kept:
        return None
    saved = Saved(outcome.code, now, late=False, care=decision.care)
    if row is None:
        return Kept(saved, None)
    contact_id, _, name, town, attempts, note, time_zone, sharers = row[:8]
    if sharers:
        name = who_is_asked_for(db, db.get_one(Contact, contact_id))
    return Kept(saved, Taken(public_id, until, name, town, attempts, note, time_zone))


def _may_have(found: AtHand, following: Next, now: datetime) -> bool:
    """Whether nothing comes before the queue: no limit, no promise that is due, no lost claim."""
    if found.caller.has_expired or found.caller.has_callbacks:
        return False
    past = found.caller.past if following.pace else None
    return why_not(found.terms, past, now, following.pace or USUAL_PACE) is None


def _facts(found: AtHand, now: datetime) -> ContactFacts:
    contact = found.contact
    return ContactFacts(
        attempts=contact.attempts,
        max_attempts=found.terms.max_attempts,
        same_today=contact.busy_count if contact.busy_day == now.date() else 0,
        tz_name=contact.time_zone,
        promised_at=contact.promised_at,
    )


def _of_the_call(
    found: AtHand, outcome: Outcome, decision: Decision, *, key: str, now: datetime
) -> dict[str, Any]:
    said = of_the_call(found.call, outcome, decision, key=key, now=now, late=False)
    named = {at_once.OF_CALL + name: value for name, value in said.items()}
    return {"call": found.call.id, **named}


def _read(found: AtHand, script: int | None) -> dict[str, Any]:
    """The version that the caller had before them, where they say which."""
    newest = found.script_number
    said = script if script and newest and script < newest else newest
    return {f"{at_once.OF_CALL}script_number": said}


def _of_the_contact(
    found: AtHand, outcome: Outcome, decision: Decision, *, note: str, now: datetime
) -> dict[str, Any]:
    contact = found.contact
    moved = of_the_contact(
        contact, found.call, outcome, decision, note=note, now=now, anyone=False, counted=False
    )
    named = {at_once.OF_CONTACT + name: value for name, value in moved.items()}
    verdict = decision.verdict if decision.verdict in ("ok", "disconnected") else None
    rows = {"contact": contact.id, "version": contact.version, "number": contact.number_id}
    return {**rows, "verdict": verdict, **named}
