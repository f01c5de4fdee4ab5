"""What a report writes down, as plain values: of the call, and of the person it was with."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

from campaign.phonebanks.rules.outcomes import Decision, Outcome


class Rung(Protocol):
    """A call as it was before its report."""

    @property
    def caller_id(self) -> int: ...
    @property
    def revealed_at(self) -> datetime | None: ...
    @property
    def attempted_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def inbound(self) -> bool: ...


class Waiting(Protocol):
    """Somebody on a list as they were before the report."""

    @property
    def attempts(self) -> int: ...
    @property
    def voicemails(self) -> int: ...
    @property
    def busy_day(self) -> date | None: ...
    @property
    def busy_count(self) -> int: ...
    @property
    def note(self) -> str: ...
    @property
    def reached_at(self) -> datetime | None: ...


def of_the_call(
    call: Rung, outcome: Outcome, decision: Decision, *, key: str, now: datetime, late: bool
) -> dict[str, Any]:
    """What the call says after its report."""
    # A failed or engaged line rang nobody: it rests for no cap.
    rang = (decision.counts_attempt or outcome.attempt) and not call.inbound
    return {
        "client_uuid": key,
        "result_code": outcome.code,
        "reached": decision.reached,
        "status": "reported",
        "reported_at": now,
        "late": late,
        "ended_at": call.ended_at or now,
        "attempted_at": (call.attempted_at or call.revealed_at or now) if rang else None,
    }


def of_the_contact(
    contact: Waiting,
    call: Rung,
    outcome: Outcome,
    decision: Decision,
    *,
    note: str,
    now: datetime,
    anyone: bool,
    counted: bool,
) -> dict[str, Any]:
    """Where somebody stands after a report of a call with them.

    ``counted`` says that the call was counted as an attempt before, when its claim ran out;
    ``anyone`` that whoever is there may keep the promise to call again.
    """
    promised = decision.state == "callback"
    return {
        "state": decision.state,
        "attempts": contact.attempts + (decision.counts_attempt and not counted),
        "voicemails": contact.voicemails + decision.counts_voicemail,
        **_busy(contact, outcome, now.date()),
        "last_result": outcome.code,
        "last_call_at": now,
        "reached_at": now if decision.reached else contact.reached_at,
        "hold_reason": decision.hold_reason,
        "note": note or contact.note,
        "not_before": decision.not_before,
        "promised_at": decision.not_before if promised else None,
        "callback_owner_id": call.caller_id if promised and not anyone else None,
    }


def _busy(contact: Waiting, outcome: Outcome, today: date) -> dict[str, Any]:
    if not outcome.most_a_day:
        return {"busy_day": contact.busy_day, "busy_count": contact.busy_count}
    before = contact.busy_count if contact.busy_day == today else 0
    return {"busy_day": today, "busy_count": before + 1}
