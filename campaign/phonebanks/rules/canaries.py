"""Our own numbers on a list, whose outcome we know: whoever did not ring them notes another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

# Once in so many claims of a phonebank; so many numbers of ours are enough for any.
ONCE_IN = 75
MOST = 20
# Why a call to one of ours ended: it is no report, so that it counts nowhere.
ENDED = "canary"


@dataclass(frozen=True, slots=True)
class Kind:
    """What happens on a telephone of ours, and the outcomes that say so."""

    code: str
    label: str
    right: frozenset[str]


KINDS = {
    kind.code: kind
    for kind in (
        Kind(
            "nobody",
            "It rings, and nobody or a mailbox answers",
            frozenset({"no_answer", "voicemail_none", "voicemail_left", "busy"}),
        ),
        Kind(
            "answers",
            "I answer and talk",
            frozenset(
                {"talked", "talked_partial", "call_later", "refused_soft", "already_done",
                 "other_person", "language"}
            ),
        ),
        Kind("dead", "The number does not work", frozenset({"dead_number"})),
    )
}  # fmt: skip
# The line of the caller may fail, whatever the number is.
ALWAYS_RIGHT = frozenset({"tech"})


def is_right(kind: str, code: str) -> bool:
    """Whether an outcome can be what happened on a number of this kind."""
    return code in ALWAYS_RIGHT or (kind in KINDS and code in KINDS[kind].right)


def how_many(claims: int, *, dice: Callable[[int], int]) -> int:
    """How many of ours to hand out among so many claims: one in seventy-five, by the dice."""
    whole, rest = divmod(max(claims, 0), ONCE_IN)
    return whole + (dice(ONCE_IN) < rest)
