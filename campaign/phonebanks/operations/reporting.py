"""What happened on a call: the report, its answers and all it does, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused
from campaign.foundation.words import clean_text
from campaign.people import operations as people
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Answer, Call, Contact, Phonebank, ScriptVersion
from campaign.phonebanks.operations import canaries, enrolling, training
from campaign.phonebanks.operations.dispensing import week_of
from campaign.phonebanks.operations.drafting import forget_drafts
from campaign.phonebanks.operations.enrolling import Wish
from campaign.phonebanks.operations.locking import (
    Attempt,
    end_claim,
    lock_attempt,
    note_attempts,
    release_contact,
)
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
from campaign.phonebanks.rules.replaying import FINAL, Said
from campaign.phonebanks.rules.scripts import kept_answers
from campaign.phonebanks.rules.settling import of_the_call, of_the_contact

NEVER = "dnc"
LATEST_REPORT = timedelta(hours=24)
NO_WISH = Wish()


@dataclass(frozen=True, slots=True)
class Saved:
    """A report as it is stored; ``repeated`` where it had been stored before."""

    outcome: str
    at: datetime
    late: bool
    care: bool = False
    repeated: bool = False
    # What became of signing them up, in sentences.
    signed_up: tuple[str, ...] = ()


class AlreadyReported(Conflict):
    """Another report of this call is stored already; ``saved`` is it."""

    def __init__(self, saved: Saved) -> None:
        label = adapters.outcomes()[saved.outcome].label
        super().__init__(f"This call was reported already: {label}. Nothing was changed.")
        self.saved = saved


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
    Refuses a callback at an unlawful time, with the nearest lawful one, and one with an outcome
    that it makes no sense with. ``script_number`` is the version that the caller had before them.
    ``wish`` signs them up to events, in this transaction; a "never call" is kept without.
    """
    chosen = adapters.outcomes()[outcome]
    wish = NO_WISH if phonebank.is_practice or outcome == NEVER else wish
    events = enrolling.hold(db, wish)
    line = lock_attempt(db, call, phonebank, now)
    call = line.call
    key = client_uuid or str(uuid.uuid5(uuid.NAMESPACE_OID, call.public_id))
    if call.reversal_id is not None:
        return _taken_back(db, line, chosen)
    if call.status == "reported":
        return _stored(db, line, key, chosen)
    if key in (call.said or {}).get("undone", ()):
        raise Conflict("You took this report back, so it was not kept. Say how the call went.")
    if line.contact.canary is not None:
        return _of_our_own(db, line, key, chosen)
    _check_reportable(line, chosen)
    script = _script(db, call, answers or {}, script_number)
    steps = script.steps if script else []
    enrolling.check(wish, events, steps, answers or {}, outcome=chosen, now=now)
    wanted = promised_time(chosen, callback_at)
    at = _lawful(wanted, line) if wanted else None
    facts = _facts(db, line, chosen)
    decision = decide(chosen, facts, now=now, callback_at=at, language=language)
    note = clean_text(note, most=500, lines=True, field="note")
    spoken = _one_spelling(clean_text(decision.language or "", most=40, field="language"))
    with refusing(db, {"uq_call_client_uuid": _used_elsewhere}):
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
    _settle(db, line, decision, chosen, anyone=anyone)
    if not phonebank.is_practice:
        _learn(db, line, decision)
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


def _stored(db: Session, line: Attempt, key: str, chosen: Outcome) -> Saved:
    """What was stored the first time. A later "never call" is kept all the same."""
    call = line.call
    assert call.result_code is not None
    assert call.reported_at is not None
    saved = Saved(call.result_code, call.reported_at, call.late, repeated=True)
    if call.client_uuid == key and call.result_code == chosen.code:
        return saved
    if chosen.code == NEVER and call.revealed_at and not line.phonebank.is_practice:
        _never(db, line)
        return Saved(NEVER, line.now, call.late, repeated=True)
    raise AlreadyReported(saved)


def _taken_back(db: Session, line: Attempt, chosen: Outcome) -> Saved:
    """A lead took the call back: nothing more is noted of it, save a "never call"."""
    if chosen.code == NEVER and line.call.revealed_at and not line.phonebank.is_practice:
        _never(db, line)
        return Saved(NEVER, line.now, late=True, repeated=True)
    raise Conflict("A lead has taken this call back. Nothing was changed.")


def _of_our_own(db: Session, line: Attempt, key: str, chosen: Outcome) -> Saved:
    """A number of our own: it is noted apart. "Never call" is kept all the same."""
    if canaries.noted(db, line.call) is None:
        _check_reportable(line, chosen)
        if chosen.code == NEVER:
            _never(db, line)
    stored = canaries.note(db, line, code=chosen.code, key=key)
    return Saved(stored, line.now, late=False)


def _never(db: Session, line: Attempt) -> None:
    people.suppress(
        db,
        hmac=line.number.hmac,
        reason="asked",
        source="call",
        actor_id=line.call.caller_id,
    )


def _check_reportable(line: Attempt, chosen: Outcome) -> None:
    """Only a call that was made has an outcome: its number was shown, and it was not given back."""
    call = line.call
    if chosen.is_skip:
        raise Refused("To pass somebody over, use “Not this person”.", field="outcome")
    if call.revealed_at is None or call.status == "released":
        raise Conflict("Nobody was rung here yet: press Call first, then say how it went.")
    if line.now > call.expires_at + LATEST_REPORT and chosen.code != NEVER:
        raise Refused("That call is more than a day ago: its outcome can no longer be noted.")


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
    _set(line.call, of_the_call(line.call, chosen, decision, key=key, now=line.now, late=late))


def _set(row: Call | Contact, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def _used_elsewhere() -> Conflict:
    return Conflict("This report was sent for another call already. Reload the page.")


def _write_answers(db: Session, call: Call) -> None:
    for question, option in call.answers.items():
        db.add(Answer(call_id=call.id, question=question[:40], option=option[:40]))


def _settle(
    db: Session, line: Attempt, decision: Decision, chosen: Outcome, *, anyone: bool
) -> None:
    """Move the contact on. A late report does not take somebody from another caller's hands."""
    contact = line.contact
    free = contact.state in ("ready", "callback", "exhausted")
    if not line.holds and not free and decision.state not in FINAL:
        return
    if contact.state in ("suppressed", "withdrawn"):
        return
    if line.phonebank.is_practice:
        if not line.holds:
            return
        # Everybody practises on the same people.
        contact.not_before = contact.promised_at = None
        release_contact(contact, state="ready")
        return
    if not line.holds and contact.state == "claimed":
        end_claim(db, contact=contact, phonebank=line.phonebank, now=line.now, status="revoked")
    _apply(line, decision, chosen, anyone=anyone)


def _apply(line: Attempt, decision: Decision, chosen: Outcome, *, anyone: bool) -> None:
    # A shown number whose claim ran out was counted as an attempt then.
    counted = not line.holds and line.call.revealed_at is not None
    values = of_the_contact(
        line.contact,
        line.call,
        chosen,
        decision,
        note=line.call.note,
        now=line.now,
        anyone=anyone,
        counted=counted,
    )
    _set(line.contact, values)
    release_contact(line.contact, state=decision.state)


def _learn(db: Session, line: Attempt, decision: Decision) -> None:
    """What was learnt of the number itself, whatever list it stands on."""
    number = line.number
    if decision.provisional:
        number.state = "suspect"
    elif decision.verdict in ("disconnected", "ok"):
        number.state = decision.verdict
    db.flush()
    note_attempts(db, number.id)
    if decision.suppress:
        # Sorrow and safety reach as far as a wish: nobody rings there from another list.
        people.suppress(
            db,
            hmac=number.hmac,
            reason="asked" if decision.suppress == "number" else "staff",
            source=f"phonebank:{line.phonebank.id}",
            actor_id=line.call.caller_id,
        )
    if decision.suppress or decision.provisional:
        audit.append(
            db,
            "outcome that takes somebody off",
            subject=f"call:{line.call.id}",
            actor_id=line.call.caller_id,
            details=[str(line.call.result_code)],
        )
