"""A caller takes back the report they have just sent: the same call is open again."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.foundation.database import refusing
from campaign.foundation.errors import Conflict, DomainError
from campaign.people.models import PhoneNumber
from campaign.phonebanks.models import Call, Contact, Phonebank
from campaign.phonebanks.operations import enrolling
from campaign.phonebanks.operations.dispensing import (
    CALLER_INDEX,
    HOUSEHOLD_INDEX,
    NUMBER_INDEX,
    Claim,
)
from campaign.phonebanks.operations.locking import (
    end_claim,
    lock_attempt,
    lock_contacts,
    lock_numbers,
)
from campaign.phonebanks.operations.reversing import wishes
from campaign.phonebanks.operations.taking_out import take_out
from campaign.phonebanks.queries import holding, undoing
from campaign.phonebanks.rules.claims import kept_until, not_open

# What became of the next person whom the undone report had brought: given back, unseen.
UNDONE = "undo"


def undo(db: Session, *, call: Call, phonebank: Phonebank, report: str, now: datetime) -> Claim:
    """Open the call of a report again: the caller holds that person once more, number and all.

    ``report`` is the report's own key, so that the same press again, or one that comes late, takes
    nothing else back. Whoever the caller has in hand since is given back untouched. Refuses
    (Conflict) a wish not to be called and its like, what is too long ago, somebody whom another
    caller has or rang since, and a caller with the next number on their screen.
    """
    # An event comes before the numbers: see ``enrolling``.
    events = enrolling.take_back(db, [call])
    held = holding.held_by(db, call.caller_id)
    in_hand = (held.number_id,) if held else ()
    lock_numbers(db, {call.number_id, *in_hand})
    lock_contacts(db, {call.contact_id, *((held.id,) if held else ())})
    line = lock_attempt(db, call, phonebank, now)
    if line.is_live and report in undone_of(line.call):
        return Claim(line.call, line.contact, line.number)
    sent = _sent(line.call) | {"events": events}
    if not undoing.is_open(db, line.call, report, never=wishes(), now=now):
        raise Conflict("This report can no longer be taken back. Nothing was changed.")
    _refuse_over(phonebank, now)
    _give_back(db, line.call, held, now)
    (contact,) = take_out(db, [line.call], **_open_again(line.call, report, sent))
    _hold(db, contact, line.call, phonebank, now)
    audit.append(
        db,
        "report taken back by its caller",
        subject=f"call:{line.call.id}",
        actor_id=line.call.caller_id,
        details=[str(sent["outcome"])],
    )
    return Claim(line.call, contact, db.get_one(PhoneNumber, line.call.number_id))


def undone_of(call: Call) -> list[str]:
    """The reports of a call that its caller took back, by their keys."""
    return list((call.said or {}).get("undone", ()))


def _sent(call: Call) -> dict[str, Any]:
    """What was reported, so that it stands in the form once more."""
    return {"outcome": call.result_code, "note": call.note, "answers": call.answers}


def _open_again(call: Call, report: str, sent: dict[str, Any]) -> dict[str, Any]:
    # A report without a key of its own has that of its call, and so has the next one.
    own = str(uuid.uuid5(uuid.NAMESPACE_OID, call.public_id))
    return {
        "status": "revealed",
        "result_code": None,
        "reached": False,
        "reported_at": None,
        "ended_at": None,
        "client_uuid": None,
        "attempted_at": call.dialled_at or call.revealed_at,
        "note": "",
        "answers": {},
        "script_number": None,
        "spoken_to": None,
        "before": None,
        "said": {"undone": [report] if report != own else [], "sent": sent},
    }


def _refuse_over(phonebank: Phonebank, now: datetime) -> None:
    shut = not_open(
        phonebank.status, opens_at=phonebank.opens_at, closes_at=phonebank.closes_at, now=now
    )
    if shut is not None:
        raise Conflict("Nobody is called here just now, so the report stays as it is.")


def _give_back(db: Session, call: Call, held: Contact | None, now: datetime) -> None:
    """Whoever the report had brought goes back as they were; nobody saw their number."""
    again = holding.held_by(db, call.caller_id)
    if (again.id if again else None) != (held.id if held else None):
        raise Conflict("Somebody was handed to you just now. Try once more.")
    if held is None:
        return
    following = db.get(Call, held.claim_call_id)
    if following is not None and following.revealed_at is not None:
        raise Conflict("You have the next number on your screen: say how that call went first.")
    if following is not None:
        following.skip_reason = UNDONE
    bank = db.get_one(Phonebank, held.phonebank_id)
    end_claim(db, contact=held, phonebank=bank, now=now, status="released")


def _hold(db: Session, contact: Contact, call: Call, phonebank: Phonebank, now: datetime) -> None:
    if contact.state not in ("ready", "callback"):
        raise Conflict("Nobody needs to ring this person any more. The report stays as it is.")
    life = timedelta(seconds=phonebank.claim_seconds)
    names = (CALLER_INDEX, NUMBER_INDEX, HOUSEHOLD_INDEX)
    taken: dict[str, Callable[[], DomainError]] = dict.fromkeys(names, _taken)
    with refusing(db, taken):
        call.expires_at = kept_until(now, life, closes_at=phonebank.closes_at)
        contact.state, contact.claimed_by = "claimed", call.caller_id
        contact.claimed_until, contact.claim_call_id = call.expires_at, call.id
        contact.version += 1


def _taken() -> Conflict:
    return Conflict("Somebody is in a call with them, or with their home. Nothing was changed.")


def can_be_undone(code: str) -> bool:
    """Whether an outcome may be taken back by who reported it: a wish never is."""
    return code not in wishes()
