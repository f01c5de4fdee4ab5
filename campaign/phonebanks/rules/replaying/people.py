"""Where somebody stands after it, and what is known of a number."""

from __future__ import annotations

from campaign.phonebanks.rules.before import Picture
from campaign.phonebanks.rules.outcomes import Decision, Outcomes


def learnt(number: str, decision: Decision) -> str:
    """What is known of a number after a report."""
    if decision.provisional:
        return "suspect"
    return decision.verdict if decision.verdict in ("disconnected", "ok") else number


def among_others(
    person: Picture, *, state: str, hold_reason: str | None, goal_met: bool, outcomes: Outcomes
) -> bool:
    """Fit somebody who was played into what others than callers have said of them since.

    ``state`` and ``hold_reason`` are as they are now. What somebody asked, or a list or a goal
    says, is never taken back; whoever is off the list stays as they are (False).
    """
    if state == "withdrawn" and not goal_met:
        return False
    if state == "suppressed":
        suppress(person)
    elif state == "held" and hold_reason not in outcomes:
        person.state, person.hold_reason = state, hold_reason
    elif goal_met and person.state in ("ready", "callback"):
        person.state = "withdrawn"
    return True


def suppress(person: Picture) -> None:
    """Nobody rings them any more, and nothing is promised."""
    person.state = "suppressed"
    person.not_before = person.promised_at = person.callback_owner_id = None
