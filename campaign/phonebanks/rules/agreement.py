"""What a caller promises before the first call: every version of it, since promises are kept."""

from __future__ import annotations

from dataclasses import dataclass

# What callers read now. Whoever promised an earlier version is asked again at the next call; the
# texts of earlier ones stay below, so that everybody can read what they said yes to.
AGREEMENT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: what of it is said loudest, and the rest. ``{movement}`` is our own name."""

    first: str
    rest: str = ""


TEXTS: dict[int, tuple[Promise, ...]] = {
    1: (
        Promise(
            "The person you ring sees your number.",
            "You do not hide it: people may know who rings them.",
        ),
        Promise(
            "",
            "I say my name and {movement} first, and I end the call when they want to.",
        ),
        Promise("", "Who says “never again” is taken off at once, with one tap."),
        Promise(
            "",
            "What people tell me stays here. I keep no number, no name and no note of my own.",
        ),
        Promise("", "I report what happened, as it happened."),
    ),
}


def promises(version: int, *, movement: str) -> list[Promise]:
    """The promises of a version as they are read; none where there is no such version."""
    return [
        Promise(one.first, one.rest.replace("{movement}", movement))
        for one in TEXTS.get(version, ())
    ]
