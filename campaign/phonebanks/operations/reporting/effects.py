"""What a report changes: the person on the list, and what is known of their number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from campaign.foundation import audit
from campaign.people import operations as people
from campaign.phonebanks.models import Call, Contact
from campaign.phonebanks.operations.locking import (
    Attempt,
    end_claim,
    note_attempts,
    release_contact,
)
from campaign.phonebanks.rules.outcomes import Decision, Outcome
from campaign.phonebanks.rules.replaying import FINAL
from campaign.phonebanks.rules.settling import of_the_contact


def set_values(row: Call | Contact, values: Mapping[str, Any]) -> None:
    """Write values onto a row by their names."""
    for name, value in values.items():
        setattr(row, name, value)


def settle(
    db: Session, line: Attempt, decision: Decision, chosen: Outcome, *, anyone: bool
) -> None:
    """Move the contact on. A late report does not take somebody from another caller's hands."""
    contact = line.contact
    free = contact.state in ("ready", "callback", "exhausted")
    if not line.holds and not free and decision.state not in FINAL:
        return
    if contact.state in ("suppressed", "withdrawn"):
        return
    if contact.number_id != line.call.number_id and chosen.next == "next_number":
        # A list has brought them another number since: nothing was learnt of that one.
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
    set_values(line.contact, values)
    release_contact(line.contact, state=decision.state)


def learn(db: Session, line: Attempt, decision: Decision) -> None:
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
