"""Where a case stands, and where it may go from there."""

from __future__ import annotations

from enum import StrEnum

from campaign.foundation.errors import Conflict


class CaseState(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    ASSESSING = "assessing"
    INTERIM = "interim"
    DECIDED = "decided"
    APPEAL = "appeal"
    CLOSED = "closed"


S = CaseState
_NEXT: dict[CaseState, frozenset[CaseState]] = {
    S.RECEIVED: frozenset({S.ASSESSING, S.INTERIM, S.DECIDED}),
    S.ASSESSING: frozenset({S.ASSESSING, S.INTERIM, S.DECIDED}),
    S.INTERIM: frozenset({S.INTERIM, S.ASSESSING, S.DECIDED}),
    S.DECIDED: frozenset({S.APPEAL, S.CLOSED}),
    S.APPEAL: frozenset({S.DECIDED, S.INTERIM}),
    S.CLOSED: frozenset({S.APPEAL}),
}
OPEN = (S.RECEIVED.value, S.ASSESSING.value, S.INTERIM.value, S.APPEAL.value)

# What the one who reported reads.
TOLD: dict[CaseState, tuple[str, str]] = {
    S.RECEIVED: ("Received", "It is with those who look after it. Nobody has opened it yet."),
    S.ASSESSING: ("Being looked at", "Somebody is finding out what happened."),
    S.INTERIM: ("First steps taken", "Something was done at once, while we find out more."),
    S.DECIDED: ("Decided", "We have decided. What we say to you stands below."),
    S.APPEAL: ("Looked at again", "Somebody asked for a second look, and gets one."),
    S.CLOSED: ("Closed", "We have decided, and the time to ask for a second look is over."),
}


class WrongStep(Conflict):
    """The case is somewhere else by now."""

    def __init__(self, state: CaseState) -> None:
        super().__init__(
            f"This case is {TOLD[state][0].lower()} by now, so that cannot be done any more. "
            "Open it again to see how it stands."
        )


def check_step(before: str, after: CaseState) -> None:
    """Refuse a step that a case cannot take from where it stands (WrongStep)."""
    if after not in _NEXT[CaseState(before)]:
        raise WrongStep(CaseState(before))
