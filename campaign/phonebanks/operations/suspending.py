"""Stopping somebody's calling altogether; what they still report waits for a lead's word."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from campaign.foundation.errors import Conflict, Refused
from campaign.people import operations as people
from campaign.people.models import Person
from campaign.phonebanks.models import Call, HeldReport, Phonebank
from campaign.phonebanks.operations.locking import free_hands
from campaign.phonebanks.operations.pausing import note_caller, profile_for
from campaign.phonebanks.operations.reporting import NEVER, Saved, record_outcome
from campaign.phonebanks.queries import board, callers
from campaign.phonebanks.rules.trust import Trust


def suspend(
    db: Session, *, phonebank: Phonebank, person: Person, actor_id: int, now: datetime
) -> bool:
    """Nobody is handed out, shown or told to them from their next request on, anywhere.

    Whoever they have in hand goes back. Answers whether they could call before; again is harmless.
    Refuses who leads here or runs the group: they could let themselves back in.
    """
    if person.id in board.managers(db, phonebank):
        raise Refused(f"{person.name} leads this phonebank or runs its group.")
    profile = profile_for(db, person.id)
    if profile.trust == Trust.SUSPENDED:
        return False
    profile.trust, profile.since = Trust.SUSPENDED, now
    free_hands(db, person.id, now=now)
    note_caller(db, phonebank, "caller suspended", person.id, actor_id)
    return True


def reinstate(
    db: Session, *, phonebank: Phonebank, person: Person, actor_id: int, now: datetime
) -> bool:
    """They may call again, as a newcomer; again is harmless. Refuses to let oneself back in."""
    if person.id == actor_id:
        raise Refused("Somebody else lets you call again: ask another lead.")
    profile = profile_for(db, person.id)
    if profile.trust != Trust.SUSPENDED:
        return False
    profile.trust, profile.since = Trust.NEW, now
    profile.paused_at, profile.paused_why, profile.paused_in = None, "", None
    note_caller(db, phonebank, "caller reinstated", person.id, actor_id)
    return True


def waits_for_a_lead(db: Session, caller_id: int, outcome: str) -> bool:
    """Whether a report is kept aside: of the suspended each but a wish not to be called."""
    return outcome != NEVER and callers.is_suspended(db, caller_id)


def keep_aside(db: Session, *, call: Call, now: datetime, said: dict[str, Any]) -> Saved:
    """Keep a report for a lead to look at; of several for one call the first stands.

    Refuses what could not be reported either. A wish not to be called never waits: it is for
    ``record_outcome``.
    """
    if said["outcome"] == NEVER:
        raise ValueError("a wish does not wait")
    if call.revealed_at is None or call.status == "released":
        raise Conflict("Nobody was rung here, so there is nothing to note.")
    if call.status == "reported":
        raise Conflict("This call was reported already. Nothing was changed.")
    if call.reversal_id is not None:
        raise Conflict("A lead has taken this call back. Nothing was changed.")
    at = said.get("callback_at")
    kept = {**said, "callback_at": at.isoformat() if at else None}
    people.insert_or_leave(
        db,
        HeldReport,
        call_id=call.id,
        phonebank_id=call.phonebank_id,
        caller_id=call.caller_id,
        at=now,
        said=kept,
        state="waiting",
    )
    return Saved(said["outcome"], now, late=True)


def decide(
    db: Session,
    *,
    report: HeldReport,
    phonebank: Phonebank,
    apply: bool,
    actor_id: int,
    now: datetime,
) -> None:
    """Let a report that waited count, as one that came late, or drop it. Each is decided once."""
    said, state = dict(report.said), "applied" if apply else "dropped"
    caller_id, call_id = report.caller_id, report.call_id
    decided = db.execute(
        update(HeldReport)
        .where(HeldReport.call_id == call_id, HeldReport.state == "waiting")
        .values(state=state, decided_at=now, decided_by=actor_id, said={})
        .execution_options(synchronize_session=False)
    )
    if decided.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("Somebody else has decided on this report. Nothing was changed.")
    if apply:
        at = said.pop("callback_at", None)
        promised = datetime.fromisoformat(at) if at else None
        call = db.get_one(Call, call_id)
        record_outcome(
            db,
            call=call,
            phonebank=phonebank,
            now=now,
            callback_at=promised if promised and promised > now else None,
            **said,
        )
    db.expire(report)
    note_caller(db, phonebank, f"held report {state}", caller_id, actor_id, f"call:{call_id}")
