"""The report of a call, with its answers and all it does."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.words import clean_text
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Answer, Call, Phonebank, ScriptVersion
from campaign.phonebanks.operations import enrolling, training
from campaign.phonebanks.operations.dispensing import week_of
from campaign.phonebanks.operations.drafting import forget_drafts
from campaign.phonebanks.operations.enrolling import Wish
from campaign.phonebanks.operations.locking import Attempt, lock_attempt
from campaign.phonebanks.operations.reporting.effects import learn, set_values, settle
from campaign.phonebanks.operations.reporting.refusals import (
    NEVER,
    check_reportable,
    used_elsewhere,
)
from campaign.phonebanks.operations.reporting.repeats import of_our_own, stored_before, taken_back
from campaign.phonebanks.operations.reporting.saved import Saved
from campaign.phonebanks.operations.sharing import note_spoken_to
from campaign.phonebanks.queries import board, callers, past
from campaign.phonebanks.queries.scripts import version_read
from campaign.phonebanks.rules.before import NUMBER, picture_of
from campaign.phonebanks.rules.callbacks import check_callback
from campaign.phonebanks.rules.nations import nation_of_postcode
from campaign.phonebanks.rules.outcomes import (
    ContactFacts,
    Decision,
    Outcome,
    decide,
    promised_time,
)
from campaign.phonebanks.rules.replaying import Said
from campaign.phonebanks.rules.scripts import kept_answers
from campaign.phonebanks.rules.settling import of_the_call

NO_WISH = Wish()


def record_outcome(
    db: Session,
    *,
    call: Call,
    phonebank: Phonebank,
    outcome: str,
    now: datetime,
    client_uuid: str | None = None,
    answers: Mapping[str, str] | None = None,
    note: str = "",
    callback_at: datetime | None = None,
    language: str | None = None,
    anyone: bool = False,
    spoken_to: int | None = None,
    script_number: int | None = None,
    wish: Wish = NO_WISH,
) -> Saved:
    """Store the outcome of a call with its answers, and do what it does, all or nothing.

    The same ``client_uuid`` again answers what was stored the first time; another report of the
    same call is a conflict. A report that comes after its claim ran out is taken, flagged late,
    and touches nobody who has been handed to another caller, save "never call" and "keep back".
    Refuses a callback at an unlawful time, with the nearest lawful one, one with an outcome that
    it makes no sense with, and, in time, a message beyond those that are left for one person.
    ``script_number`` is the version that the caller had before them.
    ``wish`` signs them up to events, in this transaction; a "never call" is kept without.
    """
    chosen = adapters.outcomes()[outcome]
    wish = NO_WISH if phonebank.is_practice or outcome == NEVER else wish
    events = enrolling.hold(db, wish)
    line = lock_attempt(db, call, phonebank, now)
    call = line.call
    key = _key(db, call, client_uuid, chosen)
    if call.reversal_id is not None:
        return taken_back(db, line, chosen)
    if call.status == "reported":
        return stored_before(db, line, key, chosen)
    if key in (call.said or {}).get("undone", ()):
        raise Conflict("You took this report back, so it was not kept. Say how the call went.")
    if line.contact.canary is not None:
        return of_our_own(db, line, key, chosen)
    check_reportable(line, chosen)
    script = _script(db, call, answers or {}, script_number)
    steps = script.steps if script else []
    enrolling.check(wish, events, steps, answers or {}, outcome=chosen, now=now)
    wanted = promised_time(chosen, callback_at)
    at = _lawful(wanted, line) if wanted else None
    facts = _facts(db, line, chosen)
    decision = decide(chosen, facts, now=now, callback_at=at, language=language)
    note = _note_of(note, chosen)
    spoken = _one_spelling(clean_text(decision.language or "", most=40, field="language"))
    with refusing(db, {"uq_call_client_uuid": used_elsewhere}):
        left = anyone and decision.state == "callback"
        _note_before(line, Said(at, spoken or None, left, facts.caller_is_new))
        _write(line, chosen, key, decision)
        call.note = note
    note_spoken_to(db, call=call, contact=line.contact, place=spoken_to)
    call.answers = kept_answers(steps, answers or {})
    call.script_number = script.number if script else board.script_number(db, phonebank.id)
    _write_answers(db, call)
    forget_drafts(db, [call.id])
    if spoken and not phonebank.is_practice:
        line.contact.language = spoken
    if decision.reached and not phonebank.is_practice:
        line.contact.reached_at = now
    settle(db, line, decision, chosen, anyone=anyone)
    if not phonebank.is_practice:
        learn(db, line, decision)
    else:
        _note_practice(db, line)
    db.flush()
    signed_up = enrolling.enrol(
        db,
        call=call,
        contact=line.contact,
        e164=line.number.e164,
        wish=wish,
        held=events,
        now=now,
    )
    return Saved(outcome, now, call.late, care=decision.care, signed_up=tuple(signed_up))


def _key(db: Session, call: Call, client_uuid: str | None, chosen: Outcome) -> str:
    """The report's key. A "never call" needs none of its own, and is kept where that is used up."""
    own = str(uuid.uuid5(uuid.NAMESPACE_OID, call.public_id))
    key = client_uuid or own
    if chosen.code != NEVER or key == own:
        return key
    other = board.call_by_uuid(db, key)
    used = key in (call.said or {}).get("undone", ()) or (other and other.id != call.id)
    return own if used else key


def _note_of(note: str, chosen: Outcome) -> str:
    try:
        return clean_text(note, most=500, lines=True, field="note")
    except Refused:
        if chosen.code != NEVER:
            raise
        return ""


def _one_spelling(language: str) -> str:
    """One spelling of each, so that they can be counted."""
    return language[:1].upper() + language[1:].lower()


def _note_before(line: Attempt, said: Said) -> None:
    """What is about to change, and what else decides: so that the call can be taken out again."""
    call, contact = line.call, line.contact
    if line.phonebank.is_practice:
        return
    before = picture_of(contact, contact.state) if call.before is None else call.before
    call.before = {**before, NUMBER: line.number.state}
    call.said = replace(said, over=not line.holds and not call.inbound).as_json()


def _script(
    db: Session, call: Call, answers: Mapping[str, str], number: int | None
) -> ScriptVersion | None:
    """What the caller had before them; of a call without answers only its number is wanted."""
    return version_read(db, call.phonebank_id, number) if answers or number else None


def _note_practice(db: Session, line: Attempt) -> None:
    """A practice call: how far the caller is on the way to their first real one."""
    call = line.call
    training.note_practice_call(
        db,
        person_id=call.caller_id,
        outcome=call.result_code or "",
        answers=call.answers,
        now=line.now,
    )


def _lawful(at: datetime, line: Attempt) -> datetime:
    return check_callback(
        at,
        line.number.time_zone,
        adapters.calling_rules(),
        week_of(line.phonebank),
        now=line.now,
        closes_at=line.phonebank.closes_at,
        nation=nation_of_postcode(line.contact.postcode),
        always=line.phonebank.is_practice,
    )


def _facts(db: Session, line: Attempt, chosen: Outcome) -> ContactFacts:
    contact, phonebank, call = line.contact, line.phonebank, line.call
    weighed = chosen.second_report and not phonebank.is_practice
    new = weighed and callers.is_newcomer(db, call.caller_id, now=line.now)
    # Only somebody else's word on the same thing is a second one, and only while the doubt stands.
    doubted = new and line.number.state == "suspect"
    return ContactFacts(
        attempts=contact.attempts,
        max_attempts=phonebank.max_attempts,
        same_today=contact.busy_count if contact.busy_day == line.now.date() else 0,
        like_reports=past.others_who_said(db, call, chosen.code) if doubted else 0,
        caller_is_new=new,
        tz_name=line.number.time_zone,
        promised_at=contact.promised_at,
    )


def _write(line: Attempt, chosen: Outcome, key: str, decision: Decision) -> None:
    late = not line.is_live and not line.call.inbound
    set_values(
        line.call, of_the_call(line.call, chosen, decision, key=key, now=line.now, late=late)
    )


def _write_answers(db: Session, call: Call) -> None:
    for question, option in call.answers.items():
        db.add(Answer(call_id=call.id, question=question[:40], option=option[:40]))
