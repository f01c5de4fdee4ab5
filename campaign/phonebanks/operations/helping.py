"""Asking for help and answering, the lead's line on everybody's screen, who sits with whom."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, Refused, SentTwice
from campaign.people.models import Person
from campaign.phonebanks.models import Broadcast, HelpRequest, Pairing, Phonebank
from campaign.phonebanks.queries import board, helping
from campaign.phonebanks.queries.board.present import Present
from campaign.phonebanks.rules.shift import (
    PartnerLine,
    best_partner,
    checked_help,
    checked_line,
)

# Of the id of a table's row only; what was said is nowhere in the log.
HELP, DOOR = "help", "door"


def ask_for_help(
    db: Session, *, phonebank: Phonebank, person_id: int, words: str, now: datetime
) -> HelpRequest:
    """A caller asks the leads for help, with the call they are in. Again only says it anew."""
    held = board.held_claim(db, person_id, now=now)
    in_call = held is not None and held.contact.phonebank_id == phonebank.id
    return _ask(
        db,
        phonebank=phonebank,
        person_id=person_id,
        kind=HELP,
        words=checked_help(words),
        call_id=held.call.id if held and in_call else None,
        now=now,
    )


def knock(
    db: Session, *, phonebank: Phonebank, event_id: int, person_id: int, now: datetime
) -> HelpRequest:
    """Somebody without a place asks to be let into a session. Again changes nothing."""
    return _ask(db, phonebank=phonebank, person_id=person_id, kind=DOOR, event_id=event_id, now=now)


def _ask(
    db: Session,
    *,
    phonebank: Phonebank,
    person_id: int,
    kind: str,
    now: datetime,
    words: str = "",
    event_id: int | None = None,
    call_id: int | None = None,
) -> HelpRequest:
    before = helping.open_request(db, phonebank.id, person_id)
    if before is not None and before.answered_at is None and before.kind == kind:
        before.words, before.call_id, before.event_id = words, call_id, event_id
        db.flush()
        return before
    if before is not None:
        _end(before, now)
        db.flush()
    made = HelpRequest(
        phonebank_id=phonebank.id,
        person_id=person_id,
        kind=kind,
        event_id=event_id,
        call_id=call_id,
        words=words,
        asked_at=now,
    )
    with refusing(db, {"uq_help_request_open": SentTwice}):
        db.add(made)
    return made


def answer(
    db: Session, *, phonebank: Phonebank, request: HelpRequest, actor_id: int, now: datetime
) -> None:
    """A lead comes: who asked reads so. Again changes nothing; Conflict where it is over."""
    if request.ended_at is not None:
        raise Conflict("They need nothing any more.")
    if request.answered_at is None:
        request.answered_at, request.answered_by = now, actor_id
        db.flush()
        _note(db, phonebank, "help answered", actor_id, [f"help:{request.id}"])


def settle(db: Session, *, request: HelpRequest, now: datetime) -> None:
    """It is over; what they wrote goes. Again changes nothing."""
    _end(request, now)
    db.flush()


def _end(request: HelpRequest, now: datetime) -> None:
    request.ended_at = request.ended_at or now
    request.words = ""


def put_up(
    db: Session, *, phonebank: Phonebank, words: str, actor_id: int, now: datetime
) -> Broadcast:
    """A line on the screen of everybody who calls, in place of the one before."""
    words = checked_line(words)
    take_down(db, phonebank=phonebank, actor_id=actor_id, now=now)
    made = Broadcast(phonebank_id=phonebank.id, words=words, made_at=now, made_by=actor_id)
    with refusing(db, {"uq_broadcast_up": _another_line}):
        db.add(made)
    _note(db, phonebank, "line put up", actor_id, [f"broadcast:{made.id}"])
    return made


def take_down(db: Session, *, phonebank: Phonebank, actor_id: int, now: datetime) -> None:
    """No line any more; again is harmless."""
    line = helping.line_of(db, phonebank.id)
    if line is not None:
        line.down_at = now
        db.flush()
        _note(db, phonebank, "line taken down", actor_id, [f"broadcast:{line.id}"])


def _another_line() -> Conflict:
    return Conflict("Another lead has just put up a line. Look at theirs first.", field="words")


def pair(
    db: Session, *, phonebank: Phonebank, newcomer: Person, actor_id: int, now: datetime
) -> Person:
    """Have somebody experienced sit with a newcomer for the shift; answers who.

    Refuses where nobody experienced is here. Again finds the next one.
    """
    lines = board.present(db, phonebank.id, now=now)
    wanted = proposed(newcomer.id, lines)
    if wanted is None:
        raise Refused("Nobody experienced is here yet. Sit with them yourself for the first call.")
    held = db.get(Pairing, (phonebank.id, newcomer.id))
    if held is None:
        held = Pairing(phonebank_id=phonebank.id, newcomer_id=newcomer.id, partner_id=wanted,
                       made_at=now)  # fmt: skip
        with refusing(db, {"pk_pairing": SentTwice}):
            db.add(held)
    held.partner_id, held.made_at = wanted, now
    db.flush()
    _note(db, phonebank, "newcomer paired", actor_id, [f"person:{newcomer.id}"])
    return db.get_one(Person, wanted)


def proposed(newcomer_id: int, lines: list[Present]) -> int | None:
    """Who of those present sits with a newcomer."""
    sits = [line.partner_id for line in lines if line.partner_id is not None]
    known = [
        PartnerLine(line.person_id, line.calls, line.is_new, sits.count(line.person_id))
        for line in lines
    ]
    return best_partner(newcomer_id, known)


def unpair(db: Session, *, phonebank: Phonebank, newcomer: Person) -> None:
    """They need nobody beside them any more; again is harmless."""
    db.execute(
        delete(Pairing).where(
            Pairing.phonebank_id == phonebank.id, Pairing.newcomer_id == newcomer.id
        )
    )


def forget_helping(db: Session, *, person_id: int) -> None:
    """Nothing of these stays of somebody who is erased."""
    db.execute(delete(HelpRequest).where(HelpRequest.person_id == person_id))
    mine = or_(Pairing.newcomer_id == person_id, Pairing.partner_id == person_id)
    db.execute(delete(Pairing).where(mine))
    db.execute(
        update(HelpRequest).where(HelpRequest.answered_by == person_id).values(answered_by=None)
    )
    db.execute(delete(Broadcast).where(Broadcast.made_by == person_id))


def _note(
    db: Session, phonebank: Phonebank, action: str, actor_id: int, details: list[str]
) -> None:
    subject = f"phonebank:{phonebank.id}"
    audit.append(db, action, subject=subject, actor_id=actor_id, details=details)
