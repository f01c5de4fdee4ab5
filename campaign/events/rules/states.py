"""How far an event is: a draft, waiting for a yes, live by its link, listed, cancelled."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where an event stands. Full and past are worked out, never stored."""

    DRAFT = "draft"
    WAITING = "waiting"
    UNLISTED = "unlisted"
    LISTED = "listed"
    CANCELLED = "cancelled"


class Policy(StrEnum):
    """What becomes of an event once it is published, for the whole installation."""

    OPEN = "open"
    HYBRID = "hybrid"
    PRE_MODERATED = "pre-moderated"


# Only the event's team sees these: to everybody else there is no such event.
UNSEEN = (State.DRAFT.value, State.WAITING.value)
# What goes on and can be seen.
LIVE = (State.UNLISTED.value, State.LISTED.value)
# What somebody still has to look at.
TO_LOOK_AT = (State.WAITING.value, State.UNLISTED.value)


def first_state(policy: Policy, *, confirmed: bool, trusted: bool) -> State:
    """What an event is when it is published.

    Open: listed where its host's address is confirmed. Hybrid: listed where the host is trusted,
    otherwise live by its link. Pre-moderated: seen by nobody before somebody has looked.
    """
    if policy is Policy.PRE_MODERATED:
        return State.WAITING
    if confirmed and (trusted or policy is Policy.OPEN):
        return State.LISTED
    return State.UNLISTED
