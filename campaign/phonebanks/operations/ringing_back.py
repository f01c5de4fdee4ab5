"""Somebody whom a caller rang rings back: a call of its own, which takes nobody from anybody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.errors import Conflict, Refused
from campaign.phonebanks import adapters
from campaign.phonebanks.models import Call, Phonebank
from campaign.phonebanks.operations.locking import lock_contact, lock_number
from campaign.phonebanks.operations.reporting import Saved, record_outcome
from campaign.phonebanks.queries import board
from campaign.phonebanks.rules.ringing_back import fitting


class OnScreen(Conflict):
    """The person is in the caller's own hands: their outcome belongs to that call."""

    def __init__(self) -> None:
        super().__init__("This person is on your screen now. Say there how it went.")


def log_ring_back(
    db: Session,
    *,
    earlier: Call,
    phonebank: Phonebank,
    outcome: str,
    now: datetime,
    client_uuid: str,
    answers: Mapping[str, str] | None = None,
    note: str = "",
    callback_at: datetime | None = None,
    language: str | None = None,
) -> Saved:
    """Note a call that came in from somebody the caller had rung, with all that its outcome does.

    It counts as no attempt. Whoever is in another caller's hands stays there, save for "never
    call" and "keep back". The same ``client_uuid`` again answers what was stored. Refuses
    (Refused) an outcome without anybody there, and (OnScreen) somebody on the caller's own
    screen.
    """
    chosen = adapters.outcomes()[outcome]
    if chosen not in fitting(adapters.outcomes()):
        raise Refused("Somebody rang: choose how that went.", field="outcome")
    lock_number(db, earlier.number_id)
    contact = lock_contact(db, earlier.contact_id)
    call = board.call_by_uuid(db, client_uuid)
    if call is None:
        on_screen = contact.state == "claimed" and contact.claimed_by == earlier.caller_id
        if on_screen and not chosen.is_objection:
            raise OnScreen
        call = _incoming(db, earlier, now)
    elif (call.caller_id, call.contact_id) != (earlier.caller_id, earlier.contact_id):
        raise Conflict("This report was sent for another call already. Reload the page.")
    return record_outcome(
        db,
        call=call,
        phonebank=phonebank,
        outcome=outcome,
        now=now,
        client_uuid=client_uuid,
        answers=answers,
        note=note,
        callback_at=callback_at,
        language=language,
    )


def _incoming(db: Session, earlier: Call, now: datetime) -> Call:
    call = Call(
        phonebank_id=earlier.phonebank_id,
        contact_id=earlier.contact_id,
        number_id=earlier.number_id,
        caller_id=earlier.caller_id,
        session_id=earlier.session_id,
        status="revealed",
        claimed_at=now,
        revealed_at=now,
        expires_at=now,
        inbound=True,
    )
    db.add(call)
    db.flush()
    audit.append(db, "call came in", subject=f"call:{call.id}", actor_id=call.caller_id)
    return call
