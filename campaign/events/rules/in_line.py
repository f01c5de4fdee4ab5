"""What a page says of a place in line: the number, why it waits, what happens next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from campaign.events.rules.allocation import POLICY_WORDS, Policy, Turn, Why
from campaign.events.rules.offers import hand_over
from campaign.foundation.words import plural


@dataclass(frozen=True)
class Standing:
    """Where somebody is in line, in sentences."""

    number: int
    why: str
    next: str
    policy: str


def standing_of(
    turn: Turn | None, *, event: Any, before: int, party: int, now: datetime, mailed: bool = True
) -> Standing | None:
    """The sentences for somebody who waits; None for who does not."""
    if turn is None:
        return None
    return Standing(
        number=before + 1,
        why=why_words(turn.why, party=party, policy=Policy(event.line_policy)),
        next=next_words(starts_at=event.starts_at, now=now, mailed=mailed),
        policy=POLICY_WORDS[Policy(event.line_policy)],
    )


def words_of_line(event: Any, *, now: datetime, mailed: bool = True) -> dict[str, str]:
    """What the event's page says of its line."""
    return {
        "policy_words": POLICY_WORDS[Policy(event.line_policy)],
        "next_words": next_words(starts_at=event.starts_at, now=now, mailed=mailed),
    }


def why_words(why: Why, *, party: int, policy: Policy) -> str:
    """Why a party waits on although it may see free places; empty where all is taken."""
    if why is Why.TOO_MANY:
        passed = "Nobody passes you"
        if policy is Policy.BEST_FIT:
            passed = "Smaller groups may go before you"
        return (
            f"Some places are free, but not the {party} you need, and we do not split a group. "
            f"{passed}. With fewer guests you may move up now."
        )
    if why is Why.BEHIND:
        return (
            "Some places are free. They are kept for a larger group in front of you, because "
            "here places go strictly in order."
        )
    return ""


def next_words(*, starts_at: datetime, now: datetime, mailed: bool = True) -> str:
    """What happens when a place becomes free, by the time that is left.

    Who gave no address is not ``mailed``: they look at their link.
    """
    how = hand_over(starts_at=starts_at, now=now)
    if how is None:
        return "The doors are open: a place that becomes free now goes to whoever is there."
    if how.until is None:
        told = "and we mail you" if mailed else "and your link says so"
        return f"When a place becomes free it is yours, {told}."
    hours = max(1, round((how.until - now).total_seconds() / 3600))
    if not mailed:
        return (
            f"When a place becomes free we hold it for you for about {plural(hours, 'hour')}. "
            "No mail comes, so look at your link now and then, and say yes there."
        )
    return (
        f"When a place becomes free we hold it for you and mail you: you have about "
        f"{plural(hours, 'hour')} to say yes."
    )
